package io.sparkspann.distance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SortedSampleTest {
    /** A network that sorts all zeros and ones sorts everything. */
    @Test
    void all_zeros_and_ones_are_sorted() {
        SortedSample sample = new SortedSample();
        for (int bits = 0; bits < 1 << SortedSample.SIZE; bits++) {
            long[] numbers = new long[SortedSample.SIZE];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = bits >>> i & 1;
            }
            sample.take(numbers, 0, numbers.length);
            int zeros = SortedSample.SIZE - Integer.bitCount(bits);
            for (int i = 0; i < numbers.length; i++) {
                assertThat(sample.get(i)).isEqualTo(i < zeros ? 0 : 1);
            }
        }
    }

    @Test
    void a_sample_is_spread_over_the_stretch() {
        long[] numbers = new Random(1).longs(1000).toArray();
        Arrays.sort(numbers);
        SortedSample sample = new SortedSample();
        sample.take(numbers, 100, 800);
        for (int i = 0; i < SortedSample.SIZE; i++) {
            assertThat(sample.get(i)).isEqualTo(numbers[100 + 50 * i + 25]);
        }
    }
}
