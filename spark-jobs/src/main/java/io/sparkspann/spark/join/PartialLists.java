package io.sparkspann.spark.join;

import io.sparkspann.vector.IdBlock;
import io.sparkspann.vector.IdBlockBuilder;
import io.sparkspann.vector.IdType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The lists that some queries have so far, from one shard.
 *
 * <p>As bytes: u32 queries, u32 neighbours; query keys i64; query ids; {@code queries + 1} starts
 * u32; rank keys f32; neighbour ids.
 *
 * @param keys identify the queries in the whole join
 * @param queryIds their external ids
 * @param starts {@code queries + 1} ascending positions
 * @param rankKeys rank keys of the neighbours, ascending for each query
 * @param neighborIds ids of the neighbours
 */
record PartialLists(
        long[] keys, IdBlock queryIds, int[] starts, float[] rankKeys, IdBlock neighborIds) {
    byte[] encode() {
        long length =
                8L
                        + 8L * keys.length
                        + Ids.bytes(queryIds)
                        + 4L * starts.length
                        + 4L * rankKeys.length
                        + Ids.bytes(neighborIds);
        ByteBuffer out =
                ByteBuffer.allocate(Math.toIntExact(length)).order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(keys.length).putInt(rankKeys.length);
        for (long key : keys) {
            out.putLong(key);
        }
        Ids.put(queryIds, out);
        for (int start : starts) {
            out.putInt(start);
        }
        for (float key : rankKeys) {
            out.putFloat(key);
        }
        Ids.put(neighborIds, out);
        return out.array();
    }

    static PartialLists decode(IdType queryType, IdType neighborType, byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int queries = in.getInt();
        int neighbors = in.getInt();
        long[] keys = new long[queries];
        for (int i = 0; i < queries; i++) {
            keys[i] = in.getLong();
        }
        IdBlockBuilder queryIds = new IdBlockBuilder(queryType);
        Ids.take(in, queries, queryIds);
        int[] starts = new int[queries + 1];
        for (int i = 0; i <= queries; i++) {
            starts[i] = in.getInt();
        }
        float[] rankKeys = new float[neighbors];
        for (int i = 0; i < neighbors; i++) {
            rankKeys[i] = in.getFloat();
        }
        IdBlockBuilder neighborIds = new IdBlockBuilder(neighborType);
        Ids.take(in, neighbors, neighborIds);
        return new PartialLists(keys, queryIds.build(), starts, rankKeys, neighborIds.build());
    }

    /** Collects lists, query after query. */
    static final class Builder {
        private final IdBlockBuilder queryIds;
        private final IdBlockBuilder neighborIds;
        private long[] keys = new long[64];
        private int[] starts = new int[65];
        private float[] rankKeys = new float[640];
        private int queries;
        private int neighbors;

        Builder(IdType queryType, IdType neighborType) {
            this.queryIds = new IdBlockBuilder(queryType);
            this.neighborIds = new IdBlockBuilder(neighborType);
        }

        /** Begins the list of the next query. */
        void begin(long key, IdBlock ids, int i) {
            if (queries == keys.length) {
                keys = Arrays.copyOf(keys, 2 * queries);
                starts = Arrays.copyOf(starts, 2 * queries + 1);
            }
            keys[queries++] = key;
            starts[queries] = neighbors;
            queryIds.add(ids, i);
        }

        /** Appends a neighbour of the query that was begun last. */
        void add(float rankKey, IdBlock ids, int i) {
            if (neighbors == rankKeys.length) {
                rankKeys = Arrays.copyOf(rankKeys, 2 * neighbors);
            }
            rankKeys[neighbors++] = rankKey;
            neighborIds.add(ids, i);
            starts[queries] = neighbors;
        }

        PartialLists build() {
            return new PartialLists(
                    Arrays.copyOf(keys, queries),
                    queryIds.build(),
                    Arrays.copyOf(starts, queries + 1),
                    Arrays.copyOf(rankKeys, neighbors),
                    neighborIds.build());
        }
    }
}
