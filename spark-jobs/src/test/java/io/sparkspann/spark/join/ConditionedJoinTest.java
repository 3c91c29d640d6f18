package io.sparkspann.spark.join;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkspann.build.BuildMode;
import io.sparkspann.build.BuildOptions;
import io.sparkspann.distance.Metric;
import io.sparkspann.error.InvalidInputException;
import io.sparkspann.search.IdCondition;
import io.sparkspann.search.SearchOptions;
import io.sparkspann.spark.SharedSpark;
import io.sparkspann.spark.build.Builds;
import io.sparkspann.spark.build.VectorSamples;
import io.sparkspann.spark.input.InputSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongPredicate;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.roaringbitmap.RoaringBitmap;
import org.roaringbitmap.longlong.Roaring64Bitmap;

/** Joins that may find vectors only whose ids satisfy a condition. */
@ExtendWith(SharedSpark.class)
class ConditionedJoinTest {
    private static final int N = 1500;
    private static final int QUERIES = 20;
    private static final int K = 4;

    private final SparkSession spark;

    @TempDir Path folder;

    private String index;
    private Dataset<Row> table;
    private Dataset<Row> asked;

    ConditionedJoinTest(SparkSession spark) {
        this.spark = spark;
    }

    @BeforeEach
    void build() {
        index = build("index", DataTypes.LongType);
        asked = table.where("id < " + QUERIES);
    }

    private String build(String name, DataType idType) {
        boolean text = idType == DataTypes.StringType;
        VectorSamples.Table shape =
                new VectorSamples.Table(
                        idType, i -> text ? (Object) ("name " + i) : (Object) (long) i, 3, 4);
        String input =
                VectorSamples.parquet(
                        spark,
                        folder.resolve(name + " base"),
                        VectorSamples.clustered(N, 8, 6, 1),
                        shape);
        table = spark.read().parquet(input);
        String place = folder.resolve(name).toString();
        Builds.build(
                spark,
                InputSpec.of(input),
                folder.resolve(name),
                BuildOptions.of(Metric.L2).withShards(3).withCalibrationQueries(0),
                BuildMode.ERROR);
        return place;
    }

    /** A condition, and what it says. */
    private enum Case {
        WHERE(id -> id % 7 == 2) {
            @Override
            IdCondition condition() {
                return IdCondition.where(id -> id % 7 == 2);
            }
        },
        ALLOW(id -> id < 900 && id % 5 == 0) {
            @Override
            IdCondition condition() {
                RoaringBitmap bitmap = new RoaringBitmap();
                IntStream.range(0, 900).filter(this::passes).forEach(bitmap::add);
                return IdCondition.allow(bitmap);
            }
        },
        DENY(id -> id >= 1000 && id != 1234) {
            @Override
            IdCondition condition() {
                Roaring64Bitmap bitmap = new Roaring64Bitmap();
                LongStream.range(0, 1000).forEach(bitmap::addLong);
                return IdCondition.deny(bitmap).and(IdCondition.denyIds(1234));
            }
        },
        NONE(id -> false) {
            @Override
            IdCondition condition() {
                return IdCondition.allowIds(-5, N);
            }
        };

        private final LongPredicate passes;

        Case(LongPredicate passes) {
            this.passes = passes;
        }

        boolean passes(long id) {
            return passes.test(id);
        }

        abstract IdCondition condition();
    }

    /** All pairs that pass, nearest first. */
    private List<Row> pairs(Case some, int most) {
        LongPredicate passes = some.passes;
        Dataset<Row> all = RangeJoin.of(spark, index, 1e9).join(asked, "id", "vector");
        assertThat(all.count()).isEqualTo((long) N * QUERIES);
        List<Row> kept =
                all.collectAsList().stream().filter(row -> passes.test(row.getLong(1))).toList();
        return spark.createDataFrame(kept, all.schema())
                .withColumn(
                        "rank",
                        functions
                                .row_number()
                                .over(
                                        Window.partitionBy("query_id")
                                                .orderBy("distance", "neighbor_id")))
                .where("rank <= " + most)
                .orderBy("query_id", "rank")
                .collectAsList();
    }

    @ParameterizedTest
    @EnumSource
    void exact_joins_find_the_nearest_that_pass(Case some) {
        List<Row> expected = pairs(some, K);
        for (JoinMemory memory : List.of(JoinMemory.BY_SETTINGS, new JoinMemory(0, 1))) {
            KnnJoin join = KnnJoin.of(spark, index).k(K).memory(memory).among(some.condition());
            assertThat(rows(join.exact().join(asked, "id", "vector"))).isEqualTo(expected);
            SearchOptions allPostings =
                    SearchOptions.ofProbes(K, 100_000, Double.POSITIVE_INFINITY);
            assertThat(rows(join.with(allPostings).join(asked, "id", "vector")))
                    .isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @EnumSource
    void range_joins_find_all_that_pass(Case some) {
        RangeJoin join = RangeJoin.of(spark, index, 1e9).among(some.condition());
        List<Row> found =
                join.join(asked, "id", "vector")
                        .orderBy("query_id", "distance", "neighbor_id")
                        .collectAsList();
        List<Row> expected = pairs(some, N);
        assertThat(found).hasSameSizeAs(expected);
        for (int i = 0; i < found.size(); i++) {
            assertThat(found.get(i).getLong(0)).isEqualTo(expected.get(i).getLong(0));
            assertThat(found.get(i).getLong(1)).isEqualTo(expected.get(i).getLong(1));
        }
        RangeJoinResult capped = join.maxResults(2).prepare(asked, "id", "vector");
        assertThat(capped.rows().count()).isEqualTo(Math.min(2 * QUERIES, expected.size()));
        assertThat(capped.cappedQueries()).isEqualTo(expected.isEmpty() ? 0 : QUERIES);
    }

    @Test
    void conditions_and_rows_hold_together() {
        Dataset<Row> few = spark.range(40).toDF("id");
        List<Row> found =
                KnnJoin.of(spark, index)
                        .k(K)
                        .exact()
                        .among(few, "id")
                        .among(Case.WHERE.condition())
                        .join(asked, "id", "vector")
                        .select("neighbor_id")
                        .distinct()
                        .orderBy("neighbor_id")
                        .collectAsList();
        assertThat(found.stream().map(row -> row.getLong(0)))
                .isSubsetOf(2L, 9L, 16L, 23L, 30L, 37L)
                .hasSizeGreaterThanOrEqualTo(K);
    }

    @Test
    void text_needs_a_condition_on_text() {
        String named = build("named", DataTypes.StringType);
        KnnJoin join = KnnJoin.of(spark, named).k(K).exact();
        assertThatThrownBy(() -> join.among(IdCondition.allowIds(1, 2)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("are strings, not numbers");
        Dataset<Row> found =
                join.among(IdCondition.allowIds(List.of("name 3", "name 8")))
                        .join(asked, "id", "vector");
        assertThat(found.count()).isEqualTo(2 * QUERIES);
        assertThat(found.where("neighbor_id not in ('name 3', 'name 8')").count()).isZero();
    }

    private static List<Row> rows(Dataset<Row> joined) {
        return joined.orderBy("query_id", "rank").collectAsList();
    }
}
