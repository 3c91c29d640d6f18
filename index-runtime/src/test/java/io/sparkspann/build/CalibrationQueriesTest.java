package io.sparkspann.build;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkspann.vector.VectorBlock;
import org.junit.jupiter.api.Test;

class CalibrationQueriesTest {
    @Test
    void of_queries_that_equal_many_others_the_first_few_stay() {
        float[] components = new float[100];
        for (int row = 0; row < 100; row += 10) {
            components[row] = 1 + row;
        }
        VectorBlock vectors = VectorBlock.ofFloats(1, components);
        int[] rows = CalibrationStage.withoutCrowd(vectors, RowOrder.identity(100));
        // Ten that differ from all, and sixteen of ninety that are equal.
        assertThat(rows).hasSize(26).startsWith(0, 1, 2, 3).contains(90).isSorted();
    }

    @Test
    void queries_that_differ_all_stay_in_their_order() {
        VectorBlock vectors = VectorBlock.ofFloats(1, new float[] {3, 1, 2, 1});
        int[] rows = {2, 3, 0, 1};
        assertThat(CalibrationStage.withoutCrowd(vectors, rows)).isEqualTo(rows);
    }
}
