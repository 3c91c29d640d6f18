package io.sparkspann.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkspann.distance.Geometry;
import org.junit.jupiter.api.Test;

class EqualRowsTest {
    private static EqualRows rows(float... values) {
        return new EqualRows(
                new RowSource() {
                    @Override
                    public Geometry geometry() {
                        return Geometry.euclidean(1);
                    }

                    @Override
                    public void copy(int number, float[] target, int offset) {
                        target[offset] = values[number];
                    }
                });
    }

    @Test
    void all_equal() {
        assertThat(rows(1, 2, 2, 2, 3).areAll(new int[] {0, 1, 3, 2, 4}, 1, 4)).isTrue();
        assertThat(rows(1, 2, 2, 2, 3).areAll(new int[] {0, 1, 3, 2, 4}, 1, 5)).isFalse();
    }

    @Test
    void a_majority_comes_first_and_both_parts_keep_their_order() {
        int[] members = {9, 0, 1, 2, 3, 4, 9};
        assertThat(rows(5, 7, 7, 6, 7).majorityFirst(members, 1, 6)).isEqualTo(3);
        assertThat(members).containsExactly(9, 1, 2, 4, 0, 3, 9);
    }

    @Test
    void half_is_no_majority_and_nothing_moves() {
        int[] members = {0, 1, 2, 3};
        assertThat(rows(5, 7, 6, 7).majorityFirst(members, 0, 4)).isZero();
        assertThat(members).containsExactly(0, 1, 2, 3);
    }
}
