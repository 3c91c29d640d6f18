package io.sparkspann.build;

import io.sparkspann.cluster.Forest;
import io.sparkspann.cluster.ForestHeads;
import io.sparkspann.cluster.Seeds;
import io.sparkspann.cluster.ShardTree;
import io.sparkspann.posting.Closure;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Finds a home for vectors that many heads are equally near to. A search finds the same few of
 * these heads for all such vectors, of all shards, and would crowd them there; but every vector has
 * been sent to a leaf, with as many heads as its vectors call for, and is spread over those by the
 * hash of its id. One instance serves one thread, for the vectors of one shard.
 */
final class OwnLeaf {
    /** Heads in lists that are kept, at most. */
    private static final int MOST_KEPT = 1 << 20;

    /** Fewer heads than this do not share a leaf's vectors evenly enough; the shard's do. */
    private static final int FEW = 8;

    private final BaseFile base;
    private final int[] leaves;
    private final long seed;
    private final ShardTree tree;
    private final int firstHead;
    private final ForestHeads heads;
    private final Map<Long, int[]> lists = new HashMap<>();
    private int kept;

    /**
     * @param leaves the leaf of each row, see {@link BaseFile#readLeaves}
     */
    OwnLeaf(Forest forest, int shard, BaseFile base, int[] leaves, long seed) {
        this.base = base;
        this.leaves = leaves;
        this.seed = seed;
        this.tree = forest.tree(shard);
        this.firstHead = forest.firstHeads()[shard];
        this.heads = new ForestHeads(forest);
    }

    /**
     * A head of the row's own leaf that equals {@code head} within rounding, or one of the shard if
     * the leaf has but few of them, or {@link Closure#NO_HEAD} if it has none.
     */
    int homeLike(int head, int row) {
        int[] list = equalTo(head, leaves[row]);
        if (list.length == 0) {
            return Closure.NO_HEAD;
        }
        double draw = Sampling.fraction(Seeds.mix(~seed, Sampling.idHash(base.ids(), row)));
        return list[(int) (draw * list.length)];
    }

    private int[] equalTo(int head, int leaf) {
        long key = (long) leaf << 32 | head;
        int[] list = lists.get(key);
        if (list == null) {
            list = find(head, leaf);
            if (kept + list.length >= MOST_KEPT) {
                lists.clear();
                kept = 0;
            }
            lists.put(key, list);
            kept += list.length + 1;
        }
        return list;
    }

    private int[] find(int head, int leaf) {
        int[] leafStarts = tree.leafStarts();
        int[] nodeStarts = tree.nodeStarts();
        float[] wanted = new float[heads.dimensions()];
        heads.copy(head, wanted, 0);
        int[] ofLeaf = find(wanted, nodeStarts[leafStarts[leaf]], nodeStarts[leafStarts[leaf + 1]]);
        boolean few = ofLeaf.length > 0 && ofLeaf.length < FEW;
        return few ? find(wanted, 0, tree.headCount()) : ofLeaf;
    }

    private int[] find(float[] wanted, int from, int to) {
        float[] other = new float[wanted.length];
        int[] found = new int[to - from];
        int count = 0;
        for (int h = from; h < to; h++) {
            tree.copy(h, other, 0);
            if (heads.geometry().areEqual(wanted, other)) {
                found[count++] = firstHead + h;
            }
        }
        return Arrays.copyOf(found, count);
    }
}
