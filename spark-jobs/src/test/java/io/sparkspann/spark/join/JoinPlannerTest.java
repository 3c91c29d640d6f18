package io.sparkspann.spark.join;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkspann.cluster.ShardTree;
import io.sparkspann.distance.Metric;
import io.sparkspann.distance.VectorSpace;
import io.sparkspann.search.ProbePolicy;
import io.sparkspann.vector.ElementType;
import org.junit.jupiter.api.Test;

class JoinPlannerTest {
    private static final VectorSpace SPACE = new VectorSpace(Metric.L2, ElementType.UINT8, 128, 1f);
    private static final long HEADS = 50_000;
    private static final long ID_BYTES = 8_000_000;
    private static final long ALL = HEADS * ShardTree.bytesOfHead(SPACE) + ID_BYTES;

    private static JoinPlanner planner(int shards, int k, JoinMemory memory) {
        return new JoinPlanner(
                new JoinPlanner.Indexed(shards, HEADS, ID_BYTES, SPACE),
                ProbePolicy.fixed(32, Double.POSITIVE_INFINITY),
                Selection.of(k),
                memory,
                1);
    }

    @Test
    void heads_and_ids_must_fit_for_one_step() {
        JoinPlanner fits = planner(4, 10, new JoinMemory(1 << 28, ALL));
        JoinPlanner tight = planner(4, 10, new JoinMemory(1 << 28, ALL - 1));
        assertThat(fits.plan(100_000, Long.BYTES, 2).direct()).isTrue();
        assertThat(fits.treeBytes()).isEqualTo(ALL - ID_BYTES);
        assertThat(tight.plan(100_000, Long.BYTES, 2).direct()).isFalse();
        assertThat(tight.treeBytes()).isEqualTo(ALL - 1);
    }

    /** Each of many parts would read the postings of all shards for a few queries. */
    @Test
    void few_queries_of_many_shards_are_searched_for_apart() {
        JoinPlanner planner = planner(64, 10, new JoinMemory(1 << 28, ALL));
        assertThat(planner.plan(100, Long.BYTES, 2).direct()).isTrue();
        assertThat(planner.plan(100_000, Long.BYTES, 2).direct()).isFalse();
        assertThat(planner.plan(10_000_000, Long.BYTES, 2).direct()).isTrue();
    }

    @Test
    void many_queries_are_divided_so_that_a_crowd_keeps_all_cores_busy() {
        JoinPlanner planner = planner(4, 10, new JoinMemory(1 << 28, ALL));
        assertThat(planner.plan(100_000, Long.BYTES, 4).parts()).isEqualTo(4);
        assertThat(planner.plan(100_000_000, Long.BYTES, 64).parts())
                .isGreaterThanOrEqualTo(4 * 64);
    }

    @Test
    void a_chunk_fits_the_memory_of_a_task() {
        for (int k : new int[] {1, 10, 1000, 10_000}) {
            int chunk =
                    planner(4, k, new JoinMemory(1 << 28, ALL))
                            .plan(1_000_000, Long.BYTES, 2)
                            .chunkQueries();
            long lists = 2L * Long.BYTES * k;
            long rows = 2L * (128 + Float.BYTES * 128);
            assertThat(chunk * (lists + rows)).isLessThan(1 << 28);
            assertThat(chunk).isGreaterThan(500);
        }
    }
}
