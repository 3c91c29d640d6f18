package io.sparkspann.vector.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkspann.error.InvalidInputException;
import io.sparkspann.vector.ElementType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BinReaderTest {
    private static final ArrayBytes FBIN = ArrayBytes.of(2, 3, 1f, 2f, 3f, 4f, 5f, 6f);

    @Test
    void fbin() {
        VectorFile file = VectorFiles.open(FBIN, VectorFormat.FBIN);
        assertThat(file.elementType()).isEqualTo(ElementType.FLOAT32);
        assertThat(file.dimensions()).isEqualTo(3);
        assertThat(file.size()).isEqualTo(2);
        assertThat(file.read(0, 2).floats()).containsExactly(1f, 2f, 3f, 4f, 5f, 6f);
        assertThat(file.read(1, 1).floats()).containsExactly(4f, 5f, 6f);
    }

    @ParameterizedTest
    @CsvSource({"U8BIN,UINT8", "I8BIN,INT8"})
    void byteFormatsKeepTheirType(VectorFormat format, ElementType type) {
        VectorFile file =
                VectorFiles.open(ArrayBytes.of(1, 3, (byte) -1, (byte) 0, (byte) 127), format);
        assertThat(file.elementType()).isEqualTo(type);
        assertThat(file.read(0, 1).bytes()).containsExactly(-1, 0, 127);
    }

    @Test
    void f16binIsKeptAsHalfs() {
        // 1, 2^-24, -0, infinity
        ArrayBytes source = ArrayBytes.of(2, 2, 0x0001_3C00, 0x7C00_8000);
        VectorFile file = VectorFiles.open(source, VectorFormat.F16BIN);
        assertThat(file.elementType()).isEqualTo(ElementType.FLOAT16);
        assertThat(file.read(0, 2).halfs()).containsExactly(0x3C00, 1, -0x8000, 0x7C00);
        assertThat(file.read(1, 1).halfs()).containsExactly(-0x8000, 0x7C00);
        assertThatThrownBy(() -> VectorFiles.open(source.resized(15), VectorFormat.F16BIN))
                .hasMessageContaining("expected 16 bytes for 2 rows of dimension 2 (float16)");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 7, 8, 9, 12, 20, 31, 33, 36, 44})
    void truncatedOrExtendedFileIsRefused(int length) {
        assertThatThrownBy(() -> VectorFiles.open(FBIN.resized(length), VectorFormat.FBIN))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("expected")
                .hasMessageContaining("the file has " + length);
    }

    @ParameterizedTest
    @CsvSource({
        "2147483647,3",
        "2147483647,1048576",
        "2147483647,2147483647",
        "-1,3",
        "-1,1048576",
        "-1,-1",
        "0,3",
        "3,0",
        "0,0",
        "2,-1",
        "2,1048577",
        "-2147483648,1",
        "1073741824,4"
    })
    void hostileHeaderIsRefusedBeforeAnythingIsAllocated(int rows, int dimensions) {
        ArrayBytes source = ArrayBytes.of(rows, dimensions, 1f, 2f);
        for (VectorFormat format :
                new VectorFormat[] {VectorFormat.FBIN, VectorFormat.U8BIN, VectorFormat.I8BIN}) {
            assertThatThrownBy(() -> VectorFiles.open(source, format))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining(Integer.toUnsignedString(rows) + " rows of dimension ");
        }
    }

    @Test
    void headerProductThatWrapsToTheLengthIsRefused() {
        // 2^31 rows x 2 x 1 byte + 8 wraps to 8 in 32-bit arithmetic.
        assertThatThrownBy(
                        () ->
                                VectorFiles.open(
                                        ArrayBytes.of(Integer.MIN_VALUE, 2), VectorFormat.U8BIN))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("expected 4294967304 bytes");
    }
}
