package io.sparkspann.cluster;

import io.sparkspann.distance.Geometry;
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

    private final Geometry geometry;
    private final int dimensions;
    private final int[] groupStarts;
    private final float[] groupCentroids;
    private final float[] leafCentroids;
    private final int[] shardStarts;
    private final VerticalBlocks groups;
    private final VerticalBlocks[] leaves;

    /**
     * @param geometry of the embedded vectors
     * @param groupStarts {@code groups + 1} ascending leaf numbers; group {@code g} has leaves
     *     {@code [groupStarts[g], groupStarts[g+1])}
     * @param groupCentroids {@code groups × dimensions}, row-major
     * @param leafCentroids {@code leaves × dimensions}, row-major
     * @param shardStarts {@code shards + 1} ascending leaf numbers; shard {@code s} has leaves
     *     {@code [shardStarts[s], shardStarts[s+1])}
     */
    public Router(
            Geometry geometry,
            int[] groupStarts,
            float[] groupCentroids,
            float[] leafCentroids,
            int[] shardStarts) {
        this.geometry = geometry;
        this.dimensions = geometry.dimensions();
        this.groupStarts = groupStarts;
        this.groupCentroids = groupCentroids;
        this.leafCentroids = leafCentroids;
        this.shardStarts = shardStarts;
        int groupCount = groupStarts.length - 1;
        this.groups = geometry.pack(groupCentroids, 0, groupCount);
        this.leaves = new VerticalBlocks[groupCount];
        for (int g = 0; g < groupCount; g++) {
            leaves[g] =
                    geometry.pack(
                            leafCentroids, groupStarts[g], groupStarts[g + 1] - groupStarts[g]);
        }
    }

    /** The same tree with its leaves grouped into shards in another way. */
    public Router withShards(int[] newShardStarts) {
        return new Router(geometry, groupStarts, groupCentroids, leafCentroids, newShardStarts);
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
        return new Router(geometry, newGroupStarts, groupCentroids, centroids, oneShard);
    }

    int groupCount() {
        return groupStarts.length - 1;
    }

    /** What embedded vectors are compared by. */
    public Geometry geometry() {
        return geometry;
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
            new Scorer(dimensions).score(rows, n, leavesOf(0), nearest);
        } else {
            NearestLists near = new NearestLists(groupsSearched(groupCount, nearest.capacity()));
            near.reset(n);
            new Scorer(dimensions).score(rows, n, Run.of(groups, 0, groupCount, 0), near);
            for (int i = 0; i < n; i++) {
                near.select(i, 0, near.capacity());
            }
            Inverted.Ranks searched = new Inverted.Ranks(0, i -> near.capacity());
            new ChildScores(rows, geometry).offer(n, near, searched, leavesOfGroups(), nearest);
        }
        for (int i = 0; i < n; i++) {
            nearest.sort(i);
        }
    }

    /** Groups that are looked into to find so many leaves of a row. */
    public static int groupsSearched(int groups, int leaves) {
        return Math.min(groups, Math.max(LEAST_GROUPS, leaves));
    }

    /** The leaves of the groups, all in one shard. */
    private ChildScores.Children leavesOfGroups() {
        return new ChildScores.Children() {
            @Override
            public int[] shardStarts() {
                return new int[] {0, leaves.length};
            }

            @Override
            public ChildScores.Runs ofShard(int shard) {
                return group -> leavesOf(group);
            }
        };
    }

    private Run leavesOf(int group) {
        return Run.of(leaves[group], 0, leaves[group].size(), groupStarts[group]);
    }

    /**
     * Finds the same leaves for one row.
     *
     * @param near a buffer for the groups that are searched
     * @param nearest list 0 receives the leaves, sorted
     */
    void nearestLeaves(OneRow row, NearestLists near, NearestLists nearest) {
        nearest.reset(1);
        int groupCount = groupStarts.length - 1;
        if (groupCount == 1) {
            row.score(leavesOf(0), nearest);
        } else {
            near.reset(1);
            row.score(Run.of(groups, 0, groupCount, 0), near);
            near.select(0, 0, near.capacity());
            for (int r = 0; r < Math.min(near.size(0), near.capacity()); r++) {
                row.score(leavesOf(near.number(0, r)), nearest);
            }
        }
        nearest.sort(0);
    }
}
