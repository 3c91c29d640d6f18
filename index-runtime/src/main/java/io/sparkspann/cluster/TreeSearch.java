package io.sparkspann.cluster;

import io.sparkspann.cluster.Inverted.Ranks;
import io.sparkspann.distance.NearestLists;
import java.util.Arrays;

/**
 * Finds the nearest heads of many queries together: a beam descends the BKTree level by level, and
 * at each node all queries that reach it are scored by the tile kernel at once. One instance serves
 * one thread.
 */
public final class TreeSearch {
    /** Nodes of a query that are looked into first, which tells how many more it needs. */
    static final int FIRST_NODES = 6;

    private final Forest forest;
    private final Beam beam;
    private final NearestLists leaves;
    private final NearestLists nodes;

    /**
     * How wide the beam is.
     *
     * @param leaves router leaves looked into per query
     * @param nodes nodes looked into per query
     */
    public record Beam(int leaves, int nodes) {
        /**
         * Finds most of the nearest {@code heads}: a wider beam costs more than the few more
         * postings that make up for what is missed. Calibration measures recall with the same beam.
         */
        public static Beam of(int heads) {
            return new Beam(8 + heads / 16, 8 + heads * 3 / 4);
        }
    }

    /** Says how many heads a query needs, given the squared distance to a head near to it. */
    @FunctionalInterface
    public interface Demand {
        /**
         * @param query which of the rows
         * @param nearest squared distance, without the query's squared norm, to its nearest head or
         *     one that is hardly farther
         * @return 1 or more
         */
        int heads(int query, float nearest);
    }

    public TreeSearch(Forest forest, Beam beam) {
        this.forest = forest;
        this.beam = beam;
        this.leaves = new NearestLists(Math.min(beam.leaves(), forest.router().leafCount()));
        int[] firstNodes = forest.firstNodes();
        int allNodes = firstNodes[firstNodes.length - 1];
        this.nodes = new NearestLists(Math.max(1, Math.min(beam.nodes(), allNodes)));
    }

    /**
     * Finds as many heads for each query as the lists hold.
     *
     * @param rows {@code n × embedded dimensions}, row-major: the queries
     * @param heads lists for the result; afterwards they hold head numbers, sorted, and squared
     *     distances without the query's squared norm
     */
    public void search(float[] rows, int n, NearestLists heads) {
        search(rows, n, heads, (query, nearest) -> heads.capacity());
    }

    /**
     * Finds as many heads for each query as it needs.
     *
     * @param rows {@code n × embedded dimensions}, row-major: the queries
     * @param heads lists for the result, see above
     * @param demand how many, at most as many as the lists hold
     */
    public void search(float[] rows, int n, NearestLists heads, Demand demand) {
        leaves.reset(n);
        forest.router().nearestLeaves(rows, n, leaves);
        ChildScores scores = new ChildScores(rows, forest.router().geometry());
        nodes.reset(n);
        scores.offer(n, leaves, Ranks.ALL, new NodesOfLeaves(forest), nodes);
        for (int i = 0; i < n; i++) {
            nodes.select(i, 0, FIRST_NODES);
        }
        heads.reset(n);
        HeadsOfNodes headsOfNodes = new HeadsOfNodes(forest);
        scores.offer(n, nodes, new Ranks(0, i -> FIRST_NODES), headsOfNodes, heads);
        int[] nodeCounts = narrow(n, heads, demand);
        for (int i = 0; i < n; i++) {
            nodes.select(i, FIRST_NODES, nodeCounts[i]);
        }
        Ranks rest = new Ranks(FIRST_NODES, i -> nodeCounts[i]);
        scores.offer(n, nodes, rest, headsOfNodes, heads);
        searchEverywhere(rows, missed(n, heads), heads);
        for (int i = 0; i < n; i++) {
            heads.sort(i);
        }
    }

    private record NodesOfLeaves(Forest forest) implements ChildScores.Children {
        @Override
        public int[] shardStarts() {
            return forest.router().shardStarts();
        }

        @Override
        public ChildScores.Runs ofShard(int shard) {
            ShardTree tree = forest.tree(shard);
            int firstLeaf = shardStarts()[shard];
            int firstNode = forest.firstNodes()[shard];
            return leaf -> tree.nodesOf(leaf - firstLeaf, firstNode);
        }
    }

    private record HeadsOfNodes(Forest forest) implements ChildScores.Children {
        @Override
        public int[] shardStarts() {
            return forest.firstNodes();
        }

        @Override
        public ChildScores.Runs ofShard(int shard) {
            ShardTree tree = forest.tree(shard);
            int firstNode = shardStarts()[shard];
            int firstHead = forest.firstHeads()[shard];
            return node -> tree.headsOf(node - firstNode, firstHead);
        }
    }

    /** Cuts lists down to the demand, and returns how many nodes that takes. */
    private int[] narrow(int n, NearestLists heads, Demand demand) {
        int[] nodeCounts = new int[n];
        for (int i = 0; i < n; i++) {
            int length = heads.capacity();
            if (heads.size(i) > 0) {
                length = Math.min(length, demand.heads(i, heads.least(i)));
            }
            heads.shorten(i, length);
            nodeCounts[i] =
                    length == heads.capacity()
                            ? beam.nodes()
                            : Math.min(beam.nodes(), Beam.of(length).nodes());
        }
        return nodeCounts;
    }

    /** Rows for which all leaves in the beam are empty, which is rare. */
    private int[] missed(int n, NearestLists heads) {
        int[] missed = new int[n];
        int count = 0;
        for (int i = 0; i < n; i++) {
            if (heads.size(i) == 0) {
                missed[count++] = i;
            }
        }
        return Arrays.copyOf(missed, count);
    }

    /**
     * Looks into every leaf for some rows. Only for them, because what other rows find must not
     * depend on their company.
     */
    private void searchEverywhere(float[] rows, int[] missed, NearestLists heads) {
        if (missed.length == 0 || beam.leaves() >= forest.router().leafCount()) {
            return;
        }
        int d = forest.router().dimensions();
        float[] some = new float[missed.length * d];
        for (int i = 0; i < missed.length; i++) {
            System.arraycopy(rows, missed[i] * d, some, i * d, d);
        }
        NearestLists found = new NearestLists(heads.capacity());
        Beam all = new Beam(forest.router().leafCount(), beam.nodes());
        new TreeSearch(forest, all).search(some, missed.length, found);
        for (int i = 0; i < missed.length; i++) {
            for (int r = 0; r < found.size(i); r++) {
                heads.offer(missed[i], found.distance(i, r), found.number(i, r));
            }
        }
    }
}
