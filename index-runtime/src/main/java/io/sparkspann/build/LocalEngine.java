package io.sparkspann.build;

import io.sparkspann.error.InvalidInputException;
import io.sparkspann.vector.IdBlock;
import io.sparkspann.vector.IdType;
import io.sparkspann.vector.VectorBatch;
import io.sparkspann.vector.VectorBlock;
import io.sparkspann.vector.VectorCheck;
import io.sparkspann.vector.VectorDomain;
import io.sparkspann.vector.file.VectorFile;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Runs the stages on threads of this process, over a vector file whose row numbers are the ids. */
public final class LocalEngine implements BuildEngine {
    private static final long SPLIT_BYTES = 32L << 20;
    private static final int BATCH_BYTES = 1 << 20;

    private final VectorFile file;
    private final String name;
    private final boolean skipBadRows;
    private final VectorDomain domain;
    private final int threads;
    private final int splitRows;
    private String state = "";

    /**
     * @param name of the file, for messages and to recognise it when a build is resumed
     * @param skipBadRows whether rows that cannot be used are counted and left out; else they are
     *     an error
     * @param domain whether a vector of zeros is such a row
     * @param threads tasks at a time, 1 or more; each needs memory for a shard
     */
    public LocalEngine(
            VectorFile file, String name, boolean skipBadRows, VectorDomain domain, int threads) {
        this.file = file;
        this.name = name;
        this.skipBadRows = skipBadRows;
        this.domain = domain;
        this.threads = threads;
        long rowBytes = (long) file.dimensions() * file.elementType().bytes();
        this.splitRows = (int) Math.max(1, Math.min(Integer.MAX_VALUE / 2, SPLIT_BYTES / rowBytes));
    }

    @Override
    public boolean skipsBadRows() {
        return skipBadRows;
    }

    @Override
    public long taskHeapBytes() {
        return Runtime.getRuntime().maxMemory() / threads;
    }

    /** Says what else but its name tells the file from others, such as its time. */
    public LocalEngine withState(String value) {
        state = ", " + value;
        return this;
    }

    @Override
    public TableShape table() {
        String fingerprint = name + state + (skipBadRows ? ", bad rows skipped" : "");
        return new TableShape(
                file.elementType(), file.dimensions(), IdType.LONG, true, file.size(), fingerprint);
    }

    @Override
    public <R extends Serializable> List<R> mapInput(String stage, InputTask<R> task) {
        int splits = Math.toIntExact((file.size() + splitRows - 1) / splitRows);
        return run(
                stage,
                splits,
                split -> {
                    long from = (long) split * splitRows;
                    return task.run(
                            split, new Batches(from, Math.min(file.size(), from + splitRows)));
                });
    }

    @Override
    public <R extends Serializable> List<R> run(String stage, int tasks, IndexedTask<R> task) {
        ExecutorService pool = Executors.newFixedThreadPool(Math.max(1, Math.min(threads, tasks)));
        try {
            List<Callable<R>> calls = new ArrayList<>();
            for (int i = 0; i < tasks; i++) {
                int index = i;
                calls.add(() -> task.run(index));
            }
            return collect(stage, submit(pool, calls));
        } finally {
            stop(pool);
        }
    }

    /** After a failure no task may go on writing where the build is about to clean up. */
    private static void stop(ExecutorService pool) {
        pool.shutdownNow();
        try {
            pool.awaitTermination(1, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static <R> List<Future<R>> submit(ExecutorService pool, List<Callable<R>> calls) {
        List<Future<R>> futures = new ArrayList<>();
        for (Callable<R> call : calls) {
            futures.add(pool.submit(call));
        }
        return futures;
    }

    private static <R> List<R> collect(String stage, List<Future<R>> futures) {
        List<R> results = new ArrayList<>();
        for (Future<R> future : futures) {
            try {
                results.add(future.get());
            } catch (ExecutionException e) {
                if (e.getCause() instanceof RuntimeException cause) {
                    throw cause;
                }
                if (e.getCause() instanceof Error cause) {
                    throw cause;
                }
                throw new IllegalStateException("Stage " + stage + " failed", e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CancellationException("Stage " + stage + " was interrupted");
            }
        }
        return results;
    }

    /** Reads a range of rows in batches of about a megabyte. */
    private final class Batches implements Iterator<VectorBatch> {
        private final int batchRows =
                Math.max(
                        1,
                        Math.min(
                                8192,
                                BATCH_BYTES / (file.dimensions() * file.elementType().bytes())));
        private final long end;
        private long next;

        Batches(long from, long to) {
            this.next = from;
            this.end = to;
        }

        @Override
        public boolean hasNext() {
            return next < end;
        }

        @Override
        public VectorBatch next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            int count = (int) Math.min(batchRows, end - next);
            VectorBatch batch = batch(next, file.read(next, count));
            next += count;
            return batch;
        }

        private VectorBatch batch(long firstRow, VectorBlock vectors) {
            int[] rows = new int[vectors.size()];
            int good = 0;
            for (int i = 0; i < vectors.size(); i++) {
                String problem = VectorCheck.problem(vectors, i, domain);
                if (problem == null) {
                    rows[good++] = i;
                } else if (!skipBadRows) {
                    throw new InvalidInputException(
                            name
                                    + ": row "
                                    + (firstRow + i)
                                    + " cannot be used: "
                                    + problem
                                    + "; correct it or use --on-bad-row skip");
                }
            }
            long[] ids = new long[good];
            for (int i = 0; i < good; i++) {
                ids[i] = firstRow + rows[i];
            }
            VectorBlock usable =
                    good == vectors.size() ? vectors : vectors.gather(Arrays.copyOf(rows, good));
            return new VectorBatch(
                    IdBlock.ofNumbers(IdType.LONG, ids),
                    usable,
                    name,
                    firstRow,
                    vectors.size() - good);
        }
    }
}
