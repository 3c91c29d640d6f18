package io.sparkspann.spark.join;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkspann.build.BuildMode;
import io.sparkspann.build.BuildOptions;
import io.sparkspann.distance.Metric;
import io.sparkspann.format.Manifest;
import io.sparkspann.search.AllowList;
import io.sparkspann.search.ProbePolicy;
import io.sparkspann.search.SearchOptions;
import io.sparkspann.spark.SharedSpark;
import io.sparkspann.spark.build.Builds;
import io.sparkspann.spark.build.VectorSamples;
import io.sparkspann.spark.input.InputSpec;
import io.sparkspann.spark.storage.HadoopConf;
import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.IdType;
import io.sparkspann.vector.VectorBlock;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.SparkConf;
import org.apache.spark.serializer.KryoSerializer;
import org.apache.spark.serializer.SerializerInstance;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/** Joins that may find some rows of the table only. */
@ExtendWith(SharedSpark.class)
class RestrictedJoinTest {
    private static final int N = 2000;
    private static final int D = 8;
    private static final int QUERIES = 60;
    private static final int K = 5;
    private static final SearchOptions ALL_POSTINGS =
            SearchOptions.ofProbes(K, 100_000, Double.POSITIVE_INFINITY);

    private final VectorBlock base = VectorSamples.clustered(N, D, 6, 1);
    private final VectorBlock queries = VectorSamples.clustered(QUERIES, D, 6, 2);

    @TempDir Path folder;

    private final SparkSession spark;
    private Dataset<Row> table;
    private KnnJoin index;

    RestrictedJoinTest(SparkSession spark) {
        this.spark = spark;
    }

    private void build(DataType idType, Function<Integer, Object> id) {
        String input =
                VectorSamples.parquet(
                        spark,
                        folder.resolve("base"),
                        base,
                        new VectorSamples.Table(idType, id::apply, 3, 4));
        Builds.build(
                spark,
                InputSpec.of(input),
                folder.resolve("index"),
                BuildOptions.of(Metric.L2).withShards(3).withCalibrationQueries(0),
                BuildMode.ERROR);
        table = spark.read().parquet(input);
        index = KnnJoin.of(spark, folder.resolve("index").toString());
    }

    private RowJoin join(SearchOptions options, String condition) {
        Dataset<Row> some = table.where(condition);
        Candidates candidates =
                new Candidates(
                        () -> some.select("id").queryExecution().toRdd(),
                        some.select("id", "vector").schema(),
                        () -> some.select("id", "vector").queryExecution().toRdd());
        return RowJoin.of(spark, folder.resolve("index").toString(), index.manifest())
                .with(options)
                .among(candidates);
    }

    /** Ids of the neighbours of each query; null for one that has none. */
    private Map<Long, Set<Object>> neighbors(RowJoin join, DataType idType) {
        String input =
                VectorSamples.parquet(
                        spark,
                        folder.resolve("queries"),
                        queries,
                        VectorSamples.Table.ofLongs(2, 5));
        Dataset<Row> rows = spark.read().parquet(input).selectExpr("id as qid", "vector");
        Map<Long, Set<Object>> found = new TreeMap<>();
        for (InternalRow row :
                join.idsOnly(rows.schema(), rows.queryExecution().toRdd())
                        .toJavaRDD()
                        .map(InternalRow::copy)
                        .collect()) {
            Set<Object> ids = found.computeIfAbsent(row.getLong(0), q -> new TreeSet<>());
            if (!row.isNullAt(1)) {
                ids.add(
                        idType == DataTypes.StringType
                                ? row.getUTF8String(1).toString()
                                : (Object) row.getLong(1));
            }
        }
        return found;
    }

    private Map<Long, Set<Object>> exact(Set<Integer> rows, Function<Integer, Object> id) {
        Map<Long, Set<Object>> exact = new TreeMap<>();
        for (int q = 0; q < QUERIES; q++) {
            int query = q;
            exact.put(
                    (long) q,
                    rows.stream()
                            .sorted(
                                    java.util.Comparator.comparingDouble(
                                            i ->
                                                    BruteForce.distance(
                                                            Metric.L2, queries, query, base, i)))
                            .limit(K)
                            .map(id)
                            .collect(Collectors.toCollection(TreeSet::new)));
        }
        return exact;
    }

    private static Set<Integer> rows(java.util.function.IntPredicate condition) {
        return IntStream.range(0, N).filter(condition).boxed().collect(Collectors.toSet());
    }

    /** How much memory there is, and so what is done. */
    private enum Way {
        LISTED(new JoinMemory(1 << 24, 1 << 24)),
        DIRECT(new JoinMemory(1 << 24, 36_000)),
        APART(new JoinMemory(1, 1));

        private final JoinMemory memory;

        Way(JoinMemory memory) {
            this.memory = memory;
        }

        private static Way of(Manifest manifest, long allowed, JoinMemory memory) {
            ProbePolicy policy = ALL_POSTINGS.policy(manifest);
            if (Restriction.prefersList(manifest, allowed, 10, policy, memory.treeBytes())) {
                return LISTED;
            }
            JoinPlan plan =
                    JoinPlanner.of(manifest, ALL_POSTINGS, Selection.of(K), memory)
                            .plan(QUERIES, Long.BYTES, 2);
            return plan.direct() ? DIRECT : APART;
        }
    }

    @ParameterizedTest
    @CsvSource({"LISTED, 100", "LISTED, 2", "DIRECT, 2", "APART, 2", "APART, 100"})
    void all_postings_give_the_exact_neighbours_among_the_allowed(Way way, int part) {
        build(DataTypes.LongType, i -> (long) i);
        assertThat(Way.of(index.manifest(), N / part, way.memory)).isEqualTo(way);
        RowJoin join = join(ALL_POSTINGS, "id % " + part + " = 1").memory(way.memory);
        assertThat(neighbors(join, DataTypes.LongType))
                .isEqualTo(exact(rows(i -> i % part == 1), i -> (long) i));
    }

    @ParameterizedTest
    @EnumSource(names = {"LISTED", "APART"})
    void data_frames_say_which_rows_may_be_found(Way way) {
        build(DataTypes.LongType, i -> (long) i);
        Dataset<Row> some = table.where("id % 4 = 3").withColumnRenamed("id", "number");
        Dataset<Row> asked = table.where("id < 30").selectExpr("id as qid", "vector");
        KnnJoin all = index.with(ALL_POSTINGS).memory(way.memory);
        List<Row> found =
                all.among(some, "number", "vector")
                        .join(asked)
                        .orderBy("qid", "rank")
                        .collectAsList();
        assertThat(found).hasSize(30 * K).allMatch(row -> row.<Long>getAs("neighbor_id") % 4 == 3);
        assertThat(all.among(some, "number").join(asked).orderBy("qid", "rank").collectAsList())
                .isEqualTo(found);
        assertThatThrownBy(() -> all.among(some, "id"))
                .hasMessageContaining("the rows that may be found: no column 'id'");
    }

    @Test
    void ids_may_be_text() {
        build(DataTypes.StringType, i -> "näme " + i);
        RowJoin join = join(ALL_POSTINGS, "id like '%7'").memory(new JoinMemory(0, 1));
        assertThat(neighbors(join, DataTypes.StringType))
                .isEqualTo(exact(rows(i -> i % 10 == 7), i -> "näme " + i));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1})
    void few_probes_find_most_of_them(long treeBytes) {
        build(DataTypes.LongType, i -> (long) i);
        SearchOptions few = SearchOptions.ofProbes(K, 10, Double.POSITIVE_INFINITY);
        assertThat(
                        Restriction.prefersList(
                                index.manifest(), N * 4 / 5, 10, few.policy(null), 1 << 20))
                .isFalse();
        RowJoin join = join(few, "id % 5 != 0").memory(new JoinMemory(0, treeBytes));
        Map<Long, Set<Object>> found = neighbors(join, DataTypes.LongType);
        Map<Long, Set<Object>> exact = exact(rows(i -> i % 5 != 0), i -> (long) i);
        int hits = 0;
        for (Map.Entry<Long, Set<Object>> query : found.entrySet()) {
            assertThat(query.getValue()).hasSize(K).allMatch(id -> (Long) id % 5 != 0);
            query.getValue().retainAll(exact.get(query.getKey()));
            hits += query.getValue().size();
        }
        assertThat(hits).isGreaterThan(QUERIES * K * 9 / 10);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1})
    void queries_stay_where_nothing_is_allowed_if_they_are_to(long treeBytes) {
        build(DataTypes.LongType, i -> (long) i);
        RowJoin none = join(ALL_POSTINGS, "id < 0").memory(new JoinMemory(0, treeBytes));
        assertThat(neighbors(none, DataTypes.LongType)).isEmpty();
        Map<Long, Set<Object>> kept = neighbors(none.outer(true), DataTypes.LongType);
        assertThat(kept).hasSize(QUERIES);
        assertThat(kept.values()).allMatch(Set::isEmpty);
        RowJoin one = join(ALL_POSTINGS, "id = 7").memory(new JoinMemory(0, treeBytes));
        assertThat(neighbors(one, DataTypes.LongType).values())
                .hasSize(QUERIES)
                .allMatch(ids -> ids.equals(Set.of(7L)));
    }

    @Test
    void vectors_are_compared_where_that_is_less_work() {
        build(DataTypes.LongType, i -> (long) i);
        Manifest manifest = index.manifest();
        ProbePolicy policy = ProbePolicy.fixed(10, Double.POSITIVE_INFINITY);
        long memory = 1 << 20;
        assertThat(Restriction.prefersList(manifest, 0, 10, policy, memory)).isTrue();
        assertThat(Restriction.prefersList(manifest, 50, 10, policy, memory)).isTrue();
        assertThat(Restriction.prefersList(manifest, N, 10, policy, memory)).isFalse();
        assertThat(Restriction.prefersList(manifest, 50, 10, policy, 100)).isFalse();
    }

    @Test
    void a_large_k_finds_its_neighbours_among_few_rows() {
        build(DataTypes.LongType, i -> (long) i);
        int k = 150;
        RowJoin join = join(SearchOptions.ofProbes(k, 2, Double.POSITIVE_INFINITY), "id % 10 = 3");
        Map<Long, Set<Object>> found =
                neighbors(join.memory(new JoinMemory(0, 0)), DataTypes.LongType);
        assertThat(found.values()).allMatch(ids -> ids.size() == k);
    }

    @Test
    void broadcasts_may_be_serialized_by_kryo() {
        build(DataTypes.LongType, i -> (long) i);
        SerializerInstance kryo = new KryoSerializer(new SparkConf()).newInstance();
        ListedVectors none =
                ListedVectors.none(new QueryBlock.Codec(IdType.LONG, ElementType.FLOAT32, D));
        assertThat(copy(kryo, none).size()).isZero();
        assertThat(copy(kryo, none).all().size()).isZero();
        AllowList allowed = copy(kryo, AllowList.of(new long[] {5}, new long[] {1}));
        assertThat(allowed.count()).isEqualTo(2);
        assertThat(allowed.containsHead(0)).isTrue();
        SharedIndex shared =
                new SharedIndex(
                        folder.resolve("index").toString(),
                        HadoopConf.of(spark),
                        "manifest-000001.json",
                        index.manifest(),
                        1 << 20);
        assertThat(copy(kryo, shared).files().manifest()).isEqualTo(index.manifest());
    }

    @SuppressWarnings("unchecked")
    private static <T> T copy(SerializerInstance serializer, T value) {
        ClassTag<T> tag = (ClassTag<T>) ClassTag$.MODULE$.apply(value.getClass());
        return serializer.deserialize(serializer.serialize(value, tag), tag);
    }
}
