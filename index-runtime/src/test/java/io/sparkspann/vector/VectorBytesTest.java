package io.sparkspann.vector;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What all element types have in common, of random bits. */
class VectorBytesTest {
    private static final int D = 5;
    private static final int ROWS = 7;

    private static VectorBlock random(ElementType type) {
        byte[] bytes = new byte[ROWS * D * type.bytes()];
        new SplittableRandom(3).nextBytes(bytes);
        return VectorBytes.decode(type, D, bytes, 0, ROWS);
    }

    private static int[] bits(VectorBlock block, int row) {
        int[] bits = new int[D];
        Arrays.setAll(bits, j -> block.bits(row, j));
        return bits;
    }

    @ParameterizedTest
    @EnumSource
    void rowsComeBackFromTheirBytes(ElementType type) {
        VectorBlock block = random(type);
        int[] rows = {6, 0, 3};
        int length = (int) VectorBytes.length(type, D, 2);
        ByteBuffer bytes = ByteBuffer.allocate(length + 3).order(ByteOrder.LITTLE_ENDIAN);
        VectorBytes.encode(block, rows, 1, 3, bytes.position(3));
        assertThat(bytes.remaining()).isZero();
        VectorBlock back = VectorBytes.decode(type, D, bytes.array(), 3, 2);
        assertThat(bits(back, 0)).isEqualTo(bits(block, 0));
        assertThat(bits(back, 1)).isEqualTo(bits(block, 3));
    }

    @ParameterizedTest
    @EnumSource
    void rowsAreCopiedGatheredAndCutOut(ElementType type) {
        VectorBlock block = random(type);
        VectorBlock gathered = block.gather(new int[] {4, 4, 1});
        assertThat(bits(gathered, 1)).isEqualTo(bits(block, 4));
        assertThat(bits(gathered, 2)).isEqualTo(bits(block, 1));
        assertThat(bits(block.slice(2, 5), 1)).isEqualTo(bits(block, 3));
        VectorBlock larger = VectorBlock.allocate(type, D, ROWS + 2);
        block.copyAllTo(larger, 2);
        assertThat(bits(larger, 1)).containsOnly(0);
        assertThat(bits(larger, 8)).isEqualTo(bits(block, 6));
        assertThat(larger.isZero(1)).isTrue();
        assertThat(larger.isZero(8)).isFalse();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "BITS")
    void normsAndLanesAreThoseOfTheWidenedRow(ElementType type) {
        VectorBlock block = VectorBlock.allocate(type, D, 2);
        assertThat(block.set(1, new float[] {3, 0, 120, 1, 7})).isEqualTo(-1);
        assertThat(block.squaredNorm(1)).isEqualTo(9 + 14400 + 1 + 49);
        int width = type.bytes();
        ByteBuffer lanes = ByteBuffer.allocate(200).order(ByteOrder.LITTLE_ENDIAN);
        block.scatter(1, lanes, 3, 4 * width);
        VectorBlock one = VectorBlock.allocate(type, D, 1);
        for (int j = 0; j < D; j++) {
            one.read(lanes, 3 + 4 * width * j, 0, j, 1);
        }
        assertThat(bits(one, 0)).isEqualTo(bits(block, 1));
    }
}
