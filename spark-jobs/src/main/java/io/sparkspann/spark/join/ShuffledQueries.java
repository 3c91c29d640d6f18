package io.sparkspann.spark.join;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import scala.Tuple2;

/** The queries that a shuffle brought to a task, in blocks of a useful size. */
final class ShuffledQueries implements Iterator<QueryBlock> {
    private final QueryBlock.Codec codec;
    private final Iterator<Tuple2<Integer, byte[]>> blocks;
    private final int size;
    private final long idBytes;
    private int part = -1;

    /**
     * @param size queries of a block, at least, except of the last one
     * @param idBytes bytes of their ids after which a block ends, too
     */
    ShuffledQueries(
            QueryBlock.Codec codec,
            Iterator<Tuple2<Integer, byte[]>> blocks,
            int size,
            long idBytes) {
        this.codec = codec;
        this.blocks = blocks;
        this.size = size;
        this.idBytes = idBytes;
    }

    @Override
    public boolean hasNext() {
        return blocks.hasNext();
    }

    @Override
    public QueryBlock next() {
        List<QueryBlock> chunk = new ArrayList<>();
        int queries = 0;
        long bytes = 0;
        do {
            Tuple2<Integer, byte[]> next = blocks.next();
            part = next._1();
            QueryBlock block = QueryBlock.decode(codec, next._2());
            chunk.add(block);
            queries += block.size();
            bytes += Ids.bytes(block.ids());
        } while (blocks.hasNext() && queries < size && bytes < idBytes);
        // Blocks come in any order.
        chunk.sort(Comparator.comparingLong(block -> block.keys()[0]));
        return QueryBlock.concat(chunk);
    }

    /** Number of the part that all blocks were sent to; known after the first one. */
    int part() {
        return part;
    }
}
