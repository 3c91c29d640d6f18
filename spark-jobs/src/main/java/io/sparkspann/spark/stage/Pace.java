package io.sparkspann.spark.stage;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * How fast the tasks of a stage end, and so how long the others will take. Tasks are taken to be
 * alike, and as many to run at a time as ever did. Not thread-safe; times in milliseconds.
 */
final class Pace {
    private final int tasks;
    private final BitSet done = new BitSet();
    private final Map<Long, Long> running = new HashMap<>();
    private long doneMillis;
    private int slots = 1;

    Pace(int tasks) {
        this.tasks = tasks;
    }

    /**
     * @param id of the attempt
     */
    void started(long id, long atMillis) {
        running.put(id, atMillis);
        slots = Math.max(slots, running.size());
    }

    /**
     * @param task number of the task in its stage; a second success of it does not count
     */
    void succeeded(long id, int task, long tookMillis) {
        running.remove(id);
        if (!done.get(task)) {
            done.set(task);
            doneMillis += tookMillis;
        }
    }

    void failed(long id) {
        running.remove(id);
    }

    int tasks() {
        return tasks;
    }

    int done() {
        return done.cardinality();
    }

    /** Time until the last task ends; unknown before the first has. */
    OptionalLong leftMillis(long nowMillis) {
        int left = tasks - done();
        if (done() == 0 || left <= 0) {
            return left <= 0 ? OptionalLong.of(0) : OptionalLong.empty();
        }
        double mean = (double) doneMillis / done();
        double work = left * mean;
        // A task that waits takes its whole time, whatever the others still need.
        double longest = left > running.size() ? mean : 0;
        for (long start : running.values()) {
            double rest = Math.max(0, mean - Math.max(0, nowMillis - start));
            work -= mean - rest;
            longest = Math.max(longest, rest);
        }
        double shared = Math.max(0, work) / Math.min(slots, left);
        return OptionalLong.of(Math.round(Math.max(shared, longest)));
    }
}
