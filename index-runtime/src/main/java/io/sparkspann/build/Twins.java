package io.sparkspann.build;

import io.sparkspann.cluster.ShardTree;
import io.sparkspann.vector.VectorBlock;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Heads of a shard that equal so many others that no list of candidates holds them all. The vectors
 * that equal them are spread over them; else those of all shards would crowd in the postings of the
 * few heads that a search finds first. Immutable.
 */
final class Twins {
    static final int NONE = -1;

    private final VectorBlock heads;
    private final Map<Long, int[]> groups = new HashMap<>();

    /**
     * @param most heads that may be equal without being twins
     */
    Twins(ShardTree tree, int most) {
        this.heads = tree.heads();
        long[] hashes = new long[heads.size()];
        Map<Long, Integer> counts = new HashMap<>();
        for (int h = 0; h < hashes.length; h++) {
            hashes[h] = Sampling.vectorHash(heads, h);
            counts.merge(hashes[h], 1, Integer::sum);
        }
        counts.values().removeIf(count -> count <= most);
        for (long hash : counts.keySet()) {
            int first = first(hashes, hash);
            groups.put(
                    hash,
                    IntStream.range(first, hashes.length)
                            .filter(h -> hashes[h] == hash && equal(heads, h, heads, first))
                            .toArray());
        }
    }

    private static int first(long[] hashes, long hash) {
        int first = 0;
        while (hashes[first] != hash) {
            first++;
        }
        return first;
    }

    /**
     * The twin for a vector of the shard, or {@link #NONE} if it equals none. Vectors near to each
     * other in the order of their ids share a twin, so that few postings hold those that win a tie.
     */
    int of(VectorBlock vectors, int row) {
        int[] group = groups.isEmpty() ? null : groups.get(Sampling.vectorHash(vectors, row));
        if (group == null || !equal(vectors, row, heads, group[0])) {
            return NONE;
        }
        return group[(int) ((long) row * group.length / vectors.size())];
    }

    private static boolean equal(VectorBlock a, int i, VectorBlock b, int j) {
        int d = a.dimensions();
        return a.type().isByte()
                ? Arrays.equals(a.bytes(), i * d, (i + 1) * d, b.bytes(), j * d, (j + 1) * d)
                : Arrays.equals(a.floats(), i * d, (i + 1) * d, b.floats(), j * d, (j + 1) * d);
    }
}
