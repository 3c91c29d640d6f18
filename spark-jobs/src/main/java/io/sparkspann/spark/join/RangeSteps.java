package io.sparkspann.spark.join;

import io.sparkspann.search.AllowList;
import io.sparkspann.search.QueryRows;
import io.sparkspann.search.RangeOptions;
import io.sparkspann.spark.input.VectorTable;
import io.sparkspann.spark.stage.StageName;
import io.sparkspann.vector.IdType;
import io.sparkspann.vector.VectorBatch;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;
import scala.Tuple2;

/** The two steps of a range join, with the shuffle between them. */
record RangeSteps(
        Broadcast<SharedIndex> index,
        Broadcast<LeafRadii> radii,
        Broadcast<AllowList> allowed,
        JoinPlan plan,
        QueryBlock.Codec codec,
        PairColumns columns,
        float limit,
        JoinCost cost)
        implements Serializable {
    /** Names of the stages, in the order in which they run. */
    static final List<String> STAGES =
            List.of(JoinSteps.STAGES + "1/2: reach", JoinSteps.STAGES + "2/2: compare");

    private static final long STRING_ID_BYTES = 24;

    /** Plans the steps; finds out how far the vectors of leaves are from their centres. */
    static RangeSteps of(
            JoinSetup setup,
            VectorTable queries,
            long queryRows,
            RangeOptions range,
            JoinOptions options,
            JoinCost cost) {
        JavaSparkContext context = JavaSparkContext.fromSparkContext(setup.spark().sparkContext());
        JoinMemory granted = options.memory().orBySettings(setup.spark().sparkContext());
        JoinPlanner planner =
                JoinPlanner.of(setup.manifest(), options.search(), options.selection(), granted);
        Broadcast<SharedIndex> index = setup.share(context, planner.treeBytes());
        boolean strings = queries.idType() == IdType.STRING;
        JoinPlan plan =
                planner.plan(
                        queryRows,
                        strings ? STRING_ID_BYTES : Long.BYTES,
                        context.defaultParallelism());
        return new RangeSteps(
                index,
                context.broadcast(LeafRadii.of(context, index, plan.shards())),
                StageName.during(
                        setup.spark().sparkContext(),
                        JoinSteps.ALLOWED_STAGE,
                        () -> Restriction.allowed(options, setup, index)),
                plan,
                QueryBlock.Codec.of(queries),
                new PairColumns(queries.idType(), setup.manifest().schema().idType()),
                range.keyLimit(setup.manifest().schema().space()),
                cost);
    }

    StructType schema() {
        return columns.schema();
    }

    JavaRDD<InternalRow> rows(JavaRDD<VectorBatch> batches) {
        SparkContext context = batches.context();
        JavaPairRDD<Integer, byte[]> reached =
                StageName.during(
                        context,
                        STAGES.get(0),
                        () ->
                                batches.mapPartitionsWithIndex(this::reach, true)
                                        .mapToPair(pair -> pair));
        reached.rdd().setName(STAGES.get(0));
        return StageName.during(
                context,
                STAGES.get(1),
                () ->
                        reached.partitionBy(new PartPartitioner(plan.parts()))
                                .mapPartitions(this::compare));
    }

    private Iterator<Tuple2<Integer, byte[]>> reach(int partition, Iterator<VectorBatch> rows) {
        ReadQueries queries = new ReadQueries(partition, rows, plan, cost);
        ReachedShards reached = new ReachedShards(index.value().forest().router(), radii.value());
        return new Reach(queries, reached);
    }

    /**
     * Makes a block for each shard that queries may find something in. Lazy: holds one chunk, and
     * the copies of its queries for one shard.
     */
    private final class Reach extends BlockStream {
        private final Iterator<QueryBlock> chunks;
        private final ReachedShards reached;
        private QueryBlock block;
        private QueryRows queries;
        private float[] bounds;
        private int shard;

        Reach(Iterator<QueryBlock> chunks, ReachedShards reached) {
            this.chunks = chunks;
            this.reached = reached;
        }

        @Override
        protected boolean advance() {
            if (block == null) {
                if (!chunks.hasNext()) {
                    return false;
                }
                begin(chunks.next());
            }
            int[] rows = reached.of(shard, queries, bounds);
            if (rows.length > 0) {
                send(shard, block.gather(rows));
            }
            shard++;
            block = shard < plan.shards() ? block : null;
            return true;
        }

        private void begin(QueryBlock chunk) {
            block = chunk;
            queries = QueryRows.of(index.value().files().space(), chunk.vectors());
            bounds = new float[chunk.size()];
            Arrays.fill(bounds, limit);
            shard = 0;
        }

        private void send(int to, QueryBlock some) {
            int first = plan.firstPart(to);
            emit(first, some.divide(plan.salts(), i -> plan.part(to, some.keys()[i]) - first));
        }
    }

    private Iterator<InternalRow> compare(Iterator<Tuple2<Integer, byte[]>> blocks) {
        ShuffledQueries queries =
                new ShuffledQueries(codec, blocks, plan.chunkQueries(), plan.chunkIdBytes());
        return new RangeRows(this, queries);
    }
}
