package io.sparkspann.cluster;

import io.sparkspann.distance.NearestLists;
import io.sparkspann.distance.VerticalBlocks;

/**
 * The top of the BKTree: groups of leaves, and leaves that are grouped into shards. Every vector
 * belongs to the shard of its nearest leaf. Immutable and thread-safe.
 */
public final class Router {
    /**
     * Groups looked into per wished leaf: the nearest leaf is nearly always in one of the nearest
     * few groups.
     */
    private static final int LEAST_GROUPS = 8;

    private final int dimensions;
    private final int[] groupStarts;
    private final float[] groupCentroids;
    private final float[] leafCentroids;
    private final int[] shardStarts;
    private final VerticalBlocks groups;
    private final VerticalBlocks[] leaves;

    /**
     * @param dimensions components of an embedded vector
     * @param groupStarts {@code groups + 1} ascending leaf numbers; group {@code g} has leaves
     *     {@code [groupStarts[g], groupStarts[g+1])}
     * @param groupCentroids {@code groups × dimensions}, row-major
     * @param leafCentroids {@code leaves × dimensions}, row-major
     * @param shardStarts {@code shards + 1} ascending leaf numbers; shard {@code s} has leaves
     *     {@code [shardStarts[s], shardStarts[s+1])}
     */
    public Router(
            int dimensions,
            int[] groupStarts,
            float[] groupCentroids,
            float[] leafCentroids,
            int[] shardStarts) {
        this.dimensions = dimensions;
        this.groupStarts = groupStarts;
        this.groupCentroids = groupCentroids;
        this.leafCentroids = leafCentroids;
        this.shardStarts = shardStarts;
        int groupCount = groupStarts.length - 1;
        this.groups = VerticalBlocks.ofRows(groupCentroids, 0, groupCount, dimensions);
        this.leaves = new VerticalBlocks[groupCount];
        for (int g = 0; g < groupCount; g++) {
            leaves[g] =
                    VerticalBlocks.ofRows(
                            leafCentroids,
                            groupStarts[g],
                            groupStarts[g + 1] - groupStarts[g],
                            dimensions);
        }
    }

    /** The same tree with its leaves grouped into shards in another way. */
    public Router withShards(int[] newShardStarts) {
        return new Router(dimensions, groupStarts, groupCentroids, leafCentroids, newShardStarts);
    }

    /**
     * The same groups with other leaves, all in one shard.
     *
     * @param starts {@code leaves + 1} ascending numbers: leaf {@code l} gives way to new leaves
     *     {@code [starts[l], starts[l+1])}
     * @param centroids {@code new leaves × dimensions}, row-major
     */
    public Router withLeaves(int[] starts, float[] centroids) {
        int[] newGroupStarts = new int[groupStarts.length];
        for (int g = 0; g < groupStarts.length; g++) {
            newGroupStarts[g] = starts[groupStarts[g]];
        }
        int[] oneShard = {0, centroids.length / dimensions};
        return new Router(dimensions, newGroupStarts, groupCentroids, centroids, oneShard);
    }

    public int dimensions() {
        return dimensions;
    }

    public int leafCount() {
        return leafCentroids.length / dimensions;
    }

    public int shardCount() {
        return shardStarts.length - 1;
    }

    /** The shared {@code shards + 1} first leaves of the shards. */
    public int[] shardStarts() {
        return shardStarts;
    }

    public int[] groupStarts() {
        return groupStarts;
    }

    public float[] groupCentroids() {
        return groupCentroids;
    }

    public float[] leafCentroids() {
        return leafCentroids;
    }

    /** The shard that holds a leaf. */
    public int shardOf(int leaf) {
        return Starts.runOf(shardStarts, leaf);
    }

    /**
     * Finds the nearest leaves of each row.
     *
     * @param rows {@code n × dimensions}, embedded, row-major
     * @param n number of rows
     * @param nearest lists for {@code n} queries, empty; afterwards sorted, distances without the
     *     row's squared norm
     */
    public void nearestLeaves(float[] rows, int n, NearestLists nearest) {
        int groupCount = groupStarts.length - 1;
        if (groupCount == 1) {
            scoreAll(rows, n, nearest);
        } else {
            NearestLists near = new NearestLists(groupsFor(nearest.capacity()));
            near.reset(n);
            Scorer scorer = new Scorer(rows, dimensions);
            scorer.scoreRange(new Scorer.Run(groups, 0, groupCount, 0), 0, n, near);
            Inverted byGroup = Inverted.of(near, Inverted.Ranks.ALL, n, groupCount);
            for (int g = 0; g < groupCount; g++) {
                scorer.scoreListed(leaves(g), byGroup, g, nearest);
            }
        }
        for (int i = 0; i < n; i++) {
            nearest.sort(i);
        }
    }

    private void scoreAll(float[] rows, int n, NearestLists nearest) {
        new Scorer(rows, dimensions).scoreRange(leaves(0), 0, n, nearest);
    }

    private Scorer.Run leaves(int group) {
        return new Scorer.Run(leaves[group], 0, leaves[group].size(), groupStarts[group]);
    }

    /** How many groups are looked into for a number of leaves. */
    int groupsFor(int leaves) {
        return Math.min(groupStarts.length - 1, Math.max(LEAST_GROUPS, leaves));
    }

    /**
     * Finds the same leaves for one row.
     *
     * @param near a buffer for {@link #groupsFor} groups
     * @param nearest list 0 receives the leaves, sorted
     */
    void nearestLeaves(OneRow row, NearestLists near, NearestLists nearest) {
        nearest.reset(1);
        int groupCount = groupStarts.length - 1;
        if (groupCount == 1) {
            scoreLeaves(0, row, nearest);
        } else {
            near.reset(1);
            row.score(groups, 0, groupCount, 0, near);
            for (int r = 0; r < near.size(0); r++) {
                scoreLeaves(near.number(0, r), row, nearest);
            }
        }
        nearest.sort(0);
    }

    private void scoreLeaves(int group, OneRow row, NearestLists nearest) {
        row.score(leaves[group], 0, leaves[group].size(), groupStarts[group], nearest);
    }
}
