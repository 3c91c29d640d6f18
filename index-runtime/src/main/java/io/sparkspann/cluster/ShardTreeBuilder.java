package io.sparkspann.cluster;

import io.sparkspann.distance.VectorSpace;
import io.sparkspann.vector.VectorBlock;
import java.util.Arrays;

/**
 * Grows the tree of a shard and selects its heads: below every router leaf, balanced k-means makes
 * nodes of about {@value #NODE_HEADS} heads and, in each node, one small cluster per head; the head
 * is the vector nearest to the mean of its cluster (SPANN section 3.1, SelectHead). How many heads
 * a node gets is in proportion to its vectors, so that dense regions are not starved when clusters
 * come out uneven. One instance serves one thread.
 */
public final class ShardTreeBuilder {
    private static final int NODE_HEADS = 28;

    /** Rows of a run in which clustering around many equal ones would take long. */
    private static final int LARGE = 4096;

    private final VectorSpace space;
    private final VectorBlock vectors;
    private final RowSource rows;
    private final double headRatio;
    private final BalancedKMeans kMeans;
    private final int dimensions;
    private final float[] row;
    private final EqualRows equalRows;

    private int[] nodeStarts = {0};
    private int nodes;
    private float[] nodeCentroids = new float[0];
    private int[] headRows = new int[0];
    private int heads;

    /**
     * @param vectors the shard's vectors
     * @param headRatio heads per vector, in (0, 1]
     * @param balance see {@link BalancedKMeans}
     */
    public ShardTreeBuilder(
            VectorSpace space, VectorBlock vectors, double headRatio, double balance) {
        this.space = space;
        this.vectors = vectors;
        this.rows = RowSource.of(space, vectors);
        this.headRatio = headRatio;
        this.kMeans = new BalancedKMeans(rows, balance);
        this.dimensions = rows.dimensions();
        this.row = new float[dimensions];
        this.equalRows = new EqualRows(rows);
    }

    /**
     * @param members rows of the shard's vectors that may shape the tree, leaf by leaf, ascending
     *     within a leaf; reordered
     * @param leafBounds {@code leaves + 1} ascending positions in {@code members}
     * @param seed for all choices
     */
    public ShardTree build(int[] members, int[] leafBounds, long seed) {
        int leafCount = leafBounds.length - 1;
        int[] leafStarts = new int[leafCount + 1];
        for (int leaf = 0; leaf < leafCount; leaf++) {
            if (leafBounds[leaf + 1] > leafBounds[leaf]) {
                growLeaf(members, leafBounds[leaf], leafBounds[leaf + 1], Seeds.mix(seed, leaf));
            }
            leafStarts[leaf + 1] = nodes;
        }
        int[] selected = Arrays.copyOf(headRows, heads);
        return new ShardTree(
                space,
                leafStarts,
                Arrays.copyOf(nodeCentroids, nodes * dimensions),
                Arrays.copyOf(nodeStarts, nodes + 1),
                vectors.gather(selected),
                selected);
    }

    /** Nodes that a leaf with this many heads gets. */
    public static long nodes(long heads) {
        return (heads + NODE_HEADS - 1) / NODE_HEADS;
    }

    private void growLeaf(int[] members, int from, int to, long seed) {
        int budget = Math.max(1, (int) Math.round((to - from) * headRatio));
        int nodeWish = (int) nodes(budget);
        Clusters clusters = split(members, from, to, nodeWish, seed);
        int[] shares = shares(clusters, budget);
        for (int c = 0; c < clusters.count(); c++) {
            addNode(clusters.means(), c);
            growNode(
                    members,
                    clusters.bounds()[c],
                    clusters.bounds()[c + 1],
                    shares[c],
                    Seeds.mix(seed, c));
        }
    }

    private void growNode(int[] members, int from, int to, int budget, long seed) {
        Clusters clusters = split(members, from, to, budget, seed);
        for (int c = 0; c < clusters.count(); c++) {
            addHead(medoid(members, clusters, c));
        }
        nodeStarts[nodes] = heads;
    }

    /**
     * Clusters a run. Equal vectors, which no centre can tell apart, are cut into even pieces,
     * where they are the whole run or most of a large one.
     */
    private Clusters split(int[] members, int from, int to, int k, long seed) {
        int wished = Math.min(k, to - from);
        if (wished > 1 && equalRows.areAll(members, from, to)) {
            return evenly(members, from, to, wished);
        }
        boolean large = wished > 1 && to - from >= LARGE;
        int equal = large ? equalRows.majorityFirst(members, from, to) : 0;
        if (equal > 0) {
            double share = (double) equal / (to - from);
            int pieces = (int) Math.max(1, Math.min(wished - 1, Math.round(share * wished)));
            Clusters first = evenly(members, from, from + equal, pieces);
            return first.join(kMeans.cluster(members, from + equal, to, wished - pieces, seed));
        }
        Clusters clusters = kMeans.cluster(members, from, to, k, seed);
        return clusters.count() > 1 || wished <= 1 ? clusters : evenly(members, from, to, wished);
    }

    private Clusters evenly(int[] members, int from, int to, int pieces) {
        float[] mean = kMeans.cluster(members, from, to, 1, 0).means();
        int[] bounds = new int[pieces + 1];
        float[] means = new float[pieces * dimensions];
        for (int c = 0; c <= pieces; c++) {
            bounds[c] = from + (int) ((long) c * (to - from) / pieces);
            if (c < pieces) {
                System.arraycopy(mean, 0, means, c * dimensions, dimensions);
            }
        }
        return new Clusters(bounds, means);
    }

    /** Splits a number of heads over clusters in proportion to their sizes, at least one each. */
    private static int[] shares(Clusters clusters, int budget) {
        int[] shares = new int[clusters.count()];
        long total = clusters.bounds()[clusters.count()] - clusters.bounds()[0];
        long before = 0;
        for (int c = 0; c < shares.length; c++) {
            long after = before + clusters.size(c);
            shares[c] =
                    (int)
                            Math.max(
                                    1,
                                    Math.round((double) budget * after / total)
                                            - Math.round((double) budget * before / total));
            before = after;
        }
        return shares;
    }

    private int medoid(int[] members, Clusters clusters, int cluster) {
        int best = -1;
        double least = Double.POSITIVE_INFINITY;
        for (int i = clusters.bounds()[cluster]; i < clusters.bounds()[cluster + 1]; i++) {
            rows.copy(members[i], row, 0);
            double distance =
                    rows.geometry().separation(row, 0, clusters.means(), cluster * dimensions);
            if (distance < least) {
                least = distance;
                best = members[i];
            }
        }
        return best;
    }

    private void addNode(float[] means, int cluster) {
        nodes++;
        if (nodeStarts.length <= nodes) {
            nodeStarts = Arrays.copyOf(nodeStarts, 2 * nodes);
            nodeCentroids = Arrays.copyOf(nodeCentroids, 2 * nodes * dimensions);
        }
        System.arraycopy(
                means, cluster * dimensions, nodeCentroids, (nodes - 1) * dimensions, dimensions);
    }

    private void addHead(int member) {
        if (headRows.length == heads) {
            headRows = Arrays.copyOf(headRows, Math.max(16, 2 * heads));
        }
        headRows[heads++] = member;
    }
}
