package io.sparkspann.build;

import io.sparkspann.cluster.CachedForest;
import io.sparkspann.cluster.Forest;
import io.sparkspann.cluster.NearHeadRows;
import io.sparkspann.cluster.RouterFile;
import io.sparkspann.cluster.TreeSearch;
import io.sparkspann.distance.NearestLists;
import io.sparkspann.distance.VectorSpace;
import io.sparkspann.format.FileEntry;
import io.sparkspann.format.FileKind;
import io.sparkspann.format.SpnWriter;
import io.sparkspann.graph.HeadGraph;
import io.sparkspann.graph.RngGraphBuilder;
import io.sparkspann.posting.Closure;
import java.io.Serializable;
import java.util.List;

/**
 * Stage 4: closure assignment over the heads of all shards, and the RNG graph. A task works on the
 * vectors of one shard; it needs the trees of the shards near to them, one after another.
 */
final class ClosureStage {
    static final int CANDIDATES = 32;
    static final int CHUNK = 4096;

    /** Rows that are embedded at a time take no more than this. */
    private static final int CHUNK_BYTES = 16 << 20;

    private static final TreeSearch.Beam BEAM = TreeSearch.Beam.of(CANDIDATES);

    private ClosureStage() {}

    /**
     * What became of the vectors of a shard.
     *
     * @param file what goes to the postings of other shards, see {@link AssignmentWriter}
     * @param targets shards that get anything, ascending
     * @param firstSegments {@code targets + 1} first segments in the file
     * @param replicaHistogram how many vectors have as many postings as the index says
     * @param graph file of the RNG graph
     */
    record Shard(
            FileEntry file,
            int[] targets,
            int[] firstSegments,
            long[] replicaHistogram,
            FileEntry graph)
            implements Serializable, TaskOutput {
        @Override
        public long writtenBytes() {
            return TaskOutput.bytes(file, graph);
        }
    }

    static List<Shard> run(
            BuildContext context,
            BuildEngine engine,
            FileEntry router,
            List<HeadsStage.Shard> shards) {
        return engine.run(
                "4/7: closure", shards.size(), shard -> assign(context, router, shards, shard));
    }

    static Forest forest(BuildContext context, FileEntry router, List<HeadsStage.Shard> shards) {
        RouterFile.Content content = RouterStaging.readContent(context, router);
        return new CachedForest(
                content,
                shard -> HeadsStage.read(context, shards.get(shard), shard),
                context.budget().treeBytes());
    }

    private static Shard assign(
            BuildContext context, FileEntry router, List<HeadsStage.Shard> shards, int shard) {
        Forest forest = forest(context, router, shards);
        BaseFile base = BaseFile.read(context, shards.get(shard).base());
        int[] leaves = BaseFile.readLeaves(context, shards.get(shard).base());
        OwnLeaf own = new OwnLeaf(forest, shard, base, leaves, context.options().seed());
        int leafCount = forest.tree(shard).leafCount();
        // Neighbours together: a chunk then needs the trees of few shards, and its rows meet at the
        // same nodes.
        int[] order = Buckets.of(leaves, leafCount).rows();
        Assignments assignments = assign(context, forest, base, order, own);
        FileEntry graph = writeGraph(context, forest, shard);
        AssignmentWriter.Written sent =
                new AssignmentWriter(context, forest.firstHeads(), shard, base, assignments)
                        .write();
        long[] histogram = assignments.histogram(context.options().replicas());
        return new Shard(sent.file(), sent.targets(), sent.firstSegments(), histogram, graph);
    }

    private static Assignments assign(
            BuildContext context, Forest forest, BaseFile base, int[] order, OwnLeaf own) {
        VectorSpace space = context.space();
        int d = space.embeddedDimensions();
        int n = base.vectors().size();
        BuildOptions options = context.options();
        NearHeadRows heads = new NearHeadRows(forest);
        Closure closure = new Closure(heads, options.rngFactor(), options.replicas());
        TreeSearch search = new TreeSearch(forest, BEAM);
        NearestLists candidates = new NearestLists(Math.max(CANDIDATES, 2 * options.replicas()));
        Assignments assignments = new Assignments(n);
        int chunk = Math.min(CHUNK, Math.max(1, CHUNK_BYTES / (d * Float.BYTES)));
        float[] rows = new float[Math.min(n, chunk) * d];
        for (int from = 0; from < n; from += chunk) {
            int count = Math.min(chunk, n - from);
            for (int i = 0; i < count; i++) {
                space.embed(base.vectors(), order[from + i], rows, i * d);
            }
            search.search(rows, count, candidates);
            for (int i = 0; i < count; i++) {
                heads.advance(candidates, i, count);
                int row = order[from + i];
                float magnitude = space.geometry().magnitude(rows, i * d);
                Closure.Row vector =
                        new Closure.Row(
                                rows, i * d, magnitude, row, head -> own.homeLike(head, row));
                assignments.add(row, closure, closure.select(candidates, i, vector));
            }
        }
        return assignments;
    }

    private static FileEntry writeGraph(BuildContext context, Forest forest, int shard) {
        HeadGraph graph = new RngGraphBuilder(forest).build(shard);
        try (SpnWriter out =
                SpnWriter.create(
                        context.storage(),
                        context.shardPath(shard, FileKind.GRAPH),
                        context.header(FileKind.GRAPH, shard))) {
            graph.write(out);
            return out.finish();
        }
    }
}
