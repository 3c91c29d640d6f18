package io.sparkspann.vector.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkspann.error.InvalidInputException;
import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.FileBytes;
import io.sparkspann.vector.VectorBlock;
import java.net.URISyntaxException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A file as the HDF5 library itself writes it (h5py 3.16 with its defaults, behind a user block of
 * 512 bytes): old superblock, symbol tables, B-trees of chunks, links (to {@code other.hdf5}, too).
 * Rows are {@code 1000 * row + column}, of 20 x 3.
 */
class Hdf5LibraryFileTest {
    private static FileBytes file() {
        return file("h5py.hdf5");
    }

    private static FileBytes file(String name) {
        try {
            return FileBytes.open(Path.of(Hdf5LibraryFileTest.class.getResource(name).toURI()));
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "train",
                "/train",
                "big_endian",
                "gzip",
                "neighbors",
                "soft",
                "group/root/gzip"
            })
    void everyLayoutReadsTheSame(String dataset) {
        try (VectorFile file = VectorFiles.open(file(), VectorFormat.HDF5, dataset)) {
            assertThat(file.size()).isEqualTo(20);
            assertThat(file.dimensions()).isEqualTo(3);
            for (int first : new int[] {0, 7, 13}) {
                VectorBlock block = file.read(first, 20 - first);
                for (int i = 0; i < block.floats().length; i++) {
                    assertThat(block.floats()[i]).isEqualTo((first + i / 3) * 1000 + i % 3);
                }
            }
        }
    }

    /** Written by h5py 3.16: {@code train} and {@code big} hold the same, {@code chunked} more. */
    @ParameterizedTest
    @ValueSource(strings = {"train", "big"})
    void halfsStayHalfs(String dataset) {
        try (VectorFile file = VectorFiles.open(file("half.hdf5"), VectorFormat.HDF5, dataset)) {
            assertThat(file.elementType()).isEqualTo(ElementType.FLOAT16);
            VectorBlock block = file.read(0, 2);
            float[] rows = new float[6];
            block.copyTo(0, rows, 0);
            block.copyTo(1, rows, 3);
            assertThat(rows).containsExactly(1f, -2.5f, 65504f, 0x1p-24f, -0f, 0.333251953125f);
        }
    }

    @Test
    void chunksOfHalfsAreReadPieceByPiece() {
        try (VectorFile file = VectorFiles.open(file("half.hdf5"), VectorFormat.HDF5, "chunked")) {
            VectorBlock block = file.read(5, 40);
            float[] row = new float[4];
            for (int i = 0; i < 40; i++) {
                block.copyTo(i, row, 0);
                int first = 4 * (5 + i);
                assertThat(row)
                        .containsExactly(
                                first / 8f, (first + 1) / 8f, (first + 2) / 8f, (first + 3) / 8f);
            }
        }
    }

    @Test
    void neighbors() {
        TrueNeighbors neighbors = NeighborFile.read(file(), VectorFormat.HDF5);
        assertThat(neighbors.rows()).isEqualTo(20);
        assertThat(neighbors.id(19, 2)).isEqualTo(19_002);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "half|only 96 stored bytes",
                "unwritten|has a shape but no data",
                "none|has shape (0, 3)",
                "outside|is a link to another file",
                "outside/train|is a link to another file",
                "indirect|is a link to another file",
                "lost|nowhere",
                "circle|cannot be read as HDF5",
                "test|the data sets are",
            })
    void whatCannotBeReadSaysWhy(String dataset, String message) {
        assertThatThrownBy(() -> VectorFiles.open(file(), VectorFormat.HDF5, dataset))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("h5py.hdf5: ")
                .hasMessageContaining(message);
    }

    @Test
    void groupsInACircleAreListedOnce() {
        assertThatThrownBy(() -> VectorFiles.open(file(), VectorFormat.HDF5, "test"))
                .hasMessageContaining("train")
                .hasMessageNotContaining("group/root");
    }
}
