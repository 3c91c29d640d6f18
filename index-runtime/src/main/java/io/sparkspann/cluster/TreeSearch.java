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
    private static final int FIRST_NODES = 6;

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
         * Wide enough that the heads found are nearly all among the nearest {@code heads};
         * calibration measures recall with the same beam, so what is missed is accounted for.
         */
        public static Beam of(int heads) {
            return new Beam(8 + heads / 8, 8 + heads + heads / 4);
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
        Scorer scorer = new Scorer(rows, forest.router().dimensions());
        leaves.reset(n);
        forest.router().nearestLeaves(rows, n, leaves);
        nodes.reset(n);
        scoreLeaves(n, scorer);
        for (int i = 0; i < n; i++) {
            nodes.sort(i);
        }
        heads.reset(n);
        scoreNodes(new Ranks(0, i -> FIRST_NODES), n, scorer, heads);
        int[] nodeCounts = narrow(n, heads, demand);
        scoreNodes(new Ranks(FIRST_NODES, i -> nodeCounts[i]), n, scorer, heads);
        searchEverywhere(rows, missed(n, heads), heads);
        for (int i = 0; i < n; i++) {
            heads.sort(i);
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

    private void scoreLeaves(int n, Scorer scorer) {
        Router router = forest.router();
        Inverted byLeaf = Inverted.of(leaves, Ranks.ALL, n, router.leafCount());
        for (int shard = 0; shard < router.shardCount(); shard++) {
            int firstLeaf = router.shardStarts()[shard];
            int endLeaf = router.shardStarts()[shard + 1];
            if (byLeaf.start(firstLeaf) < byLeaf.start(endLeaf)) {
                ShardTree tree = forest.tree(shard);
                int firstNode = forest.firstNodes()[shard];
                for (int leaf = firstLeaf; leaf < endLeaf; leaf++) {
                    int local = leaf - firstLeaf;
                    int start = tree.leafStarts()[local];
                    int size = tree.leafStarts()[local + 1] - start;
                    Scorer.Run run =
                            new Scorer.Run(
                                    tree.packedNodes(),
                                    tree.leafBlock(local),
                                    size,
                                    firstNode + start);
                    scorer.scoreListed(run, byLeaf, leaf, nodes);
                }
            }
        }
    }

    private void scoreNodes(Ranks ranks, int n, Scorer scorer, NearestLists heads) {
        int[] firstNodes = forest.firstNodes();
        int shards = firstNodes.length - 1;
        Inverted byNode = Inverted.of(nodes, ranks, n, firstNodes[shards]);
        for (int shard = 0; shard < shards; shard++) {
            if (byNode.start(firstNodes[shard]) < byNode.start(firstNodes[shard + 1])) {
                ShardTree tree = forest.tree(shard);
                int firstHead = forest.firstHeads()[shard];
                for (int node = firstNodes[shard]; node < firstNodes[shard + 1]; node++) {
                    int local = node - firstNodes[shard];
                    int start = tree.nodeStarts()[local];
                    int size = tree.nodeStarts()[local + 1] - start;
                    Scorer.Run run =
                            new Scorer.Run(
                                    tree.packedHeads(),
                                    tree.nodeBlock(local),
                                    size,
                                    firstHead + start);
                    scorer.scoreListed(run, byNode, node, heads);
                }
            }
        }
    }
}
