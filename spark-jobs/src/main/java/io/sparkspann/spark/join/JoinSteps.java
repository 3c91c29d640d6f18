package io.sparkspann.spark.join;

import io.sparkspann.search.AllowList;
import io.sparkspann.spark.stage.StageName;
import io.sparkspann.vector.VectorBatch;
import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaRDDLike;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.catalyst.InternalRow;
import scala.Tuple2;

/**
 * The steps of a join, with the shuffles between them.
 *
 * @param radii of the leaves, where an exact join scans shards apart; else null
 */
record JoinSteps(
        Broadcast<SharedIndex> index,
        Restriction restriction,
        Broadcast<LeafRadii> radii,
        JoinPlan plan,
        QueryBlock.Codec codec,
        JoinColumns columns,
        JoinCost cost)
        implements Serializable {
    /** What the names of all stages begin with in Spark's UI. */
    static final String STAGES = "spann join ";

    /** Name of what reads the queries before they are known. */
    static final String QUERY_STAGE = "spann join: queries";

    /** Name of what finds out how far the vectors of leaves are from their centres. */
    static final String RADII_STAGE = "spann join: radii";

    /** Name of what finds out which vectors may be found. */
    static final String ALLOWED_STAGE = "spann join: allowed rows";

    /** Names of the stages, in the order in which they run. */
    List<String> stages() {
        return isDirect()
                ? List.of(STAGES + "1/2: group", STAGES + "2/2: search")
                : List.of(
                        STAGES + "1/4: group",
                        STAGES + "2/4: route",
                        STAGES + "3/4: scan",
                        STAGES + "4/4: merge");
    }

    private boolean isDirect() {
        return plan.direct() || restriction.listed() != null;
    }

    JavaRDD<InternalRow> rows(JavaRDD<VectorBatch> batches) {
        SparkContext context = batches.context();
        JavaPairRDD<Integer, byte[]> grouped =
                made(context, 0, () -> pairs(batches.mapPartitionsWithIndex(this::group, true)));
        if (isDirect()) {
            return made(context, 1, () -> byPart(grouped).mapPartitions(this::search));
        }
        JavaPairRDD<Integer, byte[]> routed =
                made(context, 1, () -> pairs(byPart(grouped).mapPartitions(this::route)));
        JavaPairRDD<Integer, byte[]> scanned =
                made(context, 2, () -> pairs(byPart(routed).mapPartitions(this::scan)));
        PartPartitioner buckets = new PartPartitioner(plan.mergeBuckets());
        return made(context, 3, () -> scanned.partitionBy(buckets).mapPartitions(this::merge));
    }

    /** Makes RDDs of a stage, so that Spark shows them under its name. */
    private <T extends JavaRDDLike<?, T>> T made(
            SparkContext context, int stage, Supplier<T> maker) {
        String name = stages().get(stage);
        T made = StageName.during(context, name, maker::get);
        made.rdd().setName(name);
        return made;
    }

    private Iterator<Tuple2<Integer, byte[]>> group(int partition, Iterator<VectorBatch> rows) {
        ReadQueries queries = new ReadQueries(partition, rows, plan, cost);
        return new GroupQueries(index.value(), plan, queries);
    }

    private Iterator<InternalRow> search(Iterator<Tuple2<Integer, byte[]>> blocks) {
        ShuffledQueries queries = shuffled(blocks, plan.chunkQueries());
        Searched searched =
                restriction.listed() == null
                        ? new SearchedIndex(index.value(), allowed(), plan, cost)
                        : new SearchedList(restriction.listed().value(), cost);
        return new SearchPart(searched, index.value().files().space(), this, queries);
    }

    private Iterator<Tuple2<Integer, byte[]>> route(Iterator<Tuple2<Integer, byte[]>> blocks) {
        ShuffledQueries queries = shuffled(blocks, RouteQueries.most(plan));
        if (radii != null) {
            return new RouteExactly(index.value(), allowed(), this, radii.value(), queries);
        }
        return new RouteQueries(index.value(), allowed(), plan, queries, cost);
    }

    private AllowList allowed() {
        return restriction.allowed().value();
    }

    private Iterator<Tuple2<Integer, byte[]>> scan(Iterator<Tuple2<Integer, byte[]>> blocks) {
        ShuffledQueries queries = shuffled(blocks, plan.chunkQueries());
        return new ScanPart(index.value(), allowed(), plan, cost, queries);
    }

    private Iterator<InternalRow> merge(Iterator<Tuple2<Integer, byte[]>> lists) {
        return new MergeLists(plan, index.value().files().space(), columns, cost, lists);
    }

    private ShuffledQueries shuffled(Iterator<Tuple2<Integer, byte[]>> blocks, int size) {
        return new ShuffledQueries(codec, blocks, size, plan.chunkIdBytes());
    }

    private JavaPairRDD<Integer, byte[]> byPart(JavaPairRDD<Integer, byte[]> blocks) {
        return blocks.partitionBy(new PartPartitioner(plan.parts()));
    }

    private static JavaPairRDD<Integer, byte[]> pairs(JavaRDD<Tuple2<Integer, byte[]>> rdd) {
        return rdd.mapToPair(pair -> pair);
    }
}
