package io.sparkspann.cluster;

import io.sparkspann.error.CorruptIndexException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * A forest that loads the trees of its shards when they are asked for, and keeps the ones that were
 * used last within a memory budget. Thread-safe; a tree is loaded once even if many threads ask.
 */
public final class CachedForest implements Forest {
    private final Router router;
    private final int[] firstNodes;
    private final int[] firstHeads;
    private final IntFunction<ShardTree> loader;
    private final long budgetBytes;
    private final Map<Integer, ShardTree> trees = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    /**
     * @param loader reads the tree of a shard
     * @param budgetBytes memory for trees; at least one tree is kept whatever its size
     */
    public CachedForest(
            RouterFile.Content content, IntFunction<ShardTree> loader, long budgetBytes) {
        this.router = content.router();
        this.firstNodes = content.firstNodes();
        this.firstHeads = content.firstHeads();
        this.loader = loader;
        this.budgetBytes = budgetBytes;
    }

    @Override
    public Router router() {
        return router;
    }

    @Override
    public int[] firstNodes() {
        return firstNodes;
    }

    @Override
    public int[] firstHeads() {
        return firstHeads;
    }

    @Override
    public synchronized ShardTree tree(int shard) {
        ShardTree tree = trees.get(shard);
        if (tree == null) {
            tree = checked(shard, loader.apply(shard));
            bytes += tree.memoryBytes();
            trees.put(shard, tree);
            evict();
        }
        return tree;
    }

    /** The tree must be as large as the router says, or numbers of heads would lead astray. */
    private ShardTree checked(int shard, ShardTree tree) {
        int leaves = router.shardStarts()[shard + 1] - router.shardStarts()[shard];
        int nodes = firstNodes[shard + 1] - firstNodes[shard];
        int heads = firstHeads[shard + 1] - firstHeads[shard];
        boolean fits =
                tree.leafCount() == leaves
                        && tree.nodeCount() == nodes
                        && tree.headCount() == heads;
        if (!fits) {
            throw new CorruptIndexException(
                    "heads of shard " + shard,
                    "tree",
                    0,
                    String.format(
                            "%d leaves, %d nodes and %d heads; the router has %d, %d and %d",
                            tree.leafCount(),
                            tree.nodeCount(),
                            tree.headCount(),
                            leaves,
                            nodes,
                            heads));
        }
        return tree;
    }

    private void evict() {
        var eldest = trees.entrySet().iterator();
        while (bytes > budgetBytes && trees.size() > 1) {
            bytes -= eldest.next().getValue().memoryBytes();
            eldest.remove();
        }
    }
}
