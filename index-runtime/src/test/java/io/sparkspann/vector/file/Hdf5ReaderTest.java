package io.sparkspann.vector.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import io.jhdf.api.DatasetCreationOptions;
import io.sparkspann.error.InvalidInputException;
import io.sparkspann.error.SpannException;
import io.sparkspann.error.StorageException;
import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.FileBytes;
import io.sparkspann.vector.VectorBlock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Hdf5ReaderTest {
    private static final DatasetCreationOptions PLAIN = DatasetCreationOptions.DEFAULT;

    @TempDir Path folder;

    private Path write(Consumer<WritableHdfFile> content) {
        Path path = folder.resolve("data.hdf5");
        try (WritableHdfFile file = HdfFile.write(path)) {
            content.accept(file);
        }
        return path;
    }

    private static VectorFile open(Path path, String dataset) {
        return VectorFiles.open(FileBytes.open(path), VectorFormat.HDF5, dataset);
    }

    private static float[][] matrix(int rows, int columns) {
        float[][] result = new float[rows][columns];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                result[i][j] = i * 1000 + j;
            }
        }
        return result;
    }

    private static void assertRows(VectorFile file, int first, int rows) {
        VectorBlock block = file.read(first, rows);
        assertThat(block.size()).isEqualTo(rows);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < block.dimensions(); j++) {
                assertThat(block.floats()[i * block.dimensions() + j])
                        .isEqualTo((first + i) * 1000 + j);
            }
        }
    }

    private static DatasetCreationOptions chunks(int rows, int columns, boolean deflated) {
        DatasetCreationOptions.Builder builder =
                DatasetCreationOptions.builder().chunkDimensions(rows, columns);
        return (deflated ? builder.shuffle().deflate() : builder).build();
    }

    @Test
    void contiguousFloats() {
        Path path =
                write(
                        file -> {
                            file.putDataset("train", matrix(50, 7));
                            file.putDataset("test", matrix(3, 7));
                        });
        try (VectorFile file = open(path, "train")) {
            assertThat(file.elementType()).isEqualTo(ElementType.FLOAT32);
            assertThat(file.dimensions()).isEqualTo(7);
            assertThat(file.size()).isEqualTo(50);
            assertRows(file, 0, 50);
            assertRows(file, 13, 9);
            assertRows(file, 49, 1);
            assertThatThrownBy(() -> file.read(49, 2)).isInstanceOf(IllegalArgumentException.class);
        }
        try (VectorFile file = open(path, "/test")) {
            assertThat(file.size()).isEqualTo(3);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "50,7,false",
        "1,1,false",
        "8,3,false",
        "8,3,true",
        "16,7,true",
        "50,7,true",
        "50,3,true",
        "7,7,true",
        "50,1,true"
    })
    void chunksOfAnyShape(int rows, int columns, boolean deflated) {
        Path path =
                write(f -> f.putDataset("train", matrix(50, 7), chunks(rows, columns, deflated)));
        try (VectorFile file = open(path, "train")) {
            assertThat(file.size()).isEqualTo(50);
            assertRows(file, 0, 50);
            assertRows(file, 15, 2);
            assertRows(file, 49, 1);
            assertRows(file, 7, 30);
            assertThat(file.read(50, 0).size()).isZero();
        }
    }

    @Test
    void everyElementType() {
        Path path =
                write(
                        file -> {
                            file.putDataset("f64", new double[][] {{0.1, 1e300}, {1, 2}});
                            file.putDataset("i8", new byte[][] {{-1, 5}});
                            file.putDataset(
                                    "u8",
                                    new byte[][] {{-1, 5}},
                                    DatasetCreationOptions.builder().unsigned().build());
                            file.putDataset("i32", new int[][] {{7, 1 << 24}, {0, 1 << 25}});
                            file.putDataset("i64", new long[][] {{7, -3}});
                        });
        try (VectorFile file = open(path, "f64")) {
            assertThat(file.read(1, 1).floats()).containsExactly(1f, 2f);
            assertThatThrownBy(() -> file.read(0, 1))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("row 0, component 1: float64 value 1.0E300");
        }
        try (VectorFile file = open(path, "i8")) {
            assertThat(file.read(0, 1).type()).isEqualTo(ElementType.INT8);
            assertThat(file.read(0, 1).bytes()).containsExactly(-1, 5);
        }
        try (VectorFile file = open(path, "u8")) {
            assertThat(file.read(0, 1).type()).isEqualTo(ElementType.UINT8);
            assertThat(file.read(0, 1).bytes()).containsExactly(255, 5);
        }
        try (VectorFile file = open(path, "i32")) {
            assertThat(file.read(0, 1).floats()).containsExactly(7f, 16777216f);
            assertThatThrownBy(() -> file.read(0, 2))
                    .hasMessageContaining("row 1, component 1: int32 value 33554432");
        }
        try (VectorFile file = open(path, "i64")) {
            assertThat(file.read(0, 1).floats()).containsExactly(7f, -3f);
        }
    }

    @Test
    void dataSetsInGroupsAndTheListOfThoseThatExist() {
        Path path =
                write(
                        file -> {
                            file.putDataset("train", matrix(2, 2));
                            file.putGroup("inner").putDataset("queries", matrix(4, 2));
                        });
        try (VectorFile file = open(path, "inner/queries")) {
            assertThat(file.size()).isEqualTo(4);
        }
        for (String missing : new String[] {"test", "", "inner", "inner/none", "train/x"}) {
            assertThatThrownBy(() -> open(path, missing))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("data.hdf5: there is no data set '" + missing + "'")
                    .hasMessageContaining("train")
                    .hasMessageContaining("inner/queries");
        }
    }

    @Test
    void otherShapesAndTypesAreRefused() {
        Path path =
                write(
                        file -> {
                            file.putDataset("flat", new float[4]);
                            file.putDataset("cube", new float[2][2][2]);
                            file.putDataset("scalar", 1f);
                            file.putDataset("i16", new short[2][2]);
                            file.putDataset("text", new String[] {"a", "b"});
                        });
        for (String dataset : new String[] {"flat", "cube", "scalar"}) {
            assertThatThrownBy(() -> open(path, dataset))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("data set '" + dataset + "' has shape");
        }
        for (String dataset : new String[] {"i16", "text"}) {
            assertThatThrownBy(() -> open(path, dataset))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("data set '" + dataset + "' has elements of type");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void truncationIsNoticedAtOpenOrRead(boolean chunked) throws IOException {
        Path path =
                write(
                        f ->
                                f.putDataset(
                                        "train",
                                        matrix(50, 7),
                                        chunked ? chunks(8, 7, true) : PLAIN));
        byte[] whole = Files.readAllBytes(path);
        int cases = 0;
        for (int length = 1; length < whole.length; length += 1 + length / 16, cases++) {
            Path cut = folder.resolve("cut.hdf5");
            Files.write(cut, Arrays.copyOf(whole, length));
            assertThatThrownBy(
                            () -> {
                                try (VectorFile file = open(cut, "train")) {
                                    file.read(0, (int) file.size());
                                }
                            })
                    .as("cut to %d of %d", length, whole.length)
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("cut.hdf5");
        }
        assertThat(cases).isGreaterThan(30);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aShapeBeyondTheFileIsRefused(boolean chunked) throws IOException {
        Path path =
                write(
                        f ->
                                f.putDataset(
                                        "train",
                                        matrix(51, 7),
                                        chunked ? chunks(8, 7, true) : PLAIN));
        byte[] bytes = Files.readAllBytes(path);
        ByteBuffer view = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int replaced = 0;
        for (int at = 0; at + 16 <= bytes.length; at++) {
            if (view.getLong(at) == 51 && view.getLong(at + 8) == 7) {
                view.putLong(at, 1L << 40);
                replaced++;
            }
        }
        assertThat(replaced).isPositive();
        Files.write(path, bytes);
        assertThatThrownBy(() -> open(path, "train")).isInstanceOf(InvalidInputException.class);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void damagedBytesGiveTypedErrorsOrData(boolean chunked) throws IOException {
        Path path =
                write(
                        f ->
                                f.putDataset(
                                        "train",
                                        matrix(20, 3),
                                        chunked ? chunks(8, 3, true) : PLAIN));
        byte[] whole = Files.readAllBytes(path);
        Random random = new Random(7);
        for (int i = 0; i < 400; i++) {
            byte[] damaged = whole.clone();
            damaged[random.nextInt(damaged.length)] ^= (byte) (1 + random.nextInt(255));
            Path file = folder.resolve("damaged.hdf5");
            Files.write(file, damaged);
            try (VectorFile vectors = open(file, "train")) {
                vectors.read(0, (int) Math.min(20, vectors.size()));
            } catch (SpannException expected) {
                assertThat(expected).hasMessageContaining("damaged.hdf5");
            }
        }
    }

    @Test
    void otherFormatsAreRefused() throws IOException {
        Path path = folder.resolve("fake.h5");
        for (int length : new int[] {1, 7, 8, 100, 5000}) {
            Files.write(path, new byte[length]);
            assertThatThrownBy(() -> open(path, "train"))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("fake.h5: cannot be read as HDF5");
        }
        assertThatThrownBy(() -> open(folder.resolve("none.h5"), "train"))
                .isInstanceOf(StorageException.class);
    }

    @Test
    void remoteBytesAreCopiedToATemporaryFileThatGoes() throws IOException {
        Path path = write(file -> file.putDataset("train", matrix(5, 2)));
        ArrayBytes source = new ArrayBytes(Files.readAllBytes(path));
        long before = temporaryFiles();
        VectorFile file = VectorFiles.open(source, VectorFormat.HDF5);
        assertThat(temporaryFiles()).isEqualTo(before + 1);
        assertRows(file, 1, 3);
        file.close();
        assertThat(source.closed()).isTrue();
        assertThat(temporaryFiles()).isEqualTo(before);
        ArrayBytes again = new ArrayBytes(Files.readAllBytes(path));
        assertThatThrownBy(() -> VectorFiles.open(again, VectorFormat.HDF5, "none"))
                .hasMessageContaining("the data sets are train");
        assertThatThrownBy(() -> VectorFiles.open(ArrayBytes.text("x"), VectorFormat.HDF5))
                .isInstanceOf(InvalidInputException.class);
        assertThat(again.closed()).isTrue();
        assertThat(temporaryFiles()).isEqualTo(before);
    }

    private static long temporaryFiles() throws IOException {
        Path all = Path.of(System.getProperty("java.io.tmpdir"));
        String ours = "spann-" + ProcessHandle.current().pid() + "-*.hdf5";
        try (var names = Files.newDirectoryStream(all, ours)) {
            long count = 0;
            for (Path name : names) {
                count += Files.exists(name) ? 1 : 0;
            }
            return count;
        }
    }

    @Test
    void manyThreadsReadTheSameFile() {
        Path path = write(f -> f.putDataset("train", matrix(500, 7), chunks(16, 7, true)));
        try (VectorFile file = open(path, "train")) {
            IntStream.range(0, 200).parallel().forEach(i -> assertRows(file, (i * 37) % 480, 20));
        }
    }
}
