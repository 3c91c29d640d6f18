package io.sparkspann.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkspann.distance.Metric;
import io.sparkspann.distance.VectorSpace;
import io.sparkspann.error.InvalidInputException;
import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.Quantization;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RangeOptionsTest {
    private static VectorSpace space(Metric metric) {
        return new VectorSpace(metric, ElementType.FLOAT32, 2, 1f);
    }

    private static VectorSpace codes(Metric metric, double step) {
        return new VectorSpace(metric, ElementType.INT8, 2, 1f)
                .quantized(new Quantization(step, 0));
    }

    private static float limit(double radius, VectorSpace space) {
        return RangeOptions.of(radius).keyLimit(space);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.1, 0.3, 0.7, 1e-30, 1e30})
    void what_is_reported_as_the_radius_is_within(double radius) {
        assertThat(limit(radius, space(Metric.L2))).isEqualTo((float) radius);
        assertThat(limit(radius, space(Metric.IP))).isEqualTo(-(float) radius);
        assertThat(limit(-radius, space(Metric.IP))).isEqualTo((float) radius);
    }

    @Test
    void radii_beyond_floats_take_all_or_nothing() {
        assertThat(limit(1e39, space(Metric.L2))).isEqualTo(Float.MAX_VALUE);
        assertThat(limit(1e39, space(Metric.IP))).isEqualTo(Float.NEGATIVE_INFINITY);
        assertThat(limit(-1e39, space(Metric.IP))).isEqualTo(Float.MAX_VALUE);
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e-12, 1e-7, 0.003, 5})
    void the_limit_of_codes_is_the_last_key_within(double step) {
        VectorSpace space = codes(Metric.SQUARED_L2, step);
        for (double radius : new double[] {0, 0.1, 7}) {
            float limit = limit(radius, space);
            assertThat(space.reported(limit)).isLessThanOrEqualTo((float) radius);
            assertThat(space.reported(Math.nextUp(limit))).isGreaterThan((float) radius);
        }
        assertThat(limit(1e38, codes(Metric.IP, step))).isLessThanOrEqualTo(space.key(1e30f) * -1f);
    }

    @Test
    void distances_have_no_negative_radius() {
        assertThatThrownBy(() -> limit(-0.5, space(Metric.L2)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("0 or more");
    }
}
