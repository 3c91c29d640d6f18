package io.sparkspann.spark.plan;

import io.sparkspann.build.BuildOptions;
import io.sparkspann.error.InvalidInputException;
import java.util.ArrayList;
import java.util.List;

/** What to do where memory does not suffice. */
final class MemoryAdvice {
    private static final double GIB = 1L << 30;

    private MemoryAdvice() {}

    /** Ways out, each of which does alone; empty if the memory suffices. */
    static List<String> of(Plan plan, MemoryNeed need) {
        List<String> ways = new ArrayList<>();
        if (need.suffices()) {
            return ways;
        }
        if (need.fitting() >= 1) {
            ways.add("--cores " + need.fitting() + " in executors of this memory");
        }
        ways.add("--memory " + gibibytes(need.executorBytes()) + "g");
        int shards = shards(plan);
        if (shards > 0) {
            ways.add("--shards " + shards + ", so that each is smaller");
        }
        return ways;
    }

    private static long gibibytes(double bytes) {
        return (long) Math.ceil(bytes / GIB);
    }

    /** The fewest shards, by doubling, with which the build fits; 0 if none do. */
    private static int shards(Plan plan) {
        IndexModel index = plan.index();
        BuildOptions options = index.outline().options();
        for (long shards = 2L * index.shards();
                shards <= Math.min(BuildOptions.MAX_SHARDS, index.vectors() / 256);
                shards *= 2) {
            try {
                IndexModel smaller =
                        new IndexModel(
                                index.outline().table().rows(),
                                index.dimensions(),
                                index.space().type(),
                                options.withShards((int) shards),
                                plan.measured());
                if (Plan.of(smaller, plan.cluster(), null, plan.measured())
                        .build()
                        .memory()
                        .suffices()) {
                    return (int) shards;
                }
            } catch (InvalidInputException e) {
                // So many shards are no way out.
                return 0;
            }
        }
        return 0;
    }
}
