package io.sparkspann.build;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkspann.distance.Metric;
import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.IdType;
import org.junit.jupiter.api.Test;

class ShardSizesTest {
    private static final BuildOptions OPTIONS = BuildOptions.of(Metric.L2);

    private static TableShape table(int dimensions, long rows) {
        return new TableShape(ElementType.UINT8, dimensions, IdType.LONG, true, rows, "table");
    }

    @Test
    void by_vectors_where_they_are_small_else_by_bytes() {
        long rows = 100_000_000;
        assertThat(ShardSizes.of(OPTIONS, table(16, rows), rows))
                .isEqualTo(new ShardSizes(382, 1 << 18, 5000));
        assertThat(ShardSizes.of(OPTIONS, table(1024, rows), rows))
                .isEqualTo(new ShardSizes(3052, 1 << 15, 8 * 3052));
    }

    @Test
    void a_given_number_of_shards_says_how_large_they_are() {
        assertThat(ShardSizes.of(OPTIONS.withShards(10), table(16, 1_000_000), 1_000_000))
                .isEqualTo(new ShardSizes(10, 100_000, 80));
    }

    @Test
    void leaves_of_small_tables_are_not_divided() {
        assertThat(ShardSizes.of(OPTIONS.withShards(10), table(16, 1000), 1000))
                .isEqualTo(new ShardSizes(10, 256, 31));
        assertThat(ShardSizes.of(OPTIONS, table(16, 1), 1).leaves()).isEqualTo(1);
    }
}
