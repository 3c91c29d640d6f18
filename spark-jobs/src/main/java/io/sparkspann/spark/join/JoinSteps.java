package io.sparkspann.spark.join;

import io.sparkspann.search.AllowList;
import io.sparkspann.vector.VectorBatch;
import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.catalyst.InternalRow;
import scala.Tuple2;

/** The steps of a join, with the shuffles between them. */
record JoinSteps(
        Broadcast<SharedIndex> index,
        Restriction restriction,
        JoinPlan plan,
        QueryBlock.Codec codec,
        JoinColumns columns,
        JoinCost cost)
        implements Serializable {
    /** Names of the stages, in the order in which they run. */
    List<String> stages() {
        return isDirect()
                ? List.of("1-group", "2-search")
                : List.of("1-group", "2-route", "3-scan", "4-merge");
    }

    private boolean isDirect() {
        return plan.direct() || restriction.listed() != null;
    }

    JavaRDD<InternalRow> rows(JavaRDD<VectorBatch> batches) {
        JavaPairRDD<Integer, byte[]> grouped =
                byPart(pairs(batches.mapPartitionsWithIndex(this::group, true)));
        if (isDirect()) {
            return grouped.mapPartitions(this::search);
        }
        JavaPairRDD<Integer, byte[]> routed = byPart(pairs(grouped.mapPartitions(this::route)));
        JavaPairRDD<Integer, byte[]> scanned = pairs(routed.mapPartitions(this::scan));
        return scanned.partitionBy(new PartPartitioner(plan.mergeBuckets()))
                .mapPartitions(this::merge);
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
