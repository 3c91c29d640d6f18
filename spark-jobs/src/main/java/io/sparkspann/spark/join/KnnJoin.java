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
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
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
    /** Memory of an executor for trees of shards, and of a task for queries. */
    private static final long FOREST_BYTES = 512L << 20;

    private static final long CHUNK_BYTES = 128L << 20;

    /** Queries of a merge task, at most, about; fewer where many neighbours make lists long. */
    private static final long MERGE_QUERIES = 1 << 16;

    private static final long MERGE_BYTES = 128L << 20;

    /** Bytes of a neighbour in the merge, with the copies that other shards send. */
    private static final long MERGE_NEIGHBOR_BYTES = 60;

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
        return new KnnJoin(spark, indexUri, manifest, options, false, CHUNK_BYTES);
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

    /** With this memory for the queries of a task. */
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
     * Sets the join with a file or folder up; nothing is computed before its rows are asked for.
     */
    public JoinResult prepare(InputSpec queries) {
        InputSpec checked = queries.withRejectZero(manifest.schema().metric().rejectsZero());
        if (checked.componentType() == null && manifest.schema().elementType().isByte()) {
            checked = checked.withComponentType(manifest.schema().elementType());
        }
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
                            + "; use vectors of the same model");
        }
        HadoopConf conf = HadoopConf.of(spark);
        String manifestName = Snapshots.fileName(manifest.snapshot());
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        Broadcast<SharedIndex> index =
                context.broadcast(
                        new SharedIndex(indexUri, conf, manifestName, manifest, FOREST_BYTES));
        JoinPlan plan = plan(queries.rows(), context.defaultParallelism());
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
        return new JoinResult(spark.createDataFrame(rows, schema(queryType, neighborType)), cost);
    }

    private static JavaPairRDD<Integer, byte[]> pairs(JavaRDD<Tuple2<Integer, byte[]>> rdd) {
        return rdd.mapToPair(pair -> pair);
    }

    private JoinPlan plan(long queryCount, int parallelism) {
        ProbePolicy policy = options.policy(manifest);
        int shards = manifest.shards().size();
        long rowBytes =
                4L * manifest.schema().dimensions() * 3
                        + 12L * options.k()
                        + 4L * policy.maxProbes();
        int chunk = (int) Math.max(64, Math.min(1 << 18, chunkBytes / rowBytes));
        // A query goes to a few shards, and queries may crowd in one: then its parts take turns.
        long perShard = Math.max(1, 3 * queryCount / Math.max(1, shards));
        int salt = (int) Math.max(1, Math.min(1024, (perShard + chunk - 1) / chunk));
        int wished = (parallelism + shards - 1) / shards;
        int[] salts = new int[shards];
        Arrays.fill(salts, Math.max(salt, Math.min(wished, (int) Math.max(1, perShard / 4096))));
        long mergeQueries =
                Math.max(
                        1,
                        Math.min(
                                MERGE_QUERIES, MERGE_BYTES / (options.k() * MERGE_NEIGHBOR_BYTES)));
        long merges = Math.max(parallelism, (queryCount + mergeQueries - 1) / mergeQueries);
        return JoinPlan.of(
                options.k(),
                excludeSelf,
                policy,
                chunk,
                salts,
                (int) Math.max(1, Math.min(merges, 100_000)));
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
