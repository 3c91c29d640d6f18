package io.sparkspann.spark.join;

import io.sparkspann.posting.IdTable;
import io.sparkspann.search.TopK;
import io.sparkspann.vector.IdBlock;
import io.sparkspann.vector.IdType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The lists that some queries have so far, from one shard.
 *
 * <p>As bytes: u32 queries, u32 neighbours; query keys and query ids, see {@link Numbers} and
 * {@link Ids}; {@code queries + 1} starts u32; rank keys f32; neighbour ids.
 *
 * @param keys identify the queries in the whole join
 * @param queryIds their external ids
 * @param starts {@code queries + 1} ascending positions
 * @param rankKeys rank keys of the neighbours, ascending for each query
 * @param neighborIds ids of the neighbours
 */
record PartialLists(
        long[] keys, IdBlock queryIds, int[] starts, float[] rankKeys, IdBlock neighborIds) {
    /**
     * The lists of some queries.
     *
     * @param rows which queries of the block
     * @param top lists of all queries of the block
     * @param table ids of the vectors in the lists
     */
    static PartialLists of(QueryBlock queries, int[] rows, TopK top, IdTable table) {
        long[] keys = new long[rows.length];
        int[] starts = new int[rows.length + 1];
        for (int i = 0; i < rows.length; i++) {
            keys[i] = queries.keys()[rows[i]];
            starts[i + 1] = Math.addExact(starts[i], top.size(rows[i]));
        }
        float[] rankKeys = new float[starts[rows.length]];
        int[] positions = new int[rankKeys.length];
        int at = 0;
        for (int row : rows) {
            for (int r = 0; r < top.size(row); r++) {
                rankKeys[at] = top.key(row, r);
                positions[at++] = table.position(top.ordinal(row, r));
            }
        }
        return new PartialLists(
                keys, queries.ids().gather(rows), starts, rankKeys, table.ids().gather(positions));
    }

    byte[] encode() {
        long length =
                8L
                        + Numbers.bytes(keys)
                        + Ids.bytes(queryIds)
                        + 4L * starts.length
                        + 4L * rankKeys.length
                        + Ids.bytes(neighborIds);
        ByteBuffer out =
                ByteBuffer.allocate(Math.toIntExact(length)).order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(keys.length).putInt(rankKeys.length);
        Numbers.put(keys, out);
        Ids.put(queryIds, out);
        Numbers.putAll(starts, out);
        Numbers.putAll(rankKeys, out);
        Ids.put(neighborIds, out);
        return out.array();
    }

    static PartialLists decode(IdType queryType, IdType neighborType, byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int queries = in.getInt();
        int neighbors = in.getInt();
        return new PartialLists(
                Numbers.take(in, queries),
                Ids.take(in, queries, queryType),
                Numbers.takeInts(in, queries + 1),
                Numbers.takeFloats(in, neighbors),
                Ids.take(in, neighbors, neighborType));
    }
}
