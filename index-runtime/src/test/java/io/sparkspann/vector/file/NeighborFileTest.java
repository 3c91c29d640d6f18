package io.sparkspann.vector.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import io.sparkspann.error.InvalidInputException;
import io.sparkspann.vector.FileBytes;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class NeighborFileTest {
    private static final ArrayBytes IVECS = ArrayBytes.of(3, 7, -1, 1 << 30, 3, 1, 2, 3);

    private static void assertRefused(ArrayBytes source, String message) {
        assertThatThrownBy(() -> NeighborFile.read(source, VectorFormat.IVECS))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(message);
        assertThat(source.closed()).isTrue();
    }

    @Test
    void ivecs() {
        TrueNeighbors neighbors = NeighborFile.read(IVECS, VectorFormat.IVECS);
        assertThat(neighbors.rows()).isEqualTo(2);
        assertThat(neighbors.columns()).isEqualTo(3);
        assertThat(neighbors.id(0, 2)).isEqualTo(1 << 30);
        assertThat(neighbors.id(0, 1)).isEqualTo(-1);
        assertThat(neighbors.id(1, 0)).isEqualTo(1);
        assertThat(IVECS.closed()).isTrue();
        assertThatThrownBy(() -> neighbors.id(0, 3)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void hdf5(@TempDir Path folder) {
        Path path = folder.resolve("truth.h5");
        try (WritableHdfFile file = HdfFile.write(path)) {
            file.putDataset("neighbors", new int[][] {{4, 2}, {0, 9}, {5, 6}});
            file.putDataset("wide", new long[][] {{4, 1L << 31}});
            file.putDataset("distances", new float[][] {{4, 2}});
        }
        TrueNeighbors neighbors = NeighborFile.read(FileBytes.open(path), VectorFormat.HDF5);
        assertThat(neighbors.rows()).isEqualTo(3);
        assertThat(neighbors.id(2, 1)).isEqualTo(6);
        assertThatThrownBy(
                        () ->
                                NeighborFile.read(
                                        FileBytes.open(path), VectorFormat.HDF5, "distances"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("must be integers, found float32");
        assertThatThrownBy(() -> NeighborFile.read(FileBytes.open(path), VectorFormat.HDF5, "wide"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("row 0, column 1: id 2147483648");
        assertThatThrownBy(() -> NeighborFile.read(FileBytes.open(path), VectorFormat.HDF5, "none"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("neighbors");
    }

    @Test
    void raggedRowsAreRefused() {
        assertRefused(
                ArrayBytes.of(1, 5, 2, 5, 1, 5), "row 1 at byte 8 has dimension 2, row 0 has 1");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 4, 8, 15, 17, 31, 33, 36})
    void truncatedOrExtendedFileIsRefused(int length) {
        assertRefused(IVECS.resized(length), length == 0 ? "empty" : "the file has " + length);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MAX_VALUE})
    void absurdWidthIsRefused(int columns) {
        assertRefused(ArrayBytes.of(columns, 1), "has dimension " + columns);
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"IVECS", "HDF5"})
    void otherFormatsAreRefused(VectorFormat format) {
        ArrayBytes source = ArrayBytes.of(1, 5);
        assertThatThrownBy(() -> NeighborFile.read(source, format))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("must be ivecs or hdf5, not " + format.label());
        assertThat(source.closed()).isTrue();
    }
}
