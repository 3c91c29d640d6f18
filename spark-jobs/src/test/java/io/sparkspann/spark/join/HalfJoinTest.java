package io.sparkspann.spark.join;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkspann.build.BuildMode;
import io.sparkspann.build.BuildOptions;
import io.sparkspann.build.IndexBuilder;
import io.sparkspann.build.LocalEngine;
import io.sparkspann.distance.Metric;
import io.sparkspann.error.InvalidInputException;
import io.sparkspann.format.Manifest;
import io.sparkspann.spark.SharedSpark;
import io.sparkspann.spark.build.Builds;
import io.sparkspann.spark.build.VectorSamples;
import io.sparkspann.spark.input.InputSpec;
import io.sparkspann.storage.LocalStorage;
import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.FileBytes;
import io.sparkspann.vector.VectorBlock;
import io.sparkspann.vector.file.VectorFile;
import io.sparkspann.vector.file.VectorFiles;
import io.sparkspann.vector.file.VectorFormat;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Indexes of float16: rounded from floats, or read as halfs, and joined with either. */
@ExtendWith(SharedSpark.class)
class HalfJoinTest {
    private static final int D = 12;
    private static final VectorBlock FLOATS = VectorSamples.clustered(2000, D, 15, 1);
    private static final VectorBlock HALFS = halfs(FLOATS);
    private static final VectorBlock QUERIES = VectorSamples.clustered(60, D, 15, 2);

    @TempDir Path folder;

    private final SparkSession spark;

    HalfJoinTest(SparkSession spark) {
        this.spark = spark;
    }

    private static VectorBlock halfs(VectorBlock floats) {
        VectorBlock halfs = VectorBlock.allocate(ElementType.FLOAT16, D, floats.size());
        float[] row = new float[D];
        for (int i = 0; i < floats.size(); i++) {
            floats.copyTo(i, row, 0);
            halfs.set(i, row);
        }
        return halfs;
    }

    /** A table of little-endian bytes. */
    private String binary(String name, VectorBlock vectors) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < vectors.size(); i++) {
            ByteBuffer bytes =
                    ByteBuffer.allocate(D * vectors.type().bytes()).order(ByteOrder.LITTLE_ENDIAN);
            vectors.write(i, i + 1, bytes);
            rows.add(RowFactory.create((long) i, bytes.array()));
        }
        StructType schema =
                new StructType().add("id", DataTypes.LongType).add("vector", DataTypes.BinaryType);
        String path = folder.resolve(name).toUri().toString();
        spark.createDataFrame(rows, schema).repartition(3).write().parquet(path);
        return path;
    }

    private Manifest build(String index, InputSpec input, BuildOptions options) {
        return Builds.build(spark, input, folder.resolve(index), options, BuildMode.ERROR);
    }

    private void joinIsBruteForce(String index, Metric metric, InputSpec input, VectorBlock q) {
        List<List<String>> truth = BruteForce.search(metric, HALFS, i -> (long) i, q, 5, null);
        KnnJoin join =
                KnnJoin.of(spark, folder.resolve(index).toUri().toString())
                        .k(5)
                        .probes(2000, Double.POSITIVE_INFINITY);
        Joined.requireEqual(join.join(input), i -> (long) i, truth);
    }

    @ParameterizedTest
    @EnumSource(names = {"L2", "IP", "COSINE"})
    void both_engines_round_alike_and_joins_find_the_halfs(Metric metric) {
        BuildOptions options =
                BuildOptions.of(metric)
                        .withShards(3)
                        .withCalibrationQueries(40)
                        .withElementType(ElementType.FLOAT16);
        Path file = folder.resolve("base.fvecs");
        VectorSamples.file(file, FLOATS);
        String table =
                VectorSamples.parquet(
                        spark, folder.resolve("t"), FLOATS, VectorSamples.Table.ofLongs(3, 11));
        Manifest ofTable = build("index", InputSpec.of(table), options);
        Manifest local = local(file, options);
        assertThat(ofTable.schema().elementType()).isEqualTo(ElementType.FLOAT16);
        assertThat(Builds.files(ofTable)).isEqualTo(Builds.files(local));
        assertThat(ofTable.calibration()).isEqualTo(local.calibration());
        InputSpec floats =
                InputSpec.of(VectorSamples.file(folder.resolve("queries.fvecs"), QUERIES));
        joinIsBruteForce("index", metric, floats, QUERIES);
    }

    private Manifest local(Path file, BuildOptions options) {
        LocalStorage storage = LocalStorage.of(folder.resolve("local"));
        try (VectorFile vectors = VectorFiles.open(FileBytes.open(file), VectorFormat.FVECS)) {
            LocalEngine engine =
                    new LocalEngine(vectors, "vectors", false, options.metric().domain(), 2);
            return new IndexBuilder(engine, () -> storage, options, Builds.QUIET)
                    .build(BuildMode.ERROR)
                    .manifest();
        }
    }

    @Test
    void binary_columns_hold_what_is_stated_and_become_what_is_asked_for() {
        BuildOptions options = Builds.options(2);
        BuildOptions halfs = options.withElementType(ElementType.FLOAT16);
        InputSpec ofHalfs = InputSpec.of(binary("halfs", HALFS));
        InputSpec ofFloats = InputSpec.of(binary("floats", FLOATS));
        Manifest read = build("a", ofHalfs.withComponentType(ElementType.FLOAT16), options);
        Manifest rounded = build("b", ofFloats.withComponentType(ElementType.FLOAT32), halfs);
        assertThat(read.schema()).isEqualTo(rounded.schema());
        assertThat(read.schema().dimensions()).isEqualTo(D);
        assertThatThrownBy(() -> build("c", ofFloats, halfs))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("The vectors are to become float16")
                .hasMessageContaining("--binary-type");
        InputSpec queries = InputSpec.of(binary("queries", halfs(QUERIES)));
        joinIsBruteForce("b", Metric.L2, queries, halfs(QUERIES));
        InputSpec wide = InputSpec.of(binary("wide", QUERIES));
        joinIsBruteForce("a", Metric.L2, wide.withComponentType(ElementType.FLOAT32), QUERIES);
    }

    @Test
    void a_data_frame_is_written_as_halfs() {
        String index = folder.resolve("frame").toString();
        String table =
                VectorSamples.parquet(
                        spark, folder.resolve("t"), FLOATS, VectorSamples.Table.ofLongs(2, 11));
        spark.read()
                .parquet(table)
                .write()
                .format("spann")
                .option("elementType", "float16")
                .option("shards", "2")
                .save(index);
        InputSpec floats =
                InputSpec.of(VectorSamples.file(folder.resolve("queries.fvecs"), QUERIES));
        joinIsBruteForce("frame", Metric.L2, floats, QUERIES);
    }
}
