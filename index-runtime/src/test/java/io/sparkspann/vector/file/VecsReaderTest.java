package io.sparkspann.vector.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkspann.error.InvalidInputException;
import io.sparkspann.error.StorageException;
import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.FileBytes;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class VecsReaderTest {
    private static final ArrayBytes FVECS =
            ArrayBytes.of(2, 1f, Float.NaN, 2, 3f, -0f, 2, 5f, Float.NEGATIVE_INFINITY);

    @Test
    void fvecsKeepEveryBit() {
        try (VectorFile file = VectorFiles.open(FVECS, VectorFormat.FVECS)) {
            assertThat(file.elementType()).isEqualTo(ElementType.FLOAT32);
            assertThat(file.dimensions()).isEqualTo(2);
            assertThat(file.size()).isEqualTo(3);
            assertThat(file.read(0, 3).floats())
                    .containsExactly(1f, Float.NaN, 3f, -0f, 5f, Float.NEGATIVE_INFINITY);
            assertThat(file.read(1, 1).floats()).containsExactly(3f, -0f);
            assertThat(file.read(3, 0).size()).isZero();
        }
    }

    @Test
    void bvecsStayUnsignedBytes() {
        ArrayBytes source = ArrayBytes.of(2, (byte) 0, (byte) 255, 2, (byte) 128, (byte) 7);
        VectorFile file = VectorFiles.open(source, VectorFormat.BVECS);
        assertThat(file.elementType()).isEqualTo(ElementType.UINT8);
        assertThat(file.read(0, 2).bytes()).containsExactly(0, 255, 128, 7);
        assertThat(file.read(1, 1).bytes()).containsExactly(128, 7);
        file.close();
        assertThat(source.closed()).isTrue();
    }

    @Test
    void ivecsBecomeFloatsWhereExact() {
        ArrayBytes source = ArrayBytes.of(2, 1 << 24, -(1 << 24), 2, 0, -7);
        VectorFile file = VectorFiles.open(source, VectorFormat.IVECS);
        assertThat(file.read(0, 2).floats()).containsExactly(16777216f, -16777216f, 0f, -7f);
    }

    @ParameterizedTest
    @ValueSource(ints = {(1 << 24) + 1, -(1 << 24) - 1, Integer.MIN_VALUE, Integer.MAX_VALUE})
    void ivecsBeyondFloatAreNamed(int value) {
        VectorFile file = VectorFiles.open(ArrayBytes.of(2, 1, 2, 2, 3, value), VectorFormat.IVECS);
        assertThat(file.read(0, 1).floats()).containsExactly(1f, 2f);
        assertThatThrownBy(() -> file.read(0, 2))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("memory: row 1, component 1: int32 value " + value);
    }

    @ParameterizedTest
    @EnumSource(names = {"FVECS", "BVECS", "IVECS", "FBIN", "U8BIN", "I8BIN", "NPY", "HDF5", "TSV"})
    void emptyFileIsRefusedAndClosed(VectorFormat format) {
        ArrayBytes source = ArrayBytes.of();
        assertThatThrownBy(() -> VectorFiles.open(source, format))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("memory: the file is empty");
        assertThat(source.closed()).isTrue();
    }

    static IntStream badLengths() {
        return IntStream.rangeClosed(1, 40).filter(length -> length % 12 != 0);
    }

    @ParameterizedTest
    @MethodSource("badLengths")
    void truncatedOrExtendedFileIsRefused(int length) {
        ArrayBytes source = FVECS.resized(length);
        assertThatThrownBy(() -> VectorFiles.open(source, VectorFormat.FVECS))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("expected")
                .hasMessageContaining("the file has " + length);
        assertThat(source.closed()).isTrue();
    }

    @Test
    void truncationNamesTheLengthsThatWouldFit() {
        assertThatThrownBy(() -> VectorFiles.open(FVECS.resized(30), VectorFormat.FVECS))
                .hasMessageContaining("24 or 36 bytes, the file has 30");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE, Integer.MAX_VALUE, (1 << 20) + 1})
    void absurdDimensionIsRefused(int dimensions) {
        for (VectorFormat format :
                new VectorFormat[] {VectorFormat.FVECS, VectorFormat.BVECS, VectorFormat.IVECS}) {
            assertThatThrownBy(() -> VectorFiles.open(ArrayBytes.of(dimensions, 1f), format))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("row 0 has dimension " + dimensions);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 128, 256, 300})
    void bigEndianFileIsCalledSo(int dimensions) {
        Object[] row = new Object[1 + dimensions];
        Arrays.fill(row, 1f);
        row[0] = dimensions;
        assertThatThrownBy(
                        () ->
                                VectorFiles.open(
                                        ArrayBytes.of(ByteOrder.BIG_ENDIAN, row),
                                        VectorFormat.FVECS))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("looks big-endian with dimension " + dimensions);
    }

    @Test
    void changedDimensionNamesRowAndBothValues() {
        VectorFile file =
                VectorFiles.open(
                        ArrayBytes.of(2, 1f, 2f, 2, 1f, 2f, 3, 1f, 2f), VectorFormat.FVECS);
        assertThat(file.read(0, 2).size()).isEqualTo(2);
        assertThatThrownBy(() -> file.read(1, 2))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("memory: row 2 at byte 24 has dimension 3, row 0 has 2");
    }

    @Test
    void rowsOutsideAreTheCallersError() {
        VectorFile file = VectorFiles.open(FVECS, VectorFormat.FVECS);
        for (long first : new long[] {-1, 2, 3, Long.MAX_VALUE}) {
            assertThatThrownBy(() -> file.read(first, 2))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("its 3 rows");
        }
        assertThatThrownBy(() -> file.read(0, -1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void missingFileIsAStorageError(@TempDir Path folder) {
        assertThatThrownBy(
                        () ->
                                VectorFiles.open(
                                        FileBytes.open(folder.resolve("no.fvecs")),
                                        VectorFormat.FVECS))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("no.fvecs: no such file");
    }
}
