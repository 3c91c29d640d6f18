package io.sparkspann.build;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BucketsTest {
    @Test
    void rowsKeepTheirOrderWithinAGroup() {
        Buckets buckets = Buckets.of(new int[] {3, 0, 3, 1, 0, 3}, 5);
        assertThat(buckets.rows()).containsExactly(1, 4, 3, 0, 2, 5);
        assertThat(buckets.sizes()).containsExactly(2, 1, 0, 3, 0);
        assertThat(buckets.start(3)).isEqualTo(3);
        assertThat(buckets.start(5)).isEqualTo(6);
        assertThat(buckets.size(3)).isEqualTo(3);
    }

    @Test
    void noRowsAreNoRows() {
        assertThat(Buckets.of(new int[0], 2).sizes()).containsExactly(0, 0);
    }
}
