package io.sparkspann.spark.join;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkspann.build.BuildMode;
import io.sparkspann.distance.Metric;
import io.sparkspann.spark.SharedSpark;
import io.sparkspann.spark.build.Builds;
import io.sparkspann.spark.build.VectorSamples;
import io.sparkspann.spark.input.InputSpec;
import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.VectorBlock;
import io.sparkspann.vector.VectorDomain;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A join that reads all postings is an exact join: ids, order of equals, distances. */
@ExtendWith(SharedSpark.class)
class ExactJoinTest {
    private static final int ALL = 1_000_000;

    @TempDir Path folder;

    private final SparkSession spark;

    ExactJoinTest(SparkSession spark) {
        this.spark = spark;
    }

    private KnnJoin join(String index, int k) {
        return KnnJoin.of(spark, folder.resolve(index).toUri().toString())
                .k(k)
                .probes(ALL, Double.POSITIVE_INFINITY);
    }

    private void build(String index, String input, Metric metric, int shards) {
        Builds.build(
                spark,
                InputSpec.of(input),
                folder.resolve(index),
                io.sparkspann.build.BuildOptions.of(metric)
                        .withShards(shards)
                        .withCalibrationQueries(0),
                BuildMode.ERROR);
    }

    private String table(String name, VectorBlock vectors, VectorSamples.Table table) {
        return VectorSamples.parquet(spark, folder.resolve(name), vectors, table);
    }

    /** Heads and ids do not fit: shards are scanned apart. */
    private static final JoinMemory APART = new JoinMemory(0, 1);

    /** In one step, and with shards that are scanned apart. */
    private static void requireBothWays(
            KnnJoin join, InputSpec queries, BruteForce.Ids ids, List<List<String>> expected) {
        Joined.requireEqual(join.join(queries), ids, expected);
        Joined.requireEqual(join.memory(APART).join(queries), ids, expected);
    }

    static Stream<Arguments> metricsAndTypes() {
        List<Arguments> cases = new ArrayList<>();
        for (Metric metric : List.of(Metric.SQUARED_L2, Metric.L1, Metric.ANGLE)) {
            cases.add(Arguments.of(metric, ElementType.FLOAT32));
        }
        for (Metric metric : List.of(Metric.L2, Metric.IP, Metric.COSINE)) {
            for (ElementType type :
                    List.of(ElementType.FLOAT32, ElementType.UINT8, ElementType.INT8)) {
                cases.add(Arguments.of(metric, type));
            }
        }
        return cases.stream();
    }

    /** Four values in four components: 256 vectors, so each occurs often. */
    @ParameterizedTest
    @MethodSource("metricsAndTypes")
    void equals_are_ordered_by_id(Metric metric, ElementType type) {
        int[] range = type == ElementType.INT8 ? new int[] {-2, 1} : new int[] {0, 3};
        if (metric.domain() == VectorDomain.NOT_ZERO) {
            range = new int[] {1, 4};
        }
        VectorBlock base = VectorSamples.integers(type, 1500, 4, range, 1);
        VectorBlock queries = VectorSamples.integers(type, 60, 4, range, 2);
        build("index", table("base", base, VectorSamples.Table.ofLongs(3, 4)), metric, 3);
        String input = table("queries", queries, VectorSamples.Table.ofLongs(2, 5));
        requireBothWays(
                join("index", 37),
                InputSpec.of(input),
                i -> i,
                BruteForce.search(metric, base, i -> (long) i, queries, 37, null));
    }

    @ParameterizedTest
    @EnumSource(names = {"POINCARE", "LORENTZ"})
    void points_of_hyperbolic_space(Metric metric) {
        VectorBlock base = hyperbolic(metric, VectorSamples.clustered(2000, 7, 9, 1));
        VectorBlock queries = hyperbolic(metric, VectorSamples.clustered(50, 7, 9, 2));
        build("index", table("base", base, VectorSamples.Table.ofLongs(2, 4)), metric, 3);
        String input = table("queries", queries, VectorSamples.Table.ofLongs(2, 5));
        requireBothWays(
                join("index", 10),
                InputSpec.of(input),
                i -> i,
                BruteForce.search(metric, base, i -> (long) i, queries, 10, null));
        VectorBlock outside = VectorSamples.clustered(3, 7, 2, 5);
        outside.floats()[9] = -3f;
        String wrong = table("wrong", outside, VectorSamples.Table.ofLongs(1, 3));
        KnnJoin join = join("index", 10);
        assertThatThrownBy(() -> join.join(InputSpec.of(wrong)).count())
                .hasStackTraceContaining(metric == Metric.POINCARE ? "ball" : "hyperboloid");
    }

    /** Moves points into the unit ball, or to the hyperboloid above them. */
    private static VectorBlock hyperbolic(Metric metric, VectorBlock points) {
        float[] x = points.floats();
        int d = points.dimensions();
        for (int i = 0; i < points.size(); i++) {
            double squared = 0;
            for (int j = i * d + 1; j < (i + 1) * d; j++) {
                squared += (double) x[j] * x[j];
            }
            x[i * d] = metric == Metric.LORENTZ ? (float) Math.sqrt(1 + squared) : 0f;
            for (int j = i * d + 1; j < (i + 1) * d && metric == Metric.POINCARE; j++) {
                x[j] /= (float) (1 + Math.sqrt(squared));
            }
        }
        return points;
    }

    @ParameterizedTest
    @MethodSource("metricsAndTypes")
    void distances_are_those_of_the_definition(Metric metric, ElementType type) {
        VectorBlock base =
                type == ElementType.FLOAT32
                        ? VectorSamples.clustered(2000, 19, 9, 1)
                        : VectorSamples.integers(type, 2000, 19, wide(type), 1);
        VectorBlock queries =
                type == ElementType.FLOAT32
                        ? VectorSamples.clustered(50, 19, 9, 2)
                        : VectorSamples.integers(type, 50, 19, wide(type), 2);
        build("index", table("base", base, VectorSamples.Table.ofLongs(2, 4)), metric, 3);
        String file =
                switch (type) {
                    case UINT8 -> VectorSamples.file(folder.resolve("q.bvecs"), queries);
                    case INT8 -> table("queries", queries, VectorSamples.Table.ofLongs(2, 0));
                    default -> VectorSamples.file(folder.resolve("q.fvecs"), queries);
                };
        requireBothWays(
                join("index", 10),
                InputSpec.of(file),
                i -> i,
                BruteForce.search(metric, base, i -> (long) i, queries, 10, null));
    }

    private static int[] wide(ElementType type) {
        return type == ElementType.INT8 ? new int[] {-128, 127} : new int[] {0, 255};
    }

    private static VectorSamples.Table table(String type) {
        return switch (type) {
            case "int" -> new VectorSamples.Table(DataTypes.IntegerType, i -> 7 - 3 * i, 2, 3);
            case "long" ->
                    new VectorSamples.Table(
                            DataTypes.LongType, i -> (1L << 40) * (i % 2 == 0 ? 1 : -1) + i, 2, 3);
            // Order of bytes: Ä after z, Z before a.
            default ->
                    new VectorSamples.Table(
                            DataTypes.StringType,
                            i -> List.of("Ä", "z", "Z", "a", "").get(i % 5) + i,
                            2,
                            3);
        };
    }

    @ParameterizedTest
    @CsvSource({
        "int,int",
        "int,string",
        "long,int",
        "long,long",
        "string,long",
        "string,string",
    })
    void ids_keep_their_types(String baseIds, String queryIds) {
        VectorBlock base = VectorSamples.integers(ElementType.UINT8, 700, 3, new int[] {0, 4}, 1);
        VectorBlock queries = VectorSamples.integers(ElementType.UINT8, 40, 3, new int[] {0, 4}, 2);
        VectorSamples.Table baseTable = table(baseIds);
        VectorSamples.Table queryTable = table(queryIds);
        build("index", table("base", base, baseTable), Metric.L2, 2);
        Dataset<Row> rows =
                join("index", 9).join(InputSpec.of(table("queries", queries, queryTable)));
        DataType[] types = {queryTable.idType(), baseTable.idType()};
        assertThat(rows.schema().fields()[0].dataType()).isEqualTo(types[0]);
        assertThat(rows.schema().fields()[1].dataType()).isEqualTo(types[1]);
        assertThat(rows.schema().fieldNames())
                .containsExactly("query_id", "neighbor_id", "distance", "rank");
        Joined.requireEqual(
                rows,
                i -> queryTable.ids().apply(i),
                BruteForce.search(
                        Metric.L2, base, i -> baseTable.ids().apply(i), queries, 9, null));
    }

    @Test
    void shards_partitions_and_k_do_not_change_the_result() {
        VectorBlock base = VectorSamples.clustered(2500, 16, 10, 1);
        VectorBlock queries = VectorSamples.clustered(90, 16, 10, 2);
        String input = VectorSamples.file(folder.resolve("base.fvecs"), base);
        String file = VectorSamples.file(folder.resolve("queries.fvecs"), queries);
        String one = table("one", queries, VectorSamples.Table.ofLongs(1, 0));
        String seven = table("seven", queries, VectorSamples.Table.ofLongs(7, 8));
        table("seven", queries.slice(0, 0), VectorSamples.Table.ofLongs(1, 0));
        List<List<String>> expected =
                BruteForce.search(Metric.L2, base, i -> (long) i, queries, 100, null);
        for (int shards : new int[] {1, 3, 8}) {
            String index = "index-" + shards;
            build(index, input, Metric.L2, shards);
            assertThat(join(index, 1).manifest().shards()).hasSize(shards);
            for (String queryInput : List.of(file, one, seven)) {
                Map<String, String> split =
                        Map.of(
                                "spark.sql.files.maxPartitionBytes", "2k",
                                "spark.sql.files.openCostInBytes", "1");
                Builds.with(
                        spark,
                        split,
                        () -> {
                            requireBothWays(
                                    join(index, 100), InputSpec.of(queryInput), i -> i, expected);
                            return null;
                        });
            }
            requireBothWays(
                    join(index, 1),
                    InputSpec.of(file),
                    i -> i,
                    expected.stream().map(list -> list.subList(0, 1)).toList());
        }
    }

    @Test
    void memory_for_queries_does_not_change_the_result() {
        VectorBlock base = VectorSamples.clustered(2000, 8, 10, 1);
        VectorBlock queries = VectorSamples.clustered(3000, 8, 10, 2);
        build("index", VectorSamples.file(folder.resolve("base.fvecs"), base), Metric.L2, 3);
        InputSpec file = InputSpec.of(VectorSamples.file(folder.resolve("queries.fvecs"), queries));
        KnnJoin join = join("index", 5).probes(6, 0.4);
        var lists = Joined.lists(join.join(file));
        assertThat(lists).hasSize(3000);
        assertThat(Joined.lists(join.memory(new JoinMemory(1, 0)).join(file))).isEqualTo(lists);
        // Heads and ids that do not fit: shards are scanned apart.
        assertThat(Joined.lists(join.memory(new JoinMemory(0, 1)).join(file))).isEqualTo(lists);
        assertThat(Joined.lists(join.memory(new JoinMemory(1, 1)).join(file))).isEqualTo(lists);
    }

    /** Blocks of queries are larger than the chunks that a task may hold. */
    @Test
    void chunks_within_a_block_do_not_change_the_result() {
        VectorBlock base = VectorSamples.integers(ElementType.UINT8, 1200, 4, new int[] {0, 5}, 1);
        String input = table("base", base, table("string"));
        build("index", input, Metric.L2, 3);
        BruteForce.Ids ids = i -> table("string").ids().apply(i);
        KnnJoin join = join("index", 150).excludeSelf(true);
        Joined.requireEqual(
                join.memory(new JoinMemory(1, 0)).join(InputSpec.of(input)),
                ids,
                BruteForce.search(Metric.L2, base, ids, base, 150, ids));
    }

    @Test
    void k_beyond_the_table_gives_the_whole_table() {
        VectorBlock base = VectorSamples.clustered(150, 8, 3, 1);
        VectorBlock queries = VectorSamples.clustered(5, 8, 3, 2);
        build("index", VectorSamples.file(folder.resolve("base.fvecs"), base), Metric.L2, 2);
        String file = VectorSamples.file(folder.resolve("queries.fvecs"), queries);
        requireBothWays(
                join("index", 10_000),
                InputSpec.of(file),
                i -> i,
                BruteForce.search(Metric.L2, base, i -> (long) i, queries, 150, null));
    }

    @Test
    void query_rows_of_the_same_id_have_their_own_neighbours() {
        VectorBlock base = VectorSamples.clustered(800, 8, 5, 1);
        VectorBlock queries = VectorSamples.clustered(30, 8, 5, 2);
        build("index", VectorSamples.file(folder.resolve("b.fvecs"), base), Metric.L2, 3);
        VectorSamples.Table twice =
                new VectorSamples.Table(DataTypes.IntegerType, i -> i / 2, 3, 6);
        InputSpec input = InputSpec.of(table("queries", queries, twice));
        List<List<String>> expected =
                BruteForce.search(Metric.L2, base, i -> (long) i, queries, 6, null);
        for (JoinMemory memory : List.of(JoinMemory.BY_SETTINGS, APART)) {
            Map<String, List<List<String>>> lists =
                    Joined.lists(join("index", 6).memory(memory).join(input));
            assertThat(lists).hasSize(15);
            for (int q = 0; q < 15; q++) {
                assertThat(lists.get(Integer.toString(q)))
                        .containsExactlyInAnyOrder(expected.get(2 * q), expected.get(2 * q + 1));
            }
        }
    }

    /** Copies of a vector are neighbours of it; the vector itself is not. */
    @ParameterizedTest
    @CsvSource({"1", "3", "20"})
    void a_self_join_leaves_out_the_query_itself_only(int k) {
        VectorBlock base = VectorSamples.integers(ElementType.INT8, 900, 3, new int[] {-3, 3}, 1);
        String input = table("base", base, table("string"));
        build("index", input, Metric.L2, 3);
        BruteForce.Ids ids = i -> table("string").ids().apply(i);
        requireBothWays(
                join("index", k).excludeSelf(true),
                InputSpec.of(input),
                ids,
                BruteForce.search(Metric.L2, base, ids, base, k, ids));
        assertThat(Joined.lists(join("index", k).join(InputSpec.of(input))).values())
                .allMatch(lists -> lists.get(0).get(0).endsWith(" 0.0"));
    }

    /** With little memory, all of them in one shard, they make several parts of several chunks. */
    @ParameterizedTest
    @CsvSource({"65536, 0", "524288, 0", "134217728, 0", "65536, 1", "134217728, 1"})
    void queries_that_crowd_in_one_posting_are_all_answered(long chunkBytes, long treeBytes) {
        VectorBlock base = VectorSamples.clustered(2000, 8, 10, 1);
        build("index", VectorSamples.file(folder.resolve("base.fvecs"), base), Metric.L2, 4);
        int n = 20_000;
        int[] rows = new int[n];
        VectorBlock query = VectorSamples.clustered(1, 8, 10, 2);
        String file = VectorSamples.file(folder.resolve("queries.fvecs"), query.gather(rows));
        List<String> expected =
                BruteForce.search(Metric.L2, base, i -> (long) i, query, 3, null).get(0);
        Dataset<Row> joined =
                join("index", 3)
                        .probes(50, 0.5)
                        .memory(new JoinMemory(chunkBytes, treeBytes))
                        .join(InputSpec.of(file));
        Dataset<Row> counts =
                joined.groupBy("rank", "neighbor_id", "distance").count().orderBy("rank");
        assertThat(counts.collectAsList())
                .extracting(row -> row.get(1) + " " + row.get(2) + " x " + row.get(3))
                .containsExactlyElementsOf(
                        expected.stream().map(text -> text + " x " + n).toList());
        assertThat(joined.select("query_id").distinct().count()).isEqualTo(n);
    }

    @Test
    void skipped_queries_have_no_rows() {
        VectorBlock base = VectorSamples.clustered(600, 4, 5, 1);
        build("index", VectorSamples.file(folder.resolve("base.fvecs"), base), Metric.L2, 2);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            float x = i % 4 == 0 ? Float.NaN : i;
            rows.add(RowFactory.create((long) i, new Object[] {x, 1f, 2f, 3f}));
        }
        String input =
                VectorSamples.parquet(
                        spark,
                        folder.resolve("queries"),
                        rows,
                        VectorSamples.schema(DataTypes.LongType, ElementType.FLOAT32),
                        3);
        InputSpec spec = InputSpec.of(input).withBadRows(io.sparkspann.spark.input.BadRows.SKIP);
        for (JoinMemory memory : List.of(JoinMemory.BY_SETTINGS, APART)) {
            assertThat(Joined.lists(join("index", 2).memory(memory).join(spec)))
                    .hasSize(15)
                    .doesNotContainKey("0");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"L2", "IP", "L1"})
    void exact_joins_need_no_recall(Metric metric) {
        VectorBlock base = VectorSamples.clustered(3000, 12, 20, 1);
        VectorBlock queries = VectorSamples.clustered(80, 12, 20, 2);
        build("index", table("base", base, VectorSamples.Table.ofLongs(2, 4)), metric, 4);
        String input = table("queries", queries, VectorSamples.Table.ofLongs(3, 5));
        requireBothWays(
                KnnJoin.of(spark, indexUri()).k(37).exact(),
                InputSpec.of(input),
                i -> i,
                BruteForce.search(metric, base, i -> (long) i, queries, 37, null));
    }

    private String indexUri() {
        return folder.resolve("index").toUri().toString();
    }

    @ParameterizedTest
    @EnumSource(names = {"L2", "IP"})
    void range_joins_find_all_pairs_within_the_radius(Metric metric) {
        VectorBlock base = VectorSamples.clustered(2000, 6, 20, 1);
        build("index", table("base", base, VectorSamples.Table.ofLongs(2, 4)), metric, 4);
        String input = table("queries", base.slice(0, 150), VectorSamples.Table.ofLongs(3, 5));
        double radius = border(metric, base);
        List<String> expected = new ArrayList<>();
        for (int q = 0; q < 150; q++) {
            for (int i = 0; i < base.size(); i++) {
                float distance = BruteForce.distance(metric, base, q, base, i);
                boolean within = metric.isSimilarity() ? distance >= radius : distance <= radius;
                if (within && i != q) {
                    expected.add(q + " " + i + " " + distance);
                }
            }
        }
        RangeJoin join = RangeJoin.of(spark, indexUri(), radius).excludeSelf(true);
        RangeJoinResult result = join.prepare(InputSpec.of(input));
        assertThat(pairs(result.rows())).isEqualTo(expected.stream().sorted().toList());
        assertThat(result.pairs()).isEqualTo(expected.size());
        assertThat(result.queries()).isEqualTo(150);
        assertThat(result.cappedQueries()).isZero();
        assertThat(pairs(join.memory(APART).join(InputSpec.of(input)))).hasSize(expected.size());
        requireCapped(join, InputSpec.of(input), expected);
    }

    /** A radius that a pair of the table is on, with some inside. */
    private static double border(Metric metric, VectorBlock base) {
        double sign = metric.isSimilarity() ? -1 : 1;
        double[] keys =
                IntStream.range(0, base.size())
                        .mapToDouble(i -> sign * BruteForce.distance(metric, base, 3, base, i))
                        .sorted()
                        .toArray();
        return sign * keys[12];
    }

    private static void requireCapped(RangeJoin join, InputSpec input, List<String> all) {
        int most = 7;
        Map<String, List<String>> byQuery =
                all.stream().collect(Collectors.groupingBy(pair -> pair.split(" ")[0]));
        long capped = byQuery.values().stream().filter(list -> list.size() > most).count();
        int rows = byQuery.values().stream().mapToInt(list -> Math.min(most, list.size())).sum();
        RangeJoinResult result = join.maxResults(most).prepare(input);
        List<String> found = pairs(result.rows());
        assertThat(found).hasSize(rows).doesNotHaveDuplicates();
        assertThat(Set.copyOf(all)).containsAll(found);
        assertThat(result.cappedQueries()).isEqualTo(capped).isPositive();
        assertThat(result.pairs()).isEqualTo(rows);
    }

    private static List<String> pairs(Dataset<Row> rows) {
        assertThat(rows.columns()).containsExactly("query_id", "neighbor_id", "distance");
        return rows.collectAsList().stream()
                .map(row -> row.get(0) + " " + row.get(1) + " " + row.get(2))
                .sorted()
                .toList();
    }
}
