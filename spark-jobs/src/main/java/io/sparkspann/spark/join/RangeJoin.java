package io.sparkspann.spark.join;

import io.sparkspann.error.InvalidInputException;
import io.sparkspann.format.Manifest;
import io.sparkspann.search.IdCondition;
import io.sparkspann.search.RangeOptions;
import io.sparkspann.search.SearchOptions;
import io.sparkspann.spark.input.InputSpec;
import io.sparkspann.spark.input.VectorTable;
import io.sparkspann.spark.stage.StageName;
import java.util.function.Supplier;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.sources.BaseRelation;

/**
 * Joins a table of query vectors with all vectors of an index that are within a radius: those whose
 * reported distance is at most that, or under a similarity at least that. The result is exact.
 *
 * <p>Queries travel to the shards that may have vectors within the radius, by the covering radii of
 * the router's leaves; each shard's rows are made as they are found, so that neither side nor the
 * result has to fit any memory. The result has a row for each pair: {@code query_id}, {@code
 * neighbor_id} (ids have the types of their tables), {@code distance} float. The order of the rows
 * is not part of the result.
 *
 * <pre>{@code
 * Dataset<Row> pairs = RangeJoin.of(spark, "s3://bucket/index", 0.2)
 *         .excludeSelf(true)
 *         .join(InputSpec.of("s3://bucket/table"));
 * }</pre>
 *
 * <p>Immutable: each setter returns a new instance.
 */
public final class RangeJoin {
    private final JoinSetup setup;
    private final RangeOptions range;
    private final JoinOptions options;

    private RangeJoin(JoinSetup setup, RangeOptions range, JoinOptions options) {
        this.setup = setup;
        this.range = range;
        this.options = options;
    }

    /**
     * A join with the current snapshot of an index.
     *
     * @param indexUri index directory, in any Hadoop file system
     * @param radius in the numbers that the metric of the index reports
     * @throws InvalidInputException if there is no index, or the radius makes no sense
     */
    public static RangeJoin of(SparkSession spark, String indexUri, double radius) {
        return of(JoinSetup.ofCurrent(spark, indexUri), radius);
    }

    /** The same with one snapshot of the index. */
    public static RangeJoin of(
            SparkSession spark, String indexUri, Manifest manifest, double radius) {
        return of(new JoinSetup(spark, indexUri, manifest), radius);
    }

    private static RangeJoin of(JoinSetup setup, double radius) {
        RangeOptions range = RangeOptions.of(radius);
        range.requireFor(setup.manifest().schema().metric());
        int k = JoinOptions.DEFAULT.search().k();
        SearchOptions bounding = SearchOptions.bounding(k, setup.manifest());
        return new RangeJoin(setup, range, JoinOptions.DEFAULT.withSearch(bounding));
    }

    /** Without pairs whose two ids are the same: for joins of a table with itself. */
    public RangeJoin excludeSelf(boolean exclude) {
        Selection selection = options.selection().withExcludeSelf(exclude);
        return new RangeJoin(setup, range, options.withSelection(selection));
    }

    /**
     * With no more than this many vectors for each query, the nearest ones. {@link
     * RangeJoinResult#cappedQueries} says for how many queries there are more.
     *
     * @param most 1 to 9,999
     */
    public RangeJoin maxResults(int most) {
        if (most < 1 || most >= SearchOptions.MAX_K) {
            throw new InvalidInputException(
                    "the most results are " + most + "; use 1 to " + (SearchOptions.MAX_K - 1));
        }
        return new RangeJoin(setup, range.withMaxResults(most), options);
    }

    /**
     * Finds vectors only whose ids satisfy a condition, and all that were given before, see {@link
     * KnnJoin#among(IdCondition)}.
     */
    public RangeJoin among(IdCondition condition) {
        condition.requireFor(setup.manifest().schema().idType());
        return new RangeJoin(setup, range, options.withCondition(condition));
    }

    /** With this memory, whatever the settings say. */
    RangeJoin memory(JoinMemory memory) {
        return new RangeJoin(setup, range, options.withMemory(memory));
    }

    /** The snapshot that is searched. */
    public Manifest manifest() {
        return setup.manifest();
    }

    /** Joins the rows of a file or folder. */
    public Dataset<Row> join(InputSpec queries) {
        return prepare(queries).rows();
    }

    /**
     * Joins the rows of a data set, which must be the same each time they are evaluated.
     *
     * @param idColumn column of the ids: long, int or string
     * @param vectorColumn column of the vectors: arrays of numbers, or binary
     */
    public Dataset<Row> join(Dataset<Row> queries, String idColumn, String vectorColumn) {
        return prepare(queries, idColumn, vectorColumn).rows();
    }

    /** The rows of the same, for a data source; counts the queries. */
    public BaseRelation relation(Dataset<Row> queries, String idColumn, String vectorColumn) {
        return new DatasetRelation(join(queries, idColumn, vectorColumn), setup.name());
    }

    /** Sets the same up, and tells also for how many queries there are more vectors. */
    public RangeJoinResult prepare(Dataset<Row> queries, String idColumn, String vectorColumn) {
        if (range.maxResults() > 0) {
            JoinResult nearest = knn().prepare(queries, idColumn, vectorColumn);
            return RangeJoinResult.capped(nearest, range.maxResults());
        }
        InputSpec spec = setup.spec(InputSpec.of("queries").withColumns(idColumn, vectorColumn));
        Dataset<Row> ordered = JoinSetup.ordered(queries, idColumn, vectorColumn);
        return prepare(() -> VectorTable.of(ordered, spec), spec.path());
    }

    /**
     * Sets the join with a file or folder up: reads its schema and counts its rows. The rest is
     * computed when the rows of the result are asked for.
     */
    public RangeJoinResult prepare(InputSpec queries) {
        if (range.maxResults() > 0) {
            return RangeJoinResult.capped(knn().prepare(queries), range.maxResults());
        }
        InputSpec checked = setup.spec(queries);
        return prepare(() -> VectorTable.open(setup.spark(), checked), checked.path());
    }

    /** One neighbour more than wanted tells whether there are more. */
    private KnnJoin knn() {
        KnnJoin all = KnnJoin.of(setup.spark(), setup.indexUri(), setup.manifest());
        KnnJoin some = options.condition() == null ? all : all.among(options.condition());
        return some.memory(options.memory())
                .k(range.maxResults() + 1)
                .exact()
                .excludeSelf(options.selection().excludeSelf())
                .maxDistance(range.radius());
    }

    private RangeJoinResult prepare(Supplier<VectorTable> opened, String name) {
        return StageName.during(
                setup.spark().sparkContext(),
                JoinSteps.QUERY_STAGE,
                () -> {
                    VectorTable queries = opened.get();
                    setup.requireDimensions(queries, name);
                    setup.requireComparable(queries.idType(), options.selection(), name);
                    return prepare(queries, queries.rows());
                });
    }

    /** All that there may be: an estimate that is too small would have Spark collect them. */
    private long mostPairs(long queryRows) {
        long vectors = Math.max(1, setup.manifest().vectors());
        return queryRows > Long.MAX_VALUE / vectors ? Long.MAX_VALUE : queryRows * vectors;
    }

    private RangeJoinResult prepare(VectorTable queries, long queryRows) {
        JoinCost cost = JoinCost.of(setup.spark().sparkContext());
        RangeSteps steps = RangeSteps.of(setup, queries, queryRows, range, options, cost);
        JoinRelation relation =
                new JoinRelation(
                        setup.spark(),
                        steps.schema(),
                        new IdSupply(steps.schema(), steps.rows(queries.batches())),
                        () -> mostPairs(queryRows),
                        setup.name());
        return RangeJoinResult.all(
                setup.spark().baseRelationToDataFrame(relation),
                cost,
                queryRows,
                RangeSteps.STAGES);
    }
}
