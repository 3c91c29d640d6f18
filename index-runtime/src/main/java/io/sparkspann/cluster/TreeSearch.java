package io.sparkspann.cluster;

import io.sparkspann.distance.NearestLists;
import java.util.Arrays;

/**
 * Finds the nearest heads of many queries together: a beam descends the BKTree level by level, and
 * at each node all queries that reach it are scored by the tile kernel at once. One instance serves
 * one thread.
 */
public final class TreeSearch {
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
    public record Beam(int leaves, int nodes) {}

    public TreeSearch(Forest forest, Beam beam) {
        this.forest = forest;
        this.beam = beam;
        this.leaves = new NearestLists(Math.min(beam.leaves(), forest.router().leafCount()));
        int[] firstNodes = forest.firstNodes();
        int allNodes = firstNodes[firstNodes.length - 1];
        this.nodes = new NearestLists(Math.max(1, Math.min(beam.nodes(), allNodes)));
    }

    /**
     * @param rows {@code n × embedded dimensions}, row-major: the queries
     * @param heads lists for the result; afterwards they hold head numbers, sorted, and squared
     *     distances without the query's squared norm
     */
    public void search(float[] rows, int n, NearestLists heads) {
        int dimensions = forest.router().dimensions();
        leaves.reset(n);
        nodes.reset(n);
        heads.reset(n);
        forest.router().nearestLeaves(rows, n, leaves);
        Scorer scorer = new Scorer(rows, dimensions);
        int shards = forest.router().shardCount();
        Inverted byLeaf = Inverted.of(leaves, n, forest.router().leafCount());
        for (int shard = 0; shard < shards; shard++) {
            scoreNodes(shard, byLeaf, scorer);
        }
        Inverted byNode = Inverted.of(nodes, n, forest.firstNodes()[shards]);
        for (int shard = 0; shard < shards; shard++) {
            scoreHeads(shard, byNode, scorer, heads);
        }
        int[] missed = new int[n];
        int count = 0;
        for (int i = 0; i < n; i++) {
            heads.sort(i);
            if (heads.size(i) == 0) {
                missed[count++] = i;
            }
        }
        if (count > 0 && beam.leaves() < forest.router().leafCount()) {
            searchEverywhere(rows, Arrays.copyOf(missed, count), heads);
        }
    }

    /**
     * All leaves in the beam of these rows are empty, which is rare: looks into every leaf for
     * them. Only for them, because what other rows find must not depend on their company.
     */
    private void searchEverywhere(float[] rows, int[] missed, NearestLists heads) {
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
            heads.sort(missed[i]);
        }
    }

    private void scoreNodes(int shard, Inverted byLeaf, Scorer scorer) {
        int firstLeaf = forest.router().shardStarts()[shard];
        int endLeaf = forest.router().shardStarts()[shard + 1];
        if (byLeaf.start(firstLeaf) == byLeaf.start(endLeaf)) {
            return;
        }
        ShardTree tree = forest.tree(shard);
        int firstNode = forest.firstNodes()[shard];
        for (int leaf = firstLeaf; leaf < endLeaf; leaf++) {
            int local = leaf - firstLeaf;
            int start = tree.leafStarts()[local];
            int size = tree.leafStarts()[local + 1] - start;
            if (size > 0) {
                scorer.scoreListed(
                        tree.packedNodes(),
                        tree.leafBlock(local),
                        size,
                        byLeaf,
                        leaf,
                        firstNode + start,
                        nodes);
            }
        }
    }

    private void scoreHeads(int shard, Inverted byNode, Scorer scorer, NearestLists heads) {
        int firstNode = forest.firstNodes()[shard];
        int endNode = forest.firstNodes()[shard + 1];
        if (byNode.start(firstNode) == byNode.start(endNode)) {
            return;
        }
        ShardTree tree = forest.tree(shard);
        int firstHead = forest.firstHeads()[shard];
        for (int node = firstNode; node < endNode; node++) {
            int local = node - firstNode;
            int start = tree.nodeStarts()[local];
            int size = tree.nodeStarts()[local + 1] - start;
            scorer.scoreListed(
                    tree.packedHeads(),
                    tree.nodeBlock(local),
                    size,
                    byNode,
                    node,
                    firstHead + start,
                    heads);
        }
    }
}
