package io.sparkspann.vector;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Conversions against the definition of binary16, of all 65,536 numbers. */
class HalfTest {
    private static final int INFINITY = 0x7C00;

    /** The value by the definition; infinity has the exponent that would follow. */
    private static double value(int magnitude) {
        int exponent = magnitude >> 10;
        int fraction = magnitude & 0x3FF;
        return exponent == 0
                ? fraction * 0x1p-24
                : (1024 + fraction) * Math.scalb(1.0, exponent - 25);
    }

    /** The nearest magnitude by trying; of two equally near ones the even one. */
    private static int nearest(double positive) {
        int low = 0;
        int high = INFINITY;
        while (high - low > 1) {
            int middle = (low + high) / 2;
            if (value(middle) <= positive) {
                low = middle;
            } else {
                high = middle;
            }
        }
        double below = positive - value(low);
        double above = value(high) - positive;
        return below < above || below == above && low % 2 == 0 ? low : high;
    }

    @Test
    void everyHalfIsWidenedExactly() {
        for (int bits = 0; bits < 1 << 16; bits++) {
            int magnitude = bits & 0x7FFF;
            int sign = bits >> 15;
            float wide = Half.toFloat((short) bits);
            assertThat(Float.floatToRawIntBits(wide) >>> 31).isEqualTo(sign);
            assertThat(Half.isFinite((short) bits)).isEqualTo(magnitude < INFINITY);
            if (magnitude > INFINITY) {
                assertThat(wide).isNaN();
            } else if (magnitude == INFINITY) {
                assertThat(Math.abs(wide)).isEqualTo(Float.POSITIVE_INFINITY);
            } else {
                assertThat((double) Math.abs(wide)).isEqualTo(value(magnitude));
                float bulk = Half.finiteToFloat((short) bits);
                assertThat(Float.floatToRawIntBits(bulk)).isEqualTo(Float.floatToRawIntBits(wide));
            }
        }
    }

    @Test
    void everyHalfComesBack() {
        for (int bits = 0; bits < 1 << 16; bits++) {
            short back = Half.ofFloat(Half.toFloat((short) bits));
            if ((bits & 0x7FFF) > INFINITY) {
                assertThat(Half.toFloat(back)).isNaN();
            } else {
                assertThat(back).isEqualTo((short) bits);
            }
        }
    }

    @Test
    void betweenTwoHalfsTheNearestIsTakenAndTheEvenOneInTheMiddle() {
        for (int low = 0; low < INFINITY; low++) {
            float middle = (float) ((value(low) + value(low + 1)) / 2);
            for (float x : new float[] {middle, Math.nextUp(middle), Math.nextDown(middle)}) {
                int wanted = nearest(x);
                assertThat(Half.ofFloat(x)).as("%a", x).isEqualTo((short) wanted);
                assertThat(Half.ofFloat(-x)).as("%a", -x).isEqualTo((short) (wanted | 0x8000));
            }
            assertThat(nearest(middle)).isEqualTo(low + (low & 1));
        }
    }

    @Test
    void anyFloatBecomesTheNearestHalf() {
        SplittableRandom random = new SplittableRandom(5);
        for (int i = 0; i < 300_000; i++) {
            float x = Math.abs(Float.intBitsToFloat(random.nextInt()));
            if (!Float.isNaN(x)) {
                assertThat(Half.ofFloat(x)).as("%a", x).isEqualTo((short) nearest(x));
            }
        }
        assertThat(Half.ofFloat(Float.MIN_VALUE)).isZero();
        assertThat(Half.ofFloat(65519.996f)).isEqualTo((short) 0x7BFF);
        assertThat(Half.ofFloat(65520f)).isEqualTo((short) INFINITY);
        assertThat(Half.toFloat((short) 0x7BFF)).isEqualTo(Half.MAX_VALUE);
        assertThat(Half.ofFloat(Float.NaN)).isEqualTo((short) 0x7E00);
    }
}
