package io.sparkspann.spark.join;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import scala.Tuple2;

/** The queries that a shuffle brought to a task, in blocks of a useful size. */
final class ShuffledQueries implements Iterator<QueryBlock> {
    private final QueryBlock.Codec codec;
    private final Iterator<Tuple2<Integer, byte[]>> blocks;
    private final int size;

    /**
     * @param size queries of a block, at least, except of the last one
     */
    ShuffledQueries(QueryBlock.Codec codec, Iterator<Tuple2<Integer, byte[]>> blocks, int size) {
        this.codec = codec;
        this.blocks = blocks;
        this.size = size;
    }

    @Override
    public boolean hasNext() {
        return blocks.hasNext();
    }

    @Override
    public QueryBlock next() {
        List<QueryBlock> chunk = new ArrayList<>();
        int queries = 0;
        do {
            QueryBlock block = QueryBlock.decode(codec, blocks.next()._2());
            chunk.add(block);
            queries += block.size();
        } while (blocks.hasNext() && queries < size);
        return QueryBlock.concat(chunk);
    }
}
