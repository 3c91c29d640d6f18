package io.sparkspann.spark.join;

import io.sparkspann.spark.input.VectorTable;
import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.IdBlock;
import io.sparkspann.vector.IdType;
import io.sparkspann.vector.VectorBlock;
import io.sparkspann.vector.VectorBytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * Queries on their way to a shard, with the postings that each wants.
 *
 * <p>As bytes: u32 queries, u32 pairs; keys and ids, see {@link Numbers} and {@link Ids}; vectors;
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
            implements java.io.Serializable {
        static Codec of(VectorTable queries) {
            return new Codec(queries.idType(), queries.elementType(), queries.dimensions());
        }
    }

    /** Queries that do not know yet which postings they want. */
    static QueryBlock unrouted(long[] keys, IdBlock ids, VectorBlock vectors) {
        float[] bounds = new float[keys.length];
        Arrays.fill(bounds, Float.POSITIVE_INFINITY);
        return new QueryBlock(keys, ids, vectors, bounds, new int[0], new int[0]);
    }

    int size() {
        return keys.length;
    }

    /** Some of the queries, in this order, without postings. */
    QueryBlock gather(int[] rows) {
        return gather(rows, ids.gather(rows));
    }

    /** Some of the queries, in this order, with these ids, and without postings. */
    QueryBlock gather(int[] rows, IdBlock theirIds) {
        long[] some = new long[rows.length];
        for (int i = 0; i < rows.length; i++) {
            some[i] = keys[rows[i]];
        }
        return unrouted(some, theirIds, vectors.gather(rows));
    }

    /** The same queries with the postings that they want. */
    QueryBlock routed(float[] newBounds, int[] newPairQueries, int[] newPairPostings) {
        return new QueryBlock(keys, ids, vectors, newBounds, newPairQueries, newPairPostings);
    }

    /**
     * Divides the queries.
     *
     * @param parts number of parts
     * @param partOf part of each query
     * @return the queries of each part, null where there are none
     */
    QueryBlock[] divide(int parts, IntUnaryOperator partOf) {
        int[][] rows = Division.of(size(), parts, partOf);
        int[] starts = pairStarts();
        QueryBlock[] divided = new QueryBlock[parts];
        for (int p = 0; p < parts; p++) {
            if (rows[p] != null) {
                divided[p] = rows[p].length == size() ? this : only(rows[p], starts);
            }
        }
        return divided;
    }

    /** {@code size + 1} ascending positions: where the pairs of each query begin. */
    private int[] pairStarts() {
        int[] starts = new int[size() + 1];
        for (int query : pairQueries) {
            starts[query + 1]++;
        }
        for (int i = 0; i < size(); i++) {
            starts[i + 1] += starts[i];
        }
        return starts;
    }

    private QueryBlock only(int[] rows, int[] starts) {
        float[] someBounds = new float[rows.length];
        int pairs = 0;
        for (int row : rows) {
            pairs += starts[row + 1] - starts[row];
        }
        int[] queries = new int[pairs];
        int[] postings = new int[pairs];
        int at = 0;
        for (int i = 0; i < rows.length; i++) {
            int from = starts[rows[i]];
            int count = starts[rows[i] + 1] - from;
            someBounds[i] = bounds[rows[i]];
            Arrays.fill(queries, at, at + count, i);
            System.arraycopy(pairPostings, from, postings, at, count);
            at += count;
        }
        return gather(rows).routed(someBounds, queries, postings);
    }

    /** All queries of some blocks, one block after another. */
    static QueryBlock concat(List<QueryBlock> blocks) {
        if (blocks.size() == 1) {
            return blocks.get(0);
        }
        int size = blocks.stream().mapToInt(QueryBlock::size).sum();
        int pairs = blocks.stream().mapToInt(block -> block.pairPostings().length).sum();
        long[] keys = new long[size];
        float[] bounds = new float[size];
        int[] pairQueries = new int[pairs];
        int[] pairPostings = new int[pairs];
        int at = 0;
        int pair = 0;
        for (QueryBlock block : blocks) {
            for (int query : block.pairQueries()) {
                pairQueries[pair++] = at + query;
            }
            int blockPairs = block.pairPostings().length;
            System.arraycopy(block.pairPostings(), 0, pairPostings, pair - blockPairs, blockPairs);
            System.arraycopy(block.keys(), 0, keys, at, block.size());
            System.arraycopy(block.bounds(), 0, bounds, at, block.size());
            at += block.size();
        }
        return new QueryBlock(
                keys,
                IdBlock.concat(blocks.stream().map(QueryBlock::ids).toList()),
                VectorBlock.concat(blocks.stream().map(QueryBlock::vectors).toList()),
                bounds,
                pairQueries,
                pairPostings);
    }

    byte[] encode() {
        ElementType type = vectors.type();
        long length =
                8L
                        + Numbers.bytes(keys)
                        + Ids.bytes(ids)
                        + VectorBytes.length(type, vectors.dimensions(), size())
                        + 8L * size()
                        + 4L * pairPostings.length;
        ByteBuffer out =
                ByteBuffer.allocate(Math.toIntExact(length)).order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(size()).putInt(pairPostings.length);
        Numbers.put(keys, out);
        Ids.put(ids, out);
        vectors.write(0, size(), out);
        Numbers.putAll(bounds, out);
        int[] counts = new int[size()];
        for (int query : pairQueries) {
            counts[query]++;
        }
        Numbers.putAll(counts, out);
        Numbers.putAll(pairPostings, out);
        return out.array();
    }

    /** Queries of an encoded block. */
    static int size(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt();
    }

    static QueryBlock decode(Codec codec, byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int size = in.getInt();
        int pairs = in.getInt();
        long[] keys = Numbers.take(in, size);
        IdBlock ids = Ids.take(in, size, codec.idType());
        VectorBlock vectors =
                VectorBytes.decode(
                        codec.elementType(), codec.dimensions(), bytes, in.position(), size);
        long length = VectorBytes.length(codec.elementType(), codec.dimensions(), size);
        in.position(in.position() + Math.toIntExact(length));
        float[] bounds = Numbers.takeFloats(in, size);
        int[] counts = Numbers.takeInts(in, size);
        int[] pairQueries = new int[pairs];
        int at = 0;
        for (int i = 0; i < size; i++) {
            Arrays.fill(pairQueries, at, at + counts[i], i);
            at += counts[i];
        }
        int[] pairPostings = Numbers.takeInts(in, pairs);
        return new QueryBlock(keys, ids, vectors, bounds, pairQueries, pairPostings);
    }
}
