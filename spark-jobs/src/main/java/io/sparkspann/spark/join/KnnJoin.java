package io.sparkspann.spark.join;

import io.sparkspann.error.InvalidInputException;
import io.sparkspann.format.Manifest;
import io.sparkspann.format.Snapshots;
import io.sparkspann.search.IndexFiles;
import io.sparkspann.search.ProbePolicy;
import io.sparkspann.search.SearchOptions;
import io.sparkspann.spark.input.InputSpec;
import io.sparkspann.spark.input.VectorTable;
import io.sparkspann.spark.storage.HadoopConf;
import io.sparkspann.spark.storage.Storages;
import io.sparkspann.vector.IdType;
import java.util.Arrays;
import org.apache.spark.Partitioner;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import scala.Tuple2;

/**
 * Joins a table of query vectors with their nearest vectors in an index.
 *
 * <p>Queries find their heads where they are read, travel in blocks to the shards of these heads,
 * and each shard streams its postings over all its queries at once. The result has a row for each
 * query and neighbour: {@code query_id}, {@code neighbor_id} (of the types that the ids have),
 * {@code distance} float, {@code rank} int from 1; neighbours of equal distance are ordered by id.
 * The result does not depend on partitions, executors or retries.
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

    /** Setting: bytes of an executor for the trees of shards; without it an eighth of the heap. */
    public static final String TREE_BYTES_KEY = "spark.spann.join.treeBytes";

    private static final long MOST_CHUNK_BYTES = 256L << 20;
    private static final long MOST_TREE_BYTES = 1L << 30;

    /** Shards that a query's lists come from, about. */
    private static final int FAN = 3;

    /** Queries and neighbours of a merge task, about. */
    private static final long MERGE_QUERIES = 1 << 16;

    private static final long MERGE_NEIGHBORS = 1 << 22;

    private final SparkSession spark;
    private final String indexUri;
    private final Manifest manifest;
    private final SearchOptions options;
    private final boolean excludeSelf;
    private final long chunkBytes;

    private KnnJoin(KnnJoin join, SearchOptions options, boolean excludeSelf, long chunkBytes) {
        this(join.spark, join.indexUri, join.manifest, options, excludeSelf, chunkBytes);
    }

    private KnnJoin(
            SparkSession spark,
            String indexUri,
            Manifest manifest,
            SearchOptions options,
            boolean excludeSelf,
            long chunkBytes) {
        this.spark = spark;
        this.indexUri = indexUri;
        this.manifest = manifest;
        this.options = options;
        this.excludeSelf = excludeSelf;
        this.chunkBytes = chunkBytes;
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
        return new KnnJoin(spark, indexUri, manifest, options, false, 0);
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
        return new KnnJoin(this, newOptions, excludeSelf, chunkBytes);
    }

    /** Without neighbours whose id is that of the query: for joins of a table with itself. */
    public KnnJoin excludeSelf(boolean exclude) {
        return new KnnJoin(this, options, exclude, chunkBytes);
    }

    /** With this memory for the queries of a task, whatever the settings say. */
    KnnJoin chunkBytes(long bytes) {
        return new KnnJoin(this, options, excludeSelf, bytes);
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
        HadoopConf conf = HadoopConf.of(spark);
        String manifestName = Snapshots.fileName(manifest.snapshot());
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        Broadcast<SharedIndex> index =
                context.broadcast(
                        new SharedIndex(indexUri, conf, manifestName, manifest, treeBytes()));
        long queryRows = queries.rows();
        JoinPlan plan = plan(queryRows, context.defaultParallelism());
        JoinCost cost = JoinCost.of(spark.sparkContext());
        QueryBlock.Codec codec =
                new QueryBlock.Codec(queries.idType(), queries.elementType(), queries.dimensions());
        int[] firstParts = plan.firstParts();
        JavaPairRDD<Integer, byte[]> routed =
                pairs(
                        queries.batches()
                                .mapPartitionsWithIndex(
                                        (p, batches) ->
                                                new RouteQueries(
                                                        index.value(), plan, p, batches, cost),
                                        true));
        JavaPairRDD<Integer, byte[]> scanned =
                pairs(
                        routed.partitionBy(new PartPartitioner(firstParts[firstParts.length - 1]))
                                .mapPartitions(
                                        blocks ->
                                                new ScanPart(
                                                        index.value(), plan, codec, cost, blocks)));
        IdType queryType = queries.idType();
        IdType neighborType = manifest.schema().idType();
        JavaRDD<Row> rows =
                scanned.partitionBy(new PartPartitioner(plan.mergeBuckets()))
                        .mapPartitions(
                                lists ->
                                        new MergeLists(
                                                        plan,
                                                        index.value().files().space(),
                                                        queryType,
                                                        neighborType,
                                                        cost)
                                                .merge(lists));
        return new JoinResult(
                spark.createDataFrame(rows, schema(queryType, neighborType)),
                cost,
                queryRows,
                plan.policy().maxProbes());
    }

    private static JavaPairRDD<Integer, byte[]> pairs(JavaRDD<Tuple2<Integer, byte[]>> rdd) {
        return rdd.mapToPair(pair -> pair);
    }

    private JoinPlan plan(long queryCount, int parallelism) {
        ProbePolicy policy = options.policy(manifest);
        int shards = manifest.shards().size();
        // Queries as they came, as floats and embedded; lists while they grow and as they are sent.
        long rowBytes =
                12L * manifest.schema().dimensions() + 40L * options.k() + 8L * policy.maxProbes();
        int chunk = (int) Math.max(64, Math.min(1 << 18, taskBytes() / rowBytes));
        // A query goes to a few shards, and queries may crowd in one: then its parts take turns.
        long perShard = Math.max(1, FAN * queryCount / Math.max(1, shards));
        int salt = (int) Math.max(1, Math.min(1024, (perShard + chunk - 1) / chunk));
        int wished = (parallelism + shards - 1) / shards;
        int[] salts = new int[shards];
        Arrays.fill(salts, Math.max(salt, (int) Math.min(wished, Math.max(1, perShard / 4096))));
        long merges =
                Math.max(
                        ceilDiv(queryCount, MERGE_QUERIES),
                        ceilDiv(queryCount * FAN * options.k(), MERGE_NEIGHBORS));
        return JoinPlan.of(
                options.k(),
                excludeSelf,
                policy,
                chunk,
                salts,
                (int) Math.max(1, Math.min(100_000, Math.max(parallelism, merges))));
    }

    private static long ceilDiv(long a, long b) {
        return (a + b - 1) / b;
    }

    private long taskBytes() {
        if (chunkBytes > 0) {
            return chunkBytes;
        }
        long share = heapBytes() / (6L * tasksPerHeap());
        return settings().getSizeAsBytes(CHUNK_BYTES_KEY, Math.min(MOST_CHUNK_BYTES, share) + "b");
    }

    private long treeBytes() {
        long share = heapBytes() / 8;
        return settings().getSizeAsBytes(TREE_BYTES_KEY, Math.min(MOST_TREE_BYTES, share) + "b");
    }

    private SparkConf settings() {
        return spark.sparkContext().conf();
    }

    private long heapBytes() {
        return spark.sparkContext().isLocal()
                ? Runtime.getRuntime().maxMemory()
                : settings().getSizeAsBytes("spark.executor.memory", "1g");
    }

    private int tasksPerHeap() {
        return spark.sparkContext().isLocal()
                ? spark.sparkContext().defaultParallelism()
                : Math.max(1, settings().getInt("spark.executor.cores", 1));
    }

    private static StructType schema(IdType queryType, IdType neighborType) {
        return new StructType()
                .add("query_id", dataType(queryType), false)
                .add("neighbor_id", dataType(neighborType), false)
                .add("distance", DataTypes.FloatType, false)
                .add("rank", DataTypes.IntegerType, false);
    }

    private static DataType dataType(IdType type) {
        return switch (type) {
            case INT -> DataTypes.IntegerType;
            case LONG -> DataTypes.LongType;
            case STRING -> DataTypes.StringType;
        };
    }

    /** Sends a key to the partition of that number. */
    private static final class PartPartitioner extends Partitioner {
        private static final long serialVersionUID = 1L;

        private final int parts;

        PartPartitioner(int parts) {
            this.parts = parts;
        }

        @Override
        public int numPartitions() {
            return parts;
        }

        @Override
        public int getPartition(Object key) {
            return (Integer) key;
        }
    }
}
