package io.sparkspann.spark.join;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkspann.build.BuildMode;
import io.sparkspann.spark.SharedSpark;
import io.sparkspann.spark.build.Builds;
import io.sparkspann.spark.build.VectorSamples;
import io.sparkspann.spark.input.InputSpec;
import io.sparkspann.spark.stage.ShownStages;
import java.nio.file.Path;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What Spark's user interface shows of builds and joins. */
@ExtendWith(SharedSpark.class)
class JoinStagesTest {
    private static final JoinMemory APART = new JoinMemory(0, 1);

    @TempDir Path folder;

    private final SparkSession spark;
    private final SparkContext context;

    JoinStagesTest(SparkSession spark) {
        this.spark = spark;
        this.context = spark.sparkContext();
    }

    @AfterEach
    void nothingIsLeft() {
        assertThat(context.getLocalProperty("spark.job.description")).isNull();
        assertThat(context.getLocalProperty("callSite.short")).isNull();
    }

    private String input(String name, int rows, long seed) {
        return VectorSamples.parquet(
                spark,
                folder.resolve(name),
                VectorSamples.clustered(rows, 6, 5, seed),
                VectorSamples.Table.ofLongs(2, 3));
    }

    private KnnJoin join() {
        Path index = folder.resolve("index");
        Builds.build(spark, input("base", 600, 1), index, Builds.options(2), BuildMode.ERROR);
        return KnnJoin.of(spark, index.toString()).k(3);
    }

    @Test
    void stages_of_a_build() throws Exception {
        ShownStages shown = ShownStages.of(context, this::join);
        String[] names = {
            "spann build 1/7: scan",
            "spann build 2/7: route",
            "spann build 3/7: heads",
            "spann build 4/7: closure",
            "spann build 5/7: postings"
        };
        assertThat(shown.stages()).containsSubsequence(names);
        assertThat(shown.jobs()).containsSubsequence(names);
        assertThat(shown.jobs())
                .filteredOn(name -> !name.equals("null"))
                .allMatch(name -> name.startsWith("spann build "));
    }

    @Test
    void stages_of_a_join_shard_by_shard() throws Exception {
        KnnJoin join = join().memory(APART);
        InputSpec queries = InputSpec.of(input("queries", 40, 2));
        ShownStages shown =
                ShownStages.of(context, () -> join.join(queries).foreachPartition(rows -> {}));
        assertThat(shown.stages())
                .contains("spann join: queries")
                .containsSubsequence(
                        "spann join 1/4: group", "spann join 2/4: route", "spann join 3/4: scan");
        // The last stage and the job are the caller's.
        assertThat(shown.stages().get(shown.stages().size() - 1)).startsWith("foreachPartition at");
        assertThat(shown.jobs()).contains("spann join: queries", "null");
    }

    @Test
    void stages_of_a_join_in_one_step_of_a_data_set() throws Exception {
        KnnJoin join = join();
        Dataset<Row> queries = spark.read().parquet(input("queries", 40, 2));
        context.setJobDescription("mine");
        try {
            ShownStages shown =
                    ShownStages.of(context, () -> join.join(queries).foreachPartition(rows -> {}));
            assertThat(shown.stages()).contains("spann join: queries", "spann join 1/2: group");
            assertThat(shown.jobs()).contains("spann join: queries").endsWith("mine");
            assertThat(context.getLocalProperty("spark.job.description")).isEqualTo("mine");
        } finally {
            context.setJobDescription(null);
        }
    }

    @Test
    void stages_of_a_join_shard_by_shard_of_a_data_set() throws Exception {
        KnnJoin join = join().memory(APART);
        Dataset<Row> queries = spark.read().parquet(input("queries", 40, 2));
        ShownStages shown =
                ShownStages.of(
                        context,
                        () -> join.join(queries).orderBy("rank").foreachPartition(rows -> {}));
        assertThat(shown.stages())
                .containsSubsequence(
                        "spann join 1/4: group", "spann join 2/4: route", "spann join 3/4: scan");
    }

    @Test
    void stages_of_a_read_of_the_data_source() throws Exception {
        join();
        String queries = input("queries", 40, 2);
        ShownStages shown =
                ShownStages.of(
                        context,
                        () ->
                                spark.read()
                                        .format("spann")
                                        .option("queries", queries)
                                        .load(folder.resolve("index").toString())
                                        .foreachPartition(rows -> {}));
        assertThat(shown.stages())
                .containsSubsequence("spann join: queries", "spann join 1/2: group");
    }
}
