package io.sparkspann.cluster;

import io.sparkspann.distance.Geometry;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;

/**
 * How far the vectors of a shard are from the heads, nodes and leaves under which they are at home:
 * true distances that none exceeds, rounding included. The radius of a node is composed of those of
 * its heads and their distances to its centre, as those of an M-tree are (Ciaccia, Patella, Zezula,
 * VLDB 1997). Immutable.
 */
public final class CoveringRadii {
    /** Radius of what has no vectors. */
    private static final double NONE = -1;

    private final double[] leaves;
    private final double[] nodes;
    private final double[] heads;

    private CoveringRadii(int leaves, int nodes, int heads) {
        this.leaves = new double[leaves];
        this.nodes = new double[nodes];
        this.heads = new double[heads];
        Arrays.fill(this.leaves, NONE);
        Arrays.fill(this.nodes, NONE);
    }

    /**
     * Computes the radii of a shard.
     *
     * @param shard its number in the router
     * @param homeRadius for each head of the shard the distance of its farthest home record as it
     *     is stored, infinity if that is not known
     */
    public static CoveringRadii of(
            Router router, int shard, ShardTree tree, IntToDoubleFunction homeRadius) {
        CoveringRadii radii =
                new CoveringRadii(tree.leafCount(), tree.nodeCount(), tree.headCount());
        Geometry geometry = tree.geometry();
        int d = geometry.dimensions();
        float[] head = new float[d];
        int firstLeaf = router.shardStarts()[shard];
        for (int leaf = 0; leaf < tree.leafCount(); leaf++) {
            int leafAt = (firstLeaf + leaf) * d;
            for (int node = tree.leafStarts()[leaf]; node < tree.leafStarts()[leaf + 1]; node++) {
                for (int h = tree.nodeStarts()[node]; h < tree.nodeStarts()[node + 1]; h++) {
                    tree.copy(h, head, 0);
                    double stored = homeRadius.applyAsDouble(h);
                    double radius =
                            stored == Double.POSITIVE_INFINITY
                                    ? stored
                                    : geometry.storedAtMost(head, stored);
                    radii.heads[h] = radius;
                    double ofNode =
                            geometry.distanceAtMost(tree.nodeCentroids(), node * d, head, 0);
                    radii.nodes[node] = Math.max(radii.nodes[node], ofNode + radius);
                    double ofLeaf =
                            geometry.distanceAtMost(router.leafCentroids(), leafAt, head, 0);
                    radii.leaves[leaf] = Math.max(radii.leaves[leaf], ofLeaf + radius);
                }
            }
        }
        return radii;
    }

    /** Radius of a leaf, numbered within the shard; below 0 if there are no vectors. */
    public double leaf(int leaf) {
        return leaves[leaf];
    }

    /** Radius of a node, numbered within the shard. */
    public double node(int node) {
        return nodes[node];
    }

    /** Radius of the home records of a head, numbered within the shard. */
    public double head(int head) {
        return heads[head];
    }

    /** The radii of all leaves. */
    public double[] leaves() {
        return leaves.clone();
    }

    /** Memory of the radii of a shard with so many heads, about. */
    public static long bytes(long heads) {
        return heads * 9;
    }
}
