package io.sparkspann.spark.join;

import io.sparkspann.error.InvalidInputException;
import io.sparkspann.format.Manifest;
import io.sparkspann.format.Snapshots;
import io.sparkspann.search.IndexFiles;
import io.sparkspann.search.SearchOptions;
import io.sparkspann.spark.error.Redaction;
import io.sparkspann.spark.input.InputSpec;
import io.sparkspann.spark.input.VectorTable;
import io.sparkspann.spark.storage.HadoopConf;
import io.sparkspann.spark.storage.Storages;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * Joins a table of query vectors with their nearest vectors in an index.
 *
 * <p>Queries travel in blocks to the shard that they lie in. Where heads and ids of the whole index
 * fit an executor's memory and queries are many, a task there searches all shards for them; else
 * they find their heads there, travel on to the shards of these heads, and what each shard finds is
 * merged. Either way, postings are streamed over many queries at once. The result has a row for
 * each query and neighbour: {@code query_id}, {@code neighbor_id} (of the types that the ids have),
 * {@code distance} float, {@code rank} int from 1; neighbours of equal distance are ordered by id.
 * Which rows there are does not depend on partitions, executors or retries; their order is not part
 * of the result.
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

    private final SparkSession spark;
    private final String indexUri;
    private final Manifest manifest;
    private final SearchOptions options;
    private final boolean excludeSelf;
    private final JoinMemory memory;

    private KnnJoin(KnnJoin join, SearchOptions options, boolean excludeSelf, JoinMemory memory) {
        this(join.spark, join.indexUri, join.manifest, options, excludeSelf, memory);
    }

    private KnnJoin(
            SparkSession spark,
            String indexUri,
            Manifest manifest,
            SearchOptions options,
            boolean excludeSelf,
            JoinMemory memory) {
        this.spark = spark;
        this.indexUri = indexUri;
        this.manifest = manifest;
        this.options = options;
        this.excludeSelf = excludeSelf;
        this.memory = memory;
    }

    /**
     * A join with the current snapshot of an index; k is 10, the recall target 0.95.
     *
     * @param indexUri index directory, in any Hadoop file system
     * @throws InvalidInputException if there is no index
     */
    public static KnnJoin of(SparkSession spark, String indexUri) {
        Manifest manifest =
                IndexFiles.openCurrent(Storages.open(indexUri, HadoopConf.of(spark).value()))
                        .manifest();
        SearchOptions options = SearchOptions.ofRecall(10, SearchOptions.DEFAULT_RECALL_TARGET);
        return new KnnJoin(spark, indexUri, manifest, options, false, JoinMemory.BY_SETTINGS);
    }

    /** With this many neighbours for each query, 1 to {@value SearchOptions#MAX_K}. */
    public KnnJoin k(int k) {
        return with(
                new SearchOptions(k, options.recallTarget(), options.probes(), options.epsilon()));
    }

    /** With the probes that reached this recall when the index was calibrated. */
    public KnnJoin recallTarget(double target) {
        return with(SearchOptions.ofRecall(options.k(), target));
    }

    /** With this many postings for each query, pruned by epsilon; infinity does not prune. */
    public KnnJoin probes(int probes, double epsilon) {
        return with(SearchOptions.ofProbes(options.k(), probes, epsilon));
    }

    /** With these options. */
    public KnnJoin with(SearchOptions newOptions) {
        return new KnnJoin(this, newOptions, excludeSelf, memory);
    }

    /** Without neighbours whose id is that of the query: for joins of a table with itself. */
    public KnnJoin excludeSelf(boolean exclude) {
        return new KnnJoin(this, options, exclude, memory);
    }

    /** With this memory, whatever the settings say. */
    KnnJoin memory(JoinMemory newMemory) {
        return new KnnJoin(this, options, excludeSelf, newMemory);
    }

    public Manifest manifest() {
        return manifest;
    }

    /** Joins the rows of a file or folder. */
    public Dataset<Row> join(InputSpec queries) {
        return prepare(queries).rows();
    }

    /**
     * Joins the rows of a data set.
     *
     * @param idColumn column of the ids: long, int or string
     * @param vectorColumn column of the vectors: arrays of numbers, or binary
     */
    public Dataset<Row> join(Dataset<Row> queries, String idColumn, String vectorColumn) {
        // Queries are told apart by position, so a task that runs again must see the same order.
        Dataset<Row> ordered =
                queries.sortWithinPartitions(
                        queries.col(idColumn), functions.xxhash64(queries.col(vectorColumn)));
        InputSpec spec = withIndexType(InputSpec.of("queries").withColumns(idColumn, vectorColumn));
        return prepare(VectorTable.of(ordered, spec), spec.path()).rows();
    }

    private InputSpec withIndexType(InputSpec queries) {
        InputSpec checked = queries.withRejectZero(manifest.schema().metric().rejectsZero());
        boolean bytes = manifest.schema().elementType().isByte();
        return bytes ? checked.withUsualType(manifest.schema().elementType()) : checked;
    }

    /**
     * Sets the join with a file or folder up: reads its schema and counts its rows. The rest is
     * computed when the rows of the result are asked for.
     */
    public JoinResult prepare(InputSpec queries) {
        InputSpec checked = withIndexType(queries);
        return prepare(VectorTable.open(spark, checked), checked.path());
    }

    private JoinResult prepare(VectorTable queries, String name) {
        if (queries.dimensions() != manifest.schema().dimensions()) {
            throw new InvalidInputException(
                    name
                            + ": the queries have dimension "
                            + queries.dimensions()
                            + ", the index "
                            + manifest.schema().dimensions()
                            + queries.assumption()
                            + "; use vectors of the same model");
        }
        JoinMemory granted = memory.orBySettings(spark.sparkContext());
        JoinPlanner planner = JoinPlanner.of(manifest, options, excludeSelf, granted);
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        Broadcast<SharedIndex> index =
                context.broadcast(
                        new SharedIndex(
                                indexUri,
                                HadoopConf.of(spark),
                                Snapshots.fileName(manifest.snapshot()),
                                manifest,
                                planner.treeBytes()));
        long queryRows = queries.rows();
        JoinPlan plan = planner.plan(queryRows, context.defaultParallelism());
        JoinCost cost = JoinCost.of(spark.sparkContext());
        QueryBlock.Codec codec =
                new QueryBlock.Codec(queries.idType(), queries.elementType(), queries.dimensions());
        JoinColumns columns = new JoinColumns(queries.idType(), manifest.schema().idType());
        JoinSteps steps = new JoinSteps(index, plan, codec, columns, cost);
        JoinRelation relation =
                new JoinRelation(
                        spark,
                        columns.schema(),
                        steps.rows(queries.batches()),
                        queryRows * plan.k(),
                        "spann join " + Redaction.redact(indexUri));
        return new JoinResult(
                spark.baseRelationToDataFrame(relation),
                cost,
                queryRows,
                plan.policy().maxProbes(),
                steps.stages());
    }
}
