package io.sparkspann.vector;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class VectorCheckTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 7, 8, 100, 128})
    void everyPositionOfABadComponentIsNamed(int d) {
        for (int j = 0; j < d; j++) {
            for (float bad :
                    new float[] {
                        Float.NaN,
                        Float.POSITIVE_INFINITY,
                        Float.NEGATIVE_INFINITY,
                        Float.intBitsToFloat(0x7f800001)
                    }) {
                float[] rows = new float[3 * d];
                Arrays.fill(rows, 0x1p46f);
                rows[d + j] = bad;
                VectorBlock block = VectorBlock.ofFloats(d, rows);
                assertThat(VectorCheck.problem(block, 0, VectorDomain.NOT_ZERO)).isNull();
                assertThat(VectorCheck.problem(block, 1, VectorDomain.NOT_ZERO))
                        .isEqualTo("component " + j + " is " + bad);
                assertThat(VectorCheck.problem(block, 2, VectorDomain.NOT_ZERO)).isNull();
            }
        }
    }

    @Test
    void theFirstBadComponentIsNamed() {
        VectorBlock block =
                VectorBlock.ofFloats(
                        3, new float[] {1, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY});
        assertThat(VectorCheck.problem(block, 0, VectorDomain.ANY))
                .isEqualTo("component 1 is -Infinity");
    }

    @Test
    void zerosAreAProblemOnlyWhereAsked() {
        VectorBlock block = VectorBlock.ofFloats(2, new float[] {0f, -0f, 0f, 0x1p-50f, -1f, 0f});
        assertThat(VectorCheck.problem(block, 0, VectorDomain.ANY)).isNull();
        assertThat(VectorCheck.problem(block, 0, VectorDomain.NOT_ZERO))
                .isEqualTo("all components are zero, which has no direction");
        assertThat(VectorCheck.problem(block, 1, VectorDomain.NOT_ZERO)).isNull();
        assertThat(VectorCheck.problem(block, 2, VectorDomain.NOT_ZERO)).isNull();
    }

    @Test
    void lengthsThatFloatsCannotHoldAreAProblem() {
        VectorBlock block =
                VectorBlock.ofFloats(
                        2,
                        new float[] {
                            0x1p50f, 0f, 0x1p50f, 0x1p40f, Float.MAX_VALUE, 1f, 0x1p-51f, 0f
                        });
        assertThat(VectorCheck.problem(block, 0, VectorDomain.NOT_ZERO)).isNull();
        assertThat(VectorCheck.problem(block, 1, VectorDomain.ANY))
                .contains("its length is above 2^50");
        assertThat(VectorCheck.problem(block, 2, VectorDomain.ANY))
                .contains("its length is above 2^50");
        assertThat(VectorCheck.problem(block, 3, VectorDomain.ANY)).isNull();
        assertThat(VectorCheck.problem(block, 3, VectorDomain.NOT_ZERO))
                .isEqualTo(
                        "its length is below 2^-50, too short to have a direction; scale the"
                                + " vectors up");
    }

    @ParameterizedTest
    @EnumSource(names = {"UINT8", "INT8"})
    void bytesAreCheckedForZeroOnly(ElementType type) {
        VectorBlock block = VectorBlock.ofBytes(type, 2, new byte[] {0, 0, 0, -1});
        assertThat(VectorCheck.problem(block, 0, VectorDomain.ANY)).isNull();
        assertThat(VectorCheck.problem(block, 0, VectorDomain.NOT_ZERO)).contains("zero");
        assertThat(VectorCheck.problem(block, 1, VectorDomain.NOT_ZERO)).isNull();
    }
}
