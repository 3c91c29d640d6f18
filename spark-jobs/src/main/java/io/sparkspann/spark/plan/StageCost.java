package io.sparkspann.spark.plan;

import java.util.ArrayList;
import java.util.List;

/**
 * What a stage costs all tasks together.
 *
 * @param name as Spark shows it
 * @param tasks number of tasks
 * @param work units of work, which take processor time
 * @param bytes what is moved
 * @param taskMemory bytes that a task needs at most
 * @param spread the largest task in means
 */
public record StageCost(
        String name, int tasks, List<Work> work, Bytes bytes, double taskMemory, double spread) {
    public StageCost {
        work = List.copyOf(work);
    }

    /**
     * Units of work.
     *
     * @param rate name of the rate of {@link Measurements} that a unit takes
     */
    public record Work(String rate, double units) {}

    /**
     * Bytes that all tasks move.
     *
     * @param read from the storage
     * @param written to the storage, staging files included
     * @param shuffled through Spark's shuffle, written and read again
     * @param opened files opened
     */
    public record Bytes(double read, double written, double shuffled, double opened) {
        static final Bytes NONE = new Bytes(0, 0, 0, 0);

        Bytes plus(Bytes other) {
            return new Bytes(
                    read + other.read,
                    written + other.written,
                    shuffled + other.shuffled,
                    opened + other.opened);
        }
    }

    static Builder of(String name, double tasks) {
        return new Builder(name, (int) Math.max(1, Math.min(Integer.MAX_VALUE, tasks)));
    }

    /** Puts a stage together. */
    static final class Builder {
        private final String name;
        private final int tasks;
        private final List<Work> work = new ArrayList<>();
        private Bytes bytes = Bytes.NONE;
        private double memory;
        private double spread = 1;

        private Builder(String name, int tasks) {
            this.name = name;
            this.tasks = tasks;
        }

        Builder work(String rate, double units) {
            work.add(new Work(rate, units));
            return this;
        }

        Builder reads(double read, double opened) {
            bytes = bytes.plus(new Bytes(read, 0, 0, opened));
            return this;
        }

        Builder writes(double written) {
            bytes = bytes.plus(new Bytes(0, written, 0, 0));
            return this;
        }

        Builder shuffles(double shuffled) {
            bytes = bytes.plus(new Bytes(0, 0, shuffled, 0));
            return this;
        }

        Builder memory(double taskBytes) {
            memory = taskBytes;
            return this;
        }

        Builder spread(double largest) {
            spread = largest;
            return this;
        }

        StageCost build() {
            return new StageCost(name, tasks, work, bytes, memory, spread);
        }
    }

    /** Processor time of the work of all tasks, in seconds, without warming up. */
    public double cpuSeconds(Measurements measured, int dimensions) {
        return work.stream()
                .mapToDouble(
                        each -> each.units() * measured.rate(each.rate()).nanos(dimensions) / 1e9)
                .sum();
    }
}
