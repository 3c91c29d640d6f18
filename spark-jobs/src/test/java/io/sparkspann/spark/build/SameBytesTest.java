package io.sparkspann.spark.build;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkspann.build.BuildEngine;
import io.sparkspann.build.BuildMode;
import io.sparkspann.build.BuildOptions;
import io.sparkspann.build.IndexBuilder;
import io.sparkspann.build.LocalEngine;
import io.sparkspann.build.Quantizer;
import io.sparkspann.build.TableShape;
import io.sparkspann.distance.Metric;
import io.sparkspann.format.Manifest;
import io.sparkspann.search.Neighbors;
import io.sparkspann.search.SpannIndex;
import io.sparkspann.spark.SharedSpark;
import io.sparkspann.spark.input.InputSpec;
import io.sparkspann.spark.join.KnnJoin;
import io.sparkspann.storage.LocalStorage;
import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.FileBytes;
import io.sparkspann.vector.VectorBatch;
import io.sparkspann.vector.VectorBlock;
import io.sparkspann.vector.VectorDomain;
import io.sparkspann.vector.file.VectorFile;
import io.sparkspann.vector.file.VectorFiles;
import io.sparkspann.vector.file.VectorFormat;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The bytes of an index follow from rows, options and seed alone. */
@ExtendWith(SharedSpark.class)
class SameBytesTest {
    @TempDir Path folder;

    private final SparkSession spark;

    SameBytesTest(SparkSession spark) {
        this.spark = spark;
    }

    private Manifest local(Path file, VectorFormat format, BuildOptions options, int threads) {
        Path index = folder.resolve("local-" + threads);
        String root = index.toString();
        try (VectorFile vectors = VectorFiles.open(FileBytes.open(file), format)) {
            BuildEngine engine =
                    new LocalEngine(vectors, "vectors", false, VectorDomain.ANY, threads);
            return new IndexBuilder(
                            engine, () -> LocalStorage.of(Path.of(root)), options, Builds.QUIET)
                    .build(BuildMode.ERROR)
                    .manifest();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"L2", "IP", "COSINE", "L1", "ANGLE"})
    void spark_builds_what_a_single_process_builds(Metric metric) {
        VectorBlock vectors = VectorSamples.clustered(4000, 24, 20, 1);
        BuildOptions options =
                BuildOptions.of(metric).withShards(5).withCalibrationQueries(40).withSeed(7);
        Path file = folder.resolve("vectors.fvecs");
        String fvecs = VectorSamples.file(file, vectors);
        String parquet =
                VectorSamples.parquet(
                        spark,
                        folder.resolve("table"),
                        vectors,
                        VectorSamples.Table.ofLongs(3, 11));

        Manifest single = local(file, VectorFormat.FVECS, options, 1);
        Manifest ofFile = Builds.build(spark, fvecs, folder.resolve("f"), options, BuildMode.ERROR);
        Manifest ofTable =
                Builds.build(spark, parquet, folder.resolve("t"), options, BuildMode.ERROR);

        assertThat(single.shards()).hasSize(5);
        assertThat(Builds.files(ofFile)).isEqualTo(Builds.files(single));
        assertThat(Builds.files(ofTable)).isEqualTo(Builds.files(single));
        assertThat(ofTable.contentId()).isEqualTo(single.contentId());
        assertThat(ofTable.calibration()).isEqualTo(single.calibration());
        assertThat(ofTable.schema()).isEqualTo(single.schema());
    }

    @Test
    void codes_are_those_of_a_single_process() {
        VectorBlock vectors = VectorSamples.clustered(3000, 24, 20, 1);
        BuildOptions options =
                BuildOptions.of(Metric.L2)
                        .withShards(3)
                        .withCalibrationQueries(40)
                        .withQuantizer(Quantizer.SQ8);
        Path file = folder.resolve("vectors.fvecs");
        String fvecs = VectorSamples.file(file, vectors);
        Manifest single = local(file, VectorFormat.FVECS, options, 1);
        Manifest spread = Builds.build(spark, fvecs, folder.resolve("f"), options, BuildMode.ERROR);
        assertThat(Builds.files(spread)).isEqualTo(Builds.files(single));
        assertThat(spread.schema()).isEqualTo(single.schema());
        assertThat(spread.schema().quantization()).isNotNull();
        Path index = folder.resolve("f");
        VectorBlock queries = vectors.slice(0, 40);
        String asked = VectorSamples.file(folder.resolve("q.fvecs"), queries);
        try (SpannIndex opened = SpannIndex.open(index)) {
            Neighbors exact = opened.searchExact(queries, 5);
            List<Row> rows =
                    KnnJoin.of(spark, index.toUri().toString())
                            .k(5)
                            .exact()
                            .join(InputSpec.of(asked))
                            .orderBy("query_id", "rank")
                            .collectAsList();
            assertThat(rows).hasSize(200);
            for (int i = 0; i < rows.size(); i++) {
                assertThat(rows.get(i).getLong(1)).isEqualTo(exact.id(i / 5, i % 5));
                assertThat(rows.get(i).getFloat(2)).isEqualTo(exact.distance(i / 5, i % 5));
            }
        }
    }

    @Test
    void leaves_that_have_to_be_divided_are_divided_alike() {
        VectorBlock vectors = VectorSamples.clustered(3000, 12, 10, 8);
        // Two of three rows are equal.
        for (int row = 0; row < vectors.size(); row++) {
            if (row % 3 != 0) {
                vectors.copyTo(0, vectors, row);
            }
        }
        Path file = folder.resolve("vectors.fvecs");
        VectorSamples.file(file, vectors);
        String parquet =
                VectorSamples.parquet(
                        spark, folder.resolve("t"), vectors, VectorSamples.Table.ofLongs(3, 11));
        BuildOptions options = Builds.options(0).withShardVectors(400);
        Manifest ofTable =
                Builds.build(spark, parquet, folder.resolve("i"), options, BuildMode.ERROR);
        assertThat(ofTable.shards()).allMatch(shard -> shard.vectors() <= 800);
        assertThat(ofTable.statistics().path("stageSeconds").has("2-divide-1")).isTrue();
        assertThat(Builds.files(ofTable))
                .isEqualTo(Builds.files(local(file, VectorFormat.FVECS, options, 2)));
    }

    @Test
    void bytes_build_the_same_from_bvecs_and_from_a_table_of_integers() {
        VectorBlock vectors =
                VectorSamples.integers(ElementType.UINT8, 3000, 16, new int[] {0, 255}, 2);
        Path file = folder.resolve("vectors.bvecs");
        VectorSamples.file(file, vectors);
        String parquet =
                VectorSamples.parquet(
                        spark, folder.resolve("table"), vectors, VectorSamples.Table.ofLongs(4, 5));
        BuildOptions options = Builds.options(3);
        Manifest ofTable =
                Builds.build(spark, parquet, folder.resolve("t"), options, BuildMode.ERROR);
        assertThat(Builds.files(ofTable))
                .isEqualTo(Builds.files(local(file, VectorFormat.BVECS, options, 2)));
    }

    @Test
    void the_type_of_ids_is_part_of_the_content() {
        VectorBlock vectors = VectorSamples.clustered(1000, 8, 5, 3);
        VectorSamples.Table ints = new VectorSamples.Table(DataTypes.IntegerType, i -> i, 2, 0);
        String table = VectorSamples.parquet(spark, folder.resolve("ints"), vectors, ints);
        String longs =
                VectorSamples.parquet(
                        spark, folder.resolve("longs"), vectors, VectorSamples.Table.ofLongs(2, 0));
        BuildOptions options = Builds.options(2);
        Manifest ofInts = Builds.build(spark, table, folder.resolve("i"), options, BuildMode.ERROR);
        Manifest ofLongs =
                Builds.build(spark, longs, folder.resolve("l"), options, BuildMode.ERROR);
        assertThat(ofInts.contentId()).isNotEqualTo(ofLongs.contentId());
        assertThat(ofInts.calibration()).isEqualTo(ofLongs.calibration());
        assertThat(ofInts.vectors()).isEqualTo(ofLongs.vectors());
    }

    @Test
    void seed_and_options_change_the_bytes() {
        VectorBlock vectors = VectorSamples.clustered(2000, 8, 5, 3);
        String input = VectorSamples.file(folder.resolve("v.fvecs"), vectors);
        Manifest a =
                Builds.build(spark, input, folder.resolve("a"), Builds.options(2), BuildMode.ERROR);
        Manifest b =
                Builds.build(
                        spark,
                        input,
                        folder.resolve("b"),
                        Builds.options(2).withSeed(43),
                        BuildMode.ERROR);
        assertThat(a.contentId()).isNotEqualTo(b.contentId());
        assertThat(Builds.files(a).get("0 heads")).isNotEqualTo(Builds.files(b).get("0 heads"));
    }

    @Test
    void files_partitions_and_order_of_the_rows_change_nothing() {
        VectorBlock vectors = VectorSamples.clustered(4000, 16, 12, 4);
        BuildOptions options = Builds.options(4);
        Map<String, String> expected = null;
        int number = 0;
        for (VectorSamples.Table table :
                List.of(
                        VectorSamples.Table.ofLongs(1, 0),
                        VectorSamples.Table.ofLongs(3, 21),
                        VectorSamples.Table.ofLongs(8, 22))) {
            Path parquet = folder.resolve("table-" + number);
            String input = VectorSamples.parquet(spark, parquet, vectors, table);
            if (number == 2) {
                // A file without rows, and with it partitions without rows.
                VectorSamples.parquet(
                        spark, parquet, vectors.slice(0, 0), VectorSamples.Table.ofLongs(1, 0));
            }
            for (String bytes : number == 0 ? List.of("128m") : List.of("128m", "20k")) {
                Path index = folder.resolve("index-" + number + "-" + bytes);
                Manifest manifest =
                        Builds.with(
                                spark,
                                Map.of(
                                        "spark.sql.files.maxPartitionBytes",
                                        bytes,
                                        "spark.sql.files.openCostInBytes",
                                        "1"),
                                () -> Builds.build(spark, input, index, options, BuildMode.ERROR));
                expected = expected == null ? Builds.files(manifest) : expected;
                assertThat(Builds.files(manifest)).as(index.toString()).isEqualTo(expected);
            }
            number++;
        }
    }

    @Test
    void tasks_that_run_twice_leave_no_trace() {
        VectorBlock vectors = VectorSamples.clustered(3000, 16, 12, 5);
        String input =
                VectorSamples.parquet(
                        spark, folder.resolve("table"), vectors, VectorSamples.Table.ofLongs(3, 9));
        BuildOptions options = Builds.options(3);
        Manifest once = Builds.build(spark, input, folder.resolve("a"), options, BuildMode.ERROR);
        Path index = folder.resolve("b");
        Manifest twice =
                new IndexBuilder(
                                new Twice(Builds.engine(spark, input)),
                                Builds.opener(spark, index),
                                options,
                                Builds.QUIET)
                        .build(BuildMode.ERROR)
                        .manifest();
        assertThat(Builds.files(twice)).isEqualTo(Builds.files(once));
        assertThat(Builds.list(index)).isEqualTo(Builds.named(twice));
    }

    /** Runs each task twice, as speculation does, and takes the second result. */
    private record Twice(BuildEngine engine) implements BuildEngine {
        @Override
        public TableShape table() {
            return engine.table();
        }

        @Override
        public <R extends Serializable> List<R> mapInput(String stage, InputTask<R> task) {
            return engine.mapInput(
                    stage,
                    (split, batches) -> {
                        List<VectorBatch> all = new ArrayList<>();
                        batches.forEachRemaining(all::add);
                        Iterator<VectorBatch> first = all.iterator();
                        task.run(split, first);
                        return task.run(split, all.iterator());
                    });
        }

        @Override
        public <R extends Serializable> List<R> run(String stage, int tasks, IndexedTask<R> task) {
            return engine.run(
                    stage,
                    tasks,
                    index -> {
                        task.run(index);
                        return task.run(index);
                    });
        }
    }
}
