package io.sparkspann.spark.join;

import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.IdBlock;
import io.sparkspann.vector.IdBlockBuilder;
import io.sparkspann.vector.IdType;
import io.sparkspann.vector.VectorBlock;
import io.sparkspann.vector.VectorBytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Queries on their way to a shard, with the postings that each wants.
 *
 * <p>As bytes: u32 queries, u32 pairs; keys i64; ids (i64, or u32 lengths and UTF-8); vectors;
 * bounds f32; for each query u32 number of postings; the postings u32, query after query.
 *
 * @param keys identify the queries in the whole join
 * @param ids their external ids
 * @param vectors as many vectors
 * @param bounds rank keys that no neighbour exceeds
 * @param pairQueries query of each pair, ascending
 * @param pairPostings posting of each pair
 */
record QueryBlock(
        long[] keys,
        IdBlock ids,
        VectorBlock vectors,
        float[] bounds,
        int[] pairQueries,
        int[] pairPostings) {
    /** What kind of queries the blocks of a join hold. */
    record Codec(IdType idType, ElementType elementType, int dimensions)
            implements java.io.Serializable {}

    int size() {
        return keys.length;
    }

    byte[] encode() {
        long length =
                8L
                        + 8L * size()
                        + Ids.bytes(ids)
                        + VectorBytes.length(vectors.type(), vectors.dimensions(), size())
                        + 8L * size()
                        + 4L * pairPostings.length;
        ByteBuffer out =
                ByteBuffer.allocate(Math.toIntExact(length)).order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(size()).putInt(pairPostings.length);
        for (long key : keys) {
            out.putLong(key);
        }
        Ids.put(ids, out);
        int[] rows = new int[size()];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = i;
        }
        VectorBytes.encode(vectors, rows, 0, rows.length, out);
        for (float bound : bounds) {
            out.putFloat(bound);
        }
        int pair = 0;
        for (int i = 0; i < size(); i++) {
            int start = pair;
            while (pair < pairQueries.length && pairQueries[pair] == i) {
                pair++;
            }
            out.putInt(pair - start);
        }
        for (int posting : pairPostings) {
            out.putInt(posting);
        }
        return out.array();
    }

    static QueryBlock decode(Codec codec, byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int size = in.getInt();
        int pairs = in.getInt();
        long[] keys = new long[size];
        for (int i = 0; i < size; i++) {
            keys[i] = in.getLong();
        }
        IdBlockBuilder ids = new IdBlockBuilder(codec.idType());
        Ids.take(in, size, ids);
        VectorBlock vectors =
                VectorBytes.decode(
                        codec.elementType(), codec.dimensions(), bytes, in.position(), size);
        int length =
                Math.toIntExact(VectorBytes.length(codec.elementType(), codec.dimensions(), size));
        in.position(in.position() + length);
        float[] bounds = new float[size];
        for (int i = 0; i < size; i++) {
            bounds[i] = in.getFloat();
        }
        int[] pairQueries = new int[pairs];
        int[] pairPostings = new int[pairs];
        int at = 0;
        for (int i = 0; i < size; i++) {
            int count = in.getInt();
            for (int p = 0; p < count; p++) {
                pairQueries[at++] = i;
            }
        }
        for (int p = 0; p < pairs; p++) {
            pairPostings[p] = in.getInt();
        }
        return new QueryBlock(keys, ids.build(), vectors, bounds, pairQueries, pairPostings);
    }
}
