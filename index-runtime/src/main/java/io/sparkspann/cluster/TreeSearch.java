package io.sparkspann.cluster;

import io.sparkspann.distance.NearestLists;

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
        boolean missed = false;
        for (int i = 0; i < n; i++) {
            heads.sort(i);
            missed |= heads.size(i) == 0;
        }
        int allLeaves = forest.router().leafCount();
        if (missed && beam.leaves() < allLeaves) {
            // All leaves in the beam of a query are empty, which is rare: look everywhere.
            new TreeSearch(forest, new Beam(allLeaves, beam.nodes())).search(rows, n, heads);
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
