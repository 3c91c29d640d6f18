package io.sparkspann.spark.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import io.sparkspann.error.InvalidInputException;
import io.sparkspann.spark.SharedSpark;
import io.sparkspann.spark.error.SparkErrors;
import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.IdType;
import io.sparkspann.vector.VectorBlock;
import io.sparkspann.vector.VectorDomain;
import io.sparkspann.vector.file.VectorFileWriter;
import io.sparkspann.vector.file.VectorFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Vector files read by several tasks. */
@ExtendWith(SharedSpark.class)
class FileTableTest {
    @TempDir Path folder;

    private final SparkSession spark;

    FileTableTest(SparkSession spark) {
        this.spark = spark;
    }

    private InputSpec spec(String name) {
        return InputSpec.of(folder.resolve(name).toString());
    }

    private Path write(String name, VectorFormat format, VectorBlock block) throws IOException {
        Path path = folder.resolve(name);
        try (VectorFileWriter writer =
                new VectorFileWriter(Files.newOutputStream(path), format, name)) {
            writer.append(block);
        }
        return path;
    }

    /** Component {@code j} of row {@code i} is {@code i + j}. */
    private static VectorBlock floats(int rows, int dimensions) {
        float[] values = new float[rows * dimensions];
        for (int i = 0; i < values.length; i++) {
            values[i] = i / dimensions + i % dimensions;
        }
        return VectorBlock.ofFloats(dimensions, values);
    }

    private static void assertRows(Tables.Contents contents, int rows, int dimensions) {
        assertThat(contents.vectors()).hasSize(rows);
        for (int i = 0; i < rows; i++) {
            float[] vector = contents.vectors().get(Integer.toString(i));
            assertThat(vector).hasSize(dimensions);
            assertThat(vector[0]).isEqualTo(i);
            assertThat(vector[dimensions - 1]).isEqualTo(i + dimensions - 1);
        }
        assertThat(contents.skipped()).isZero();
    }

    @Test
    void fvecs_are_read_by_several_tasks() throws IOException {
        write("a.fvecs", VectorFormat.FVECS, floats(10000, 100));
        VectorTable table = VectorTable.open(spark, spec("a.fvecs"));
        assertThat(table.elementType()).isEqualTo(ElementType.FLOAT32);
        assertThat(table.dimensions()).isEqualTo(100);
        assertThat(table.idType()).isEqualTo(IdType.LONG);
        assertThat(table.batches().getNumPartitions()).isEqualTo(2);
        assertRows(Tables.read(table), 10000, 100);
        assertThat(table.batches().map(batch -> batch.firstRow()).collect())
                .containsExactly(0L, 2621L, 5000L, 7621L);
    }

    @Test
    void bvecs_stay_bytes() throws IOException {
        byte[] bytes = new byte[300 * 8];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        write("a.bvecs", VectorFormat.BVECS, VectorBlock.ofBytes(ElementType.UINT8, 8, bytes));
        VectorTable table = VectorTable.open(spark, spec("a.bvecs"));
        assertThat(table.elementType()).isEqualTo(ElementType.UINT8);
        Tables.Contents contents = Tables.read(table);
        assertThat(contents.vectors()).hasSize(300);
        assertThat(contents.vectors().get("31"))
                .containsExactly(248, 249, 250, 251, 252, 253, 254, 255);
    }

    @Test
    void a_file_may_be_named_by_uri_and_format() throws IOException {
        Path path = write("data", VectorFormat.FVECS, floats(10, 4));
        InputSpec spec = InputSpec.of(path.toUri().toString()).withFormat("fvecs");
        assertRows(Tables.read(VectorTable.open(spark, spec)), 10, 4);
    }

    @Test
    void big_ann_files_are_read() throws IOException {
        Path path = folder.resolve("a.i8bin");
        Files.write(path, new byte[] {2, 0, 0, 0, 3, 0, 0, 0, 0, 1, 2, -128, 2, 127});
        VectorTable table = VectorTable.open(spark, spec("a.i8bin"));
        assertThat(table.elementType()).isEqualTo(ElementType.INT8);
        assertThat(Tables.read(table).vectors().get("1")).containsExactly(-128, 2, 127);
    }

    @Test
    void hdf5_data_sets_are_read() {
        try (WritableHdfFile file = HdfFile.write(folder.resolve("a.h5"))) {
            file.putDataset("train", matrix(100));
            file.putDataset("test", matrix(7));
        }
        assertRows(Tables.read(VectorTable.open(spark, spec("a.h5"))), 100, 3);
        assertRows(Tables.read(VectorTable.open(spark, spec("a.h5").withDataset("test"))), 7, 3);
        assertThatThrownBy(() -> VectorTable.open(spark, spec("a.h5").withDataset("queries")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("queries");
    }

    private static float[][] matrix(int rows) {
        return IntStream.range(0, rows)
                .mapToObj(i -> new float[] {i, i + 1, i + 2})
                .toArray(float[][]::new);
    }

    @Test
    void npy_arrays_are_read() throws IOException {
        String header = "{'descr': '<f8', 'fortran_order': False, 'shape': (50, 3), }";
        header = header + " ".repeat(117 - header.length()) + "\n";
        ByteBuffer bytes = ByteBuffer.allocate(128 + 50 * 3 * 8).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put((byte) 0x93)
                .put("NUMPY".getBytes(StandardCharsets.US_ASCII))
                .put((byte) 1)
                .put((byte) 0);
        bytes.putShort((short) 118).put(header.getBytes(StandardCharsets.US_ASCII));
        for (int i = 0; i < 150; i++) {
            bytes.putDouble(i == 94 ? 1e300 : i / 3 + i % 3);
        }
        Files.write(folder.resolve("a.npy"), bytes.array());
        VectorTable failing = VectorTable.open(spark, spec("a.npy"));
        assertThat(SparkErrors.unwrap(catchThrowable(() -> Tables.read(failing))).orElseThrow())
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("row 31, component 1");
        InputSpec skipping = spec("a.npy").withBadRows(BadRows.SKIP);
        Tables.Contents contents = Tables.read(VectorTable.open(spark, skipping));
        assertThat(contents.vectors()).hasSize(49).doesNotContainKey("31");
        assertThat(contents.vectors().get("32")).containsExactly(32, 33, 34);
        assertThat(contents.skipped()).isEqualTo(1);
    }

    private void text(IntFunction<String> line, int rows) throws IOException {
        Files.writeString(
                folder.resolve("a.tsv"),
                IntStream.range(0, rows).mapToObj(line).collect(Collectors.joining("\n")));
    }

    @Test
    void text_is_read_by_several_tasks_and_keeps_row_numbers() throws IOException {
        String tail = "\t" + "1.000000001".repeat(1) + "\t-2e-3".repeat(30) + "\t";
        text(i -> i + tail + (i + 32), 20000);
        VectorTable table = VectorTable.open(spark, spec("a.tsv"));
        assertThat(table.batches().getNumPartitions()).isGreaterThan(1);
        assertRows(Tables.read(table), 20000, 33);
    }

    @Test
    void a_bad_line_is_named_or_skipped() throws IOException {
        String tail = "\t-2e-3".repeat(30);
        text(i -> i == 7000 ? "x" + tail : i == 15000 ? "1\t2" : i + tail, 20000);
        VectorTable failing = VectorTable.open(spark, spec("a.tsv"));
        assertThat(SparkErrors.unwrap(catchThrowable(() -> Tables.read(failing))).orElseThrow())
                .isInstanceOf(InvalidInputException.class)
                .message()
                .containsAnyOf("line 7001 ", "line 15001 ");
        InputSpec skipping = spec("a.tsv").withBadRows(BadRows.SKIP);
        Tables.Contents contents = Tables.read(VectorTable.open(spark, skipping));
        assertThat(contents.skipped()).isEqualTo(2);
        assertThat(contents.vectors()).hasSize(19998).doesNotContainKeys("7000", "15000");
        assertThat(contents.vectors().get("6999")[0]).isEqualTo(6999);
        assertThat(contents.vectors().get("7001")[0]).isEqualTo(7001);
        assertThat(contents.vectors().get("19999")[0]).isEqualTo(19999);
    }

    @Test
    void a_blank_line_in_the_middle_is_refused_at_once() throws IOException {
        text(i -> i == 5 ? "" : i + "\t1", 10);
        assertThatThrownBy(() -> VectorTable.open(spark, spec("a.tsv")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("a.tsv: the line at byte 20 is blank, but not the last");
    }

    @Test
    void values_that_cannot_be_used_are_named_or_skipped() throws IOException {
        VectorBlock block = floats(500, 4);
        block.floats()[4 * 123 + 2] = Float.NaN;
        java.util.Arrays.fill(block.floats(), 4 * 321, 4 * 322, 0f);
        write("a.fvecs", VectorFormat.FVECS, block);
        InputSpec spec = spec("a.fvecs");
        VectorTable failing = VectorTable.open(spark, spec);
        assertThat(SparkErrors.unwrap(catchThrowable(() -> Tables.read(failing))).orElseThrow())
                .hasMessage(
                        spec.path()
                                + ": row 123, component 2 is NaN; correct the row, or leave such"
                                + " rows out with --on-bad-row skip");
        InputSpec skipping = spec.withBadRows(BadRows.SKIP);
        assertThat(Tables.read(VectorTable.open(spark, skipping)).skipped()).isEqualTo(1);
        Tables.Contents contents =
                Tables.read(VectorTable.open(spark, skipping.withDomain(VectorDomain.NOT_ZERO)));
        assertThat(contents.skipped()).isEqualTo(2);
        assertThat(contents.vectors()).hasSize(498).doesNotContainKeys("123", "321");
        assertThat(contents.vectors().get("322")).containsExactly(322, 323, 324, 325);
    }

    @Test
    void broken_files_and_folders_are_refused_at_once() throws IOException {
        Files.write(folder.resolve("empty.fvecs"), new byte[0]);
        assertThatThrownBy(() -> VectorTable.open(spark, spec("empty.fvecs")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("empty");
        Files.write(folder.resolve("cut.fvecs"), new byte[] {3, 0, 0, 0, 1, 2});
        assertThatThrownBy(() -> VectorTable.open(spark, spec("cut.fvecs")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("cut.fvecs");
        assertThatThrownBy(
                        () ->
                                VectorTable.open(
                                        spark, InputSpec.of(folder.toString()).withFormat("fvecs")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("is not one file; name one fvecs file");
    }

    @Test
    void ranges_cover_every_row_once() {
        assertThat(Ranges.of(0, 10, 4, 8)).containsExactly(new Ranges.Range(0, 10));
        assertThat(Ranges.of(0, 1 << 20, 128, 8)).hasSize(8);
        assertThat(Ranges.of(0, 10_000_000, 128, 2))
                .hasSize(39)
                .last()
                .extracting(Ranges.Range::to)
                .isEqualTo(10_000_000L);
        assertThat(Ranges.of(3, 5, 100L << 20, 2))
                .containsExactly(new Ranges.Range(3, 4), new Ranges.Range(4, 5));
        assertThat(Ranges.ofCores(0, 10, 4)).hasSize(4).last().isEqualTo(new Ranges.Range(9, 10));
    }
}
