package io.sparkspann.spark.join;

import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.IdBlock;
import io.sparkspann.vector.IdBlockBuilder;
import io.sparkspann.vector.IdType;
import io.sparkspann.vector.VectorBatch;
import io.sparkspann.vector.VectorBlock;
import io.sparkspann.vector.VectorBytes;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;

/**
 * Few vectors with their ids, in memory, to be compared with every query. They travel as a
 * broadcast, so that the tasks of an executor share one instance.
 */
final class ListedVectors implements Serializable {
    private static final long serialVersionUID = 1L;

    // Neither records nor lists of Java's: Kryo, which may serialize broadcasts, knows none of
    // them.
    private final IdType idType;
    private final ElementType elementType;
    private final int dimensions;
    private final byte[][] blocks;
    private transient QueryBlock all;

    private ListedVectors(QueryBlock.Codec codec, List<byte[]> blocks) {
        this.idType = codec.idType();
        this.elementType = codec.elementType();
        this.dimensions = codec.dimensions();
        this.blocks = blocks.toArray(new byte[0][]);
    }

    /** No vectors. */
    static ListedVectors none(QueryBlock.Codec codec) {
        IdBlock ids = new IdBlockBuilder(codec.idType()).build();
        VectorBlock vectors =
                VectorBytes.decode(codec.elementType(), codec.dimensions(), new byte[0], 0, 0);
        QueryBlock empty = QueryBlock.unrouted(new long[0], ids, vectors);
        return new ListedVectors(codec, List.of(empty.encode()));
    }

    /** Brings vectors to the driver. Runs a job. */
    static ListedVectors of(JavaRDD<VectorBatch> batches, QueryBlock.Codec codec) {
        return new ListedVectors(codec, batches.map(ListedVectors::encode).collect());
    }

    private static byte[] encode(VectorBatch batch) {
        return QueryBlock.unrouted(new long[batch.size()], batch.ids(), batch.vectors()).encode();
    }

    /** How many there are. */
    long size() {
        return Arrays.stream(blocks).mapToLong(QueryBlock::size).sum();
    }

    /** How many ids they have. */
    long distinct() {
        IdBlock ids = all().ids();
        return idType == IdType.STRING
                ? IntStream.range(0, ids.size()).mapToObj(ids::text).distinct().count()
                : IntStream.range(0, ids.size()).mapToLong(ids::number).distinct().count();
    }

    /** All of them, in one block. */
    synchronized QueryBlock all() {
        if (all == null) {
            QueryBlock.Codec codec = new QueryBlock.Codec(idType, elementType, dimensions);
            all =
                    QueryBlock.concat(
                            Arrays.stream(blocks)
                                    .map(bytes -> QueryBlock.decode(codec, bytes))
                                    .toList());
        }
        return all;
    }
}
