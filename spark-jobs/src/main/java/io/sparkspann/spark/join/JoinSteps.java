package io.sparkspann.spark.join;

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
        JoinPlan plan,
        QueryBlock.Codec codec,
        JoinColumns columns,
        JoinCost cost)
        implements Serializable {
    /** Names of the stages, in the order in which they run. */
    List<String> stages() {
        return plan.groupFirst()
                ? List.of("1-group", "2-route", "3-scan", "4-merge")
                : List.of("1-route", "2-scan", "3-merge");
    }

    JavaRDD<InternalRow> rows(JavaRDD<VectorBatch> batches) {
        JavaPairRDD<Integer, byte[]> routed =
                plan.groupFirst() ? routeGrouped(batches) : route(batches);
        JavaPairRDD<Integer, byte[]> scanned = pairs(byPart(routed).mapPartitions(this::scan));
        return scanned.partitionBy(new PartPartitioner(plan.mergeBuckets()))
                .mapPartitions(this::merge);
    }

    private JavaPairRDD<Integer, byte[]> route(JavaRDD<VectorBatch> batches) {
        int most = RouteQueries.most(plan);
        return pairs(
                batches.mapPartitionsWithIndex(
                        (p, rows) -> route(new ReadQueries(p, rows, most, cost)), true));
    }

    private JavaPairRDD<Integer, byte[]> routeGrouped(JavaRDD<VectorBatch> batches) {
        int most = RouteQueries.most(plan);
        JavaPairRDD<Integer, byte[]> grouped =
                pairs(batches.mapPartitionsWithIndex(this::group, true));
        return pairs(
                byPart(grouped)
                        .mapPartitions(blocks -> route(new ShuffledQueries(codec, blocks, most))));
    }

    private Iterator<Tuple2<Integer, byte[]>> group(int partition, Iterator<VectorBatch> rows) {
        ReadQueries queries = new ReadQueries(partition, rows, plan.chunkQueries(), cost);
        return new GroupQueries(index.value(), plan, queries);
    }

    private Iterator<Tuple2<Integer, byte[]>> route(Iterator<QueryBlock> queries) {
        return new RouteQueries(index.value(), plan, queries, cost);
    }

    private Iterator<Tuple2<Integer, byte[]>> scan(Iterator<Tuple2<Integer, byte[]>> blocks) {
        return new ScanPart(
                index.value(), plan, cost, new ShuffledQueries(codec, blocks, plan.chunkQueries()));
    }

    private Iterator<InternalRow> merge(Iterator<Tuple2<Integer, byte[]>> lists) {
        return new MergeLists(plan, index.value().files().space(), columns, cost, lists);
    }

    private JavaPairRDD<Integer, byte[]> byPart(JavaPairRDD<Integer, byte[]> blocks) {
        return blocks.partitionBy(new PartPartitioner(plan.parts()));
    }

    private static JavaPairRDD<Integer, byte[]> pairs(JavaRDD<Tuple2<Integer, byte[]>> rdd) {
        return rdd.mapToPair(pair -> pair);
    }
}
