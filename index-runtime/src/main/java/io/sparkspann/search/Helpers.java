package io.sparkspann.search;

import java.io.Closeable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;

/**
 * Threads that help a caller with the parts of a job, such as reads or chunks of queries: they are
 * taken one by one by the calling thread and by as many helpers as are free. Every helper that
 * finds work calls two more before it begins, so that a search wakes few threads itself, and none
 * if its work is done before they come. Daemon threads, started when needed, ended when idle.
 * Thread-safe.
 */
final class Helpers implements Closeable {
    private static final int CALLED_BY_EACH = 2;
    private static final int IDLE_SECONDS = 10;

    private final int threads;
    private final ThreadPoolExecutor pool;

    /**
     * @param threads most helpers, 0 or more
     */
    Helpers(int threads) {
        this.threads = threads;
        AtomicInteger count = new AtomicInteger();
        this.pool =
                new ThreadPoolExecutor(
                        Math.max(1, threads),
                        Math.max(1, threads),
                        IDLE_SECONDS,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        work -> {
                            Thread thread =
                                    new Thread(work, "spann-helper-" + count.incrementAndGet());
                            thread.setDaemon(true);
                            return thread;
                        });
        pool.allowCoreThreadTimeOut(true);
    }

    /**
     * Runs all parts; on return none is running. The first failure is thrown, and spares the parts
     * that were not begun.
     *
     * @param parts number of parts
     * @param part runs a part, on any thread
     */
    void run(int parts, IntConsumer part) {
        Job job = new Job(parts, part);
        if (threads > 0 && parts > 1) {
            job.callHelpers();
        }
        job.work();
        job.await();
    }

    private final class Job implements Runnable {
        private final int parts;
        private final IntConsumer part;
        private final AtomicInteger next = new AtomicInteger();
        private final AtomicInteger called = new AtomicInteger();
        private final CountDownLatch open;
        private final AtomicReference<Throwable> failure = new AtomicReference<>();

        Job(int parts, IntConsumer part) {
            this.parts = parts;
            this.part = part;
            this.open = new CountDownLatch(parts);
        }

        /** A helper. */
        @Override
        public void run() {
            callHelpers();
            work();
        }

        void callHelpers() {
            for (int i = 0; i < CALLED_BY_EACH; i++) {
                boolean wanted =
                        next.get() < parts - 1
                                && called.getAndIncrement() < Math.min(threads, parts - 1);
                if (!wanted) {
                    return;
                }
                try {
                    pool.execute(this);
                } catch (RejectedExecutionException e) {
                    // The index is being closed: whoever searches on reads alone.
                    return;
                }
            }
        }

        void work() {
            for (int p = next.getAndIncrement(); p < parts; p = next.getAndIncrement()) {
                try {
                    if (failure.get() == null) {
                        part.accept(p);
                    }
                } catch (RuntimeException | Error e) {
                    failure.compareAndSet(null, e);
                } finally {
                    open.countDown();
                }
            }
        }

        /** Not left early, for helpers still write to the buffers of the caller. */
        void await() {
            boolean interrupted = false;
            while (open.getCount() > 0) {
                try {
                    open.await();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            Throwable thrown = failure.get();
            if (thrown instanceof Error error) {
                throw error;
            }
            if (thrown != null) {
                throw (RuntimeException) thrown;
            }
        }
    }

    @Override
    public void close() {
        pool.shutdown();
    }
}
