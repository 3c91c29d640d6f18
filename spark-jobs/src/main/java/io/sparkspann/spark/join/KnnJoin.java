package io.sparkspann.spark.join;

import io.sparkspann.error.InvalidInputException;
import io.sparkspann.format.Manifest;
import io.sparkspann.search.IdCondition;
import io.sparkspann.search.SearchOptions;
import io.sparkspann.spark.input.ColumnNames;
import io.sparkspann.spark.input.IdColumn;
import io.sparkspann.spark.input.InputSpec;
import io.sparkspann.spark.input.VectorTable;
import io.sparkspann.spark.stage.StageName;
import io.sparkspann.vector.IdType;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.sources.BaseRelation;
import org.apache.spark.sql.types.StructType;

/**
 * Joins a table of query vectors with their nearest vectors in an index.
 *
 * <p>Queries travel in blocks to the shard that they lie in. Where heads and ids of the whole index
 * fit an executor's memory and queries are many, a task there searches all shards for them; else
 * they find their heads there, travel on to the shards of these heads, and what each shard finds is
 * merged. Either way, postings are streamed over many queries at once. The result has a row for
 * each query and neighbour: {@code query_id} or the columns of the query, {@code neighbor_id} (ids
 * have the types of their tables), {@code distance} float, {@code rank} int from 1; neighbours of
 * equal distance are ordered by id. Which rows there are does not depend on partitions, executors
 * or retries; their order is not part of the result.
 *
 * <p>As with any join, Spark may run the last stage again when rows are asked for again, and a sort
 * asks twice: write or cache the rows before.
 *
 * <pre>{@code
 * Dataset<Row> pairs = KnnJoin.of(spark, "s3://bucket/index").k(10).recallTarget(0.95)
 *         .join(InputSpec.of("s3://bucket/queries"));
 * }</pre>
 *
 * <p>Immutable: each setter returns a new instance.
 */
public final class KnnJoin {
    /** Setting: bytes of queries that a task holds; without it a sixth of its share of the heap. */
    public static final String CHUNK_BYTES_KEY = "spark.spann.join.chunkBytes";

    /** Setting: bytes of an executor for heads and ids; without it an eighth of the heap. */
    public static final String TREE_BYTES_KEY = "spark.spann.join.treeBytes";

    private static final long STRING_ID_BYTES = 24;

    private static final String CANDIDATES = "the rows that may be found";

    private final JoinSetup setup;
    private final JoinOptions options;

    private KnnJoin(JoinSetup setup, JoinOptions options) {
        this.setup = setup;
        this.options = options;
    }

    /**
     * A join with the current snapshot of an index; k is 10, the recall target 0.95.
     *
     * @param indexUri index directory, in any Hadoop file system
     * @throws InvalidInputException if there is no index
     */
    public static KnnJoin of(SparkSession spark, String indexUri) {
        return new KnnJoin(JoinSetup.ofCurrent(spark, indexUri), JoinOptions.DEFAULT);
    }

    /** The same with one snapshot of the index. */
    public static KnnJoin of(SparkSession spark, String indexUri, Manifest manifest) {
        return new KnnJoin(new JoinSetup(spark, indexUri, manifest), JoinOptions.DEFAULT);
    }

    /** The same in the session that is active in this thread. */
    public static KnnJoin of(String indexUri) {
        return of(SparkSession.active(), indexUri);
    }

    /** With this many neighbours for each query, 1 to {@value SearchOptions#MAX_K}. */
    public KnnJoin k(int k) {
        SearchOptions old = options.search();
        return with(new SearchOptions(k, old.recallTarget(), old.probes(), old.epsilon()));
    }

    /** With the probes that reached this recall when the index was calibrated. */
    public KnnJoin recallTarget(double target) {
        return with(SearchOptions.ofRecall(options.search().k(), target));
    }

    /** With this many postings for each query, pruned by epsilon; infinity does not prune. */
    public KnnJoin probes(int probes, double epsilon) {
        return with(SearchOptions.ofProbes(options.search().k(), probes, epsilon));
    }

    /** With these options. */
    public KnnJoin with(SearchOptions newOptions) {
        return with(options.withSearch(newOptions));
    }

    /**
     * With all of the nearest vectors, as a comparison with every vector finds them. Vectors that
     * the triangle inequality shows to be too far are left out; in many dimensions, and under ip,
     * these are few, and the join takes as long as comparing all pairs. Recall target and probes
     * then say nothing.
     */
    public KnnJoin exact() {
        SearchOptions bounding = SearchOptions.bounding(options.selection().k(), manifest());
        JoinOptions bounded = options.withSearch(bounding);
        return with(bounded.withSelection(bounded.selection().withExact()));
    }

    /**
     * Without neighbours whose id is that of the query: for joins of a table with itself. See
     * {@link #idColumn}.
     */
    public KnnJoin excludeSelf(boolean exclude) {
        return with(options.withSelection(options.selection().withExcludeSelf(exclude)));
    }

    /**
     * Without neighbours that are farther away than this, as the column {@code distance} states it;
     * under {@code ip}, where a greater number is nearer, without those below it.
     *
     * @throws InvalidInputException if it is NaN
     */
    public KnnJoin maxDistance(double limit) {
        if (Double.isNaN(limit)) {
            throw new InvalidInputException("A greatest distance of NaN leaves nothing to compare");
        }
        return with(options.withSelection(options.selection().withLimit(limit)));
    }

    /**
     * Whether a query without neighbours has one row all the same, with nulls for the neighbour, as
     * in a left outer join; null vectors then are such queries, and no error, and so are vectors of
     * zeros under cosine. For {@link #join(Dataset)}.
     */
    public KnnJoin outer(boolean keep) {
        return with(options.withSelection(options.selection().withOuter(keep)));
    }

    /** With the vectors of this column of the queries, for {@link #join(Dataset)}. */
    public KnnJoin vectorColumn(String column) {
        return with(options.withVectorColumn(column));
    }

    /** With the ids of this column of the queries, which {@link #excludeSelf} compares. */
    public KnnJoin idColumn(String column) {
        return with(options.withIdColumn(column));
    }

    /**
     * With these columns of the neighbours' rows, as {@code neighbor_} and their names, where the
     * index keeps the rows of its table. For {@link #join(Dataset)}.
     */
    public KnnJoin payload(String... columns) {
        return with(options.withPayload(new PayloadColumns(List.of(columns))));
    }

    /**
     * Finds these rows of the indexed table only, such as those that a filter leaves. Where they
     * are few, queries are compared with all of them; else the more postings are read, the smaller
     * the part of heads among them that belongs to these rows.
     *
     * @param rows a part of the table, the same ones each time they are evaluated
     * @param id column of the ids, of the type in the index
     * @param vector column of the vectors that were indexed
     * @throws InvalidInputException if a column is missing
     */
    public KnnJoin among(Dataset<Row> rows, String id, String vector) {
        Column ids = candidateId(rows, id);
        Column vectors =
                rows.col(ColumnNames.quoted(rows.schema(), vector, CANDIDATES)).as("vector");
        Dataset<Row> both = rows.select(ids, vectors);
        return with(
                options.withCandidates(
                        new Candidates(
                                () -> rows.select(ids).queryExecution().toRdd(),
                                both.schema(),
                                () -> both.queryExecution().toRdd())));
    }

    /** The same where only ids are known; the index is searched however few they are. */
    public KnnJoin among(Dataset<Row> rows, String id) {
        Dataset<Row> ids = rows.select(candidateId(rows, id));
        return with(
                options.withCandidates(
                        new Candidates(() -> ids.queryExecution().toRdd(), ids.schema(), null)));
    }

    /**
     * Finds vectors only whose ids satisfy a condition, and all conditions and rows that were given
     * before: a predicate, or a Roaring bitmap that allows or denies. It goes to the tasks that
     * read the ids; the driver receives one bit for each vector.
     *
     * @throws InvalidInputException if the condition is about numbers, and ids are strings
     */
    public KnnJoin among(IdCondition condition) {
        condition.requireFor(setup.manifest().schema().idType());
        return with(options.withCondition(condition));
    }

    private Column candidateId(Dataset<Row> rows, String id) {
        return rows.col(ColumnNames.quoted(rows.schema(), id, CANDIDATES))
                .cast(RowJoin.idType(setup.manifest()))
                .as("id");
    }

    /** With this memory, whatever the settings say. */
    KnnJoin memory(JoinMemory memory) {
        return with(options.withMemory(memory));
    }

    private KnnJoin with(JoinOptions newOptions) {
        return new KnnJoin(setup, newOptions);
    }

    /** The snapshot that is searched. */
    public Manifest manifest() {
        return setup.manifest();
    }

    /**
     * Joins the rows of a data set. It is evaluated when rows of the result are first asked for,
     * once for each choice of columns, and its rows are kept on the executors' disks meanwhile;
     * persist queries that are not the same each time.
     *
     * @param queries with vectors in the column {@code vector}, or that of {@link #vectorColumn}
     * @return all columns of the queries, then {@code neighbor_id}, {@code distance}, {@code rank},
     *     then those of {@link #payload}
     * @throws InvalidInputException if a column is missing, of no use, or there twice
     */
    public Dataset<Row> join(Dataset<Row> queries) {
        Dataset<Row> rows = setup.spark().baseRelationToDataFrame(bare(queries));
        return options.payload().names().isEmpty() ? rows : options.payload().addTo(rows, setup);
    }

    /** The rows of {@link #join(Dataset)}, for a data source. */
    public BaseRelation relation(Dataset<Row> queries) {
        return options.payload().names().isEmpty()
                ? bare(queries)
                : new DatasetRelation(join(queries), setup.name());
    }

    private BaseRelation bare(Dataset<Row> queries) {
        JoinOptions resolved = QueryColumns.resolve(queries.schema(), options);
        if (resolved.idColumn() != null) {
            IdType ids = IdColumn.typeOf(queries.schema().apply(resolved.idColumn()).dataType());
            setup.requireComparable(ids, resolved.selection(), "queries");
        }
        CarriedSupply supply = new CarriedSupply(setup, resolved, queries);
        Selection selection = resolved.selection();
        StructType schema =
                new NeighborColumns(setup.manifest().schema().idType(), selection.outer())
                        .addTo(queries.schema());
        LongSupplier rows = () -> QueryColumns.rows(queries) * selection.k();
        return new JoinRelation(setup.spark(), schema, supply, rows, setup.name());
    }

    /** Joins the rows of a file or folder. */
    public Dataset<Row> join(InputSpec queries) {
        return prepare(queries).rows();
    }

    /**
     * Joins the rows of a data set; the result has the column {@code query_id} in the place of all
     * others. Queries must be the same each time they are evaluated; persist them if they are not.
     *
     * @param idColumn column of the ids: long, int or string
     * @param vectorColumn column of the vectors: arrays of numbers, or binary
     */
    public Dataset<Row> join(Dataset<Row> queries, String idColumn, String vectorColumn) {
        return prepare(queries, idColumn, vectorColumn).rows();
    }

    /** Sets the same up: reads and counts the queries. */
    public JoinResult prepare(Dataset<Row> queries, String idColumn, String vectorColumn) {
        Dataset<Row> ordered = JoinSetup.ordered(queries, idColumn, vectorColumn);
        InputSpec spec = setup.spec(InputSpec.of("queries").withColumns(idColumn, vectorColumn));
        return prepare(() -> VectorTable.of(ordered, spec), spec.path());
    }

    /**
     * Sets the join with a file or folder up: reads its schema and counts its rows. The rest is
     * computed when the rows of the result are asked for.
     */
    public JoinResult prepare(InputSpec queries) {
        InputSpec checked = setup.spec(queries);
        return prepare(() -> VectorTable.open(setup.spark(), checked), checked.path());
    }

    private JoinResult prepare(Supplier<VectorTable> opened, String name) {
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

    private JoinResult prepare(VectorTable queries, long queryRows) {
        IdColumns columns =
                new IdColumns(
                        queries.idType(),
                        new NeighborColumns(setup.manifest().schema().idType(), false));
        JoinOptions inner = options.withSelection(options.selection().withOuter(false));
        long idBytes = queries.idType() == IdType.STRING ? STRING_ID_BYTES : Long.BYTES;
        JoinSteps steps =
                setup.steps(
                        QueryBlock.Codec.of(queries),
                        queryRows,
                        idBytes,
                        columns,
                        inner,
                        JoinCost.of(setup.spark().sparkContext()));
        JoinRelation relation =
                new JoinRelation(
                        setup.spark(),
                        columns.schema(),
                        new IdSupply(columns.schema(), steps.rows(queries.batches())),
                        () -> queryRows * options.search().k(),
                        setup.name());
        return new JoinResult(
                setup.spark().baseRelationToDataFrame(relation),
                steps.cost(),
                queryRows,
                steps.plan().policy().maxProbes(),
                steps.stages());
    }
}
