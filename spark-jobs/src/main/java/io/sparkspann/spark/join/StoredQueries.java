package io.sparkspann.spark.join;

import io.sparkspann.vector.VectorBatch;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.storage.StorageLevel;

/**
 * Queries that have been evaluated once and lie on the executors' disks, so that they can be
 * counted before they are searched for. Spark deletes them when nobody on the driver holds them any
 * more.
 */
final class StoredQueries {
    private final JavaRDD<byte[]> blocks;
    private final QueryBlock.Codec codec;

    private StoredQueries(JavaRDD<byte[]> blocks, QueryBlock.Codec codec) {
        this.blocks = blocks;
        this.codec = codec;
    }

    /**
     * @param cost counts rows that are left out
     */
    static StoredQueries of(JavaRDD<VectorBatch> batches, QueryBlock.Codec codec, JoinCost cost) {
        JavaRDD<byte[]> blocks = batches.map(batch -> encode(batch, cost));
        return new StoredQueries(blocks.persist(StorageLevel.DISK_ONLY()), codec);
    }

    private static byte[] encode(VectorBatch batch, JoinCost cost) {
        cost.skipped().add(batch.skippedRows());
        return QueryBlock.unrouted(new long[batch.size()], batch.ids(), batch.vectors()).encode();
    }

    /** Evaluates the queries. */
    long count() {
        return blocks.map(bytes -> (long) QueryBlock.size(bytes)).fold(0L, Long::sum);
    }

    JavaRDD<VectorBatch> batches() {
        QueryBlock.Codec shipped = codec;
        return blocks.map(bytes -> decode(shipped, bytes));
    }

    private static VectorBatch decode(QueryBlock.Codec codec, byte[] bytes) {
        QueryBlock block = QueryBlock.decode(codec, bytes);
        return new VectorBatch(block.ids(), block.vectors(), "queries", 0, 0);
    }
}
