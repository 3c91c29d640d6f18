package io.sparkspann.build;

import io.sparkspann.cluster.HeadsFile;
import io.sparkspann.cluster.Seeds;
import io.sparkspann.cluster.ShardTree;
import io.sparkspann.cluster.ShardTreeBuilder;
import io.sparkspann.error.InvalidInputException;
import io.sparkspann.format.FileEntry;
import io.sparkspann.format.FileKind;
import io.sparkspann.format.SpnFile;
import io.sparkspann.format.SpnWriter;
import io.sparkspann.vector.IdBlock;
import io.sparkspann.vector.VectorBlock;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;

/**
 * Stage 3: gathers the vectors of each shard in the order of their ids, grows its tree, selects its
 * heads.
 */
final class HeadsStage {
    private HeadsStage() {}

    /**
     * What a shard has become.
     *
     * @param base staging file of its vectors
     * @param heads file of its tree and heads
     */
    record Shard(int vectors, int nodeCount, int headCount, FileEntry base, FileEntry heads)
            implements Serializable, TaskOutput {
        @Override
        public long writtenBytes() {
            return TaskOutput.bytes(base, heads);
        }
    }

    static List<Shard> run(
            BuildContext context, BuildEngine engine, RouteStage.Routed routed, int[] shardStarts) {
        LeafCatalogue catalogue = routed.leaves();
        long[] counts = routed.counts();
        return engine.run(
                "3/7: heads",
                shardStarts.length - 1,
                shard -> {
                    int firstLeaf = shardStarts[shard];
                    int endLeaf = shardStarts[shard + 1];
                    long rows = Arrays.stream(counts, firstLeaf, endLeaf).sum();
                    return build(
                            context, new LeafRange(catalogue, firstLeaf, endLeaf, rows), shard);
                });
    }

    /**
     * The leaves of a shard.
     *
     * @param rows number of their rows
     */
    private record LeafRange(LeafCatalogue catalogue, int first, int end, long rows) {
        int count() {
            return end - first;
        }
    }

    private static Shard build(BuildContext context, LeafRange range, int shard) {
        RowBuffer rows = new RowBuffer(RowCodec.of(context.table()), range.rows());
        LeafLog log = new LeafLog();
        range.catalogue()
                .forEach(
                        context,
                        range.first(),
                        range.end(),
                        (leaf, bytes) -> {
                            int before = rows.size();
                            rows.add(bytes);
                            log.add(leaf - range.first(), rows.size() - before);
                        });
        IdBlock unsorted = rows.ids();
        int[] order = RowOrder.byId(unsorted);
        requireUnique(unsorted, order);
        IdBlock ids = unsorted.gather(order);
        VectorBlock vectors = rows.takeVectors(order);
        int[] leaves = log.inOrder(order);
        Buckets byLeaf = Buckets.of(leaves, range.count());
        ShardTree tree = grow(context, ids, vectors, byLeaf, shard);
        FileEntry base = BaseFile.write(context, shard, new BaseFile(ids, vectors), leaves);
        FileEntry heads = write(context, shard, tree);
        return new Shard(ids.size(), tree.nodeCount(), tree.headCount(), base, heads);
    }

    /** Leaves of rows in the order in which they were read, as runs. */
    private static final class LeafLog {
        private int[] leaves = new int[0];
        private int size;

        void add(int leaf, int count) {
            if (leaves.length < size + count) {
                leaves = Arrays.copyOf(leaves, Math.max(size + count, 2 * leaves.length));
            }
            Arrays.fill(leaves, size, size + count, leaf);
            size += count;
        }

        int[] inOrder(int[] rows) {
            int[] ordered = new int[rows.length];
            for (int i = 0; i < rows.length; i++) {
                ordered[i] = leaves[rows[i]];
            }
            return ordered;
        }
    }

    private static void requireUnique(IdBlock ids, int[] order) {
        for (int i = 1; i < order.length; i++) {
            if (ids.compare(order[i - 1], ids, order[i]) == 0) {
                throw new InvalidInputException(
                        "Id " + ids.text(order[i]) + " occurs more than once; ids must be unique");
            }
        }
    }

    private static ShardTree grow(
            BuildContext context, IdBlock ids, VectorBlock vectors, Buckets buckets, int shard) {
        int leafCount = buckets.sizes().length;
        int[] members = new int[vectors.size()];
        int[] bounds = new int[leafCount + 1];
        int count = 0;
        for (int leaf = 0; leaf < leafCount; leaf++) {
            count = train(context, ids, vectors, buckets, leaf, members, count);
            bounds[leaf + 1] = count;
        }
        BuildOptions options = context.options();
        return new ShardTreeBuilder(
                        context.space(), vectors, options.headRatio(), options.balance())
                .build(members, bounds, Seeds.mix(options.seed(), shard));
    }

    /**
     * Appends the rows of a leaf that may shape the tree: all but calibration queries, unless there
     * are no others.
     */
    private static int train(
            BuildContext context,
            IdBlock ids,
            VectorBlock vectors,
            Buckets buckets,
            int leaf,
            int[] members,
            int from) {
        int to = from;
        for (int i = buckets.start(leaf); i < buckets.start(leaf + 1); i++) {
            int row = buckets.rows()[i];
            if (!context.sampling().isCalibration(Sampling.hash(ids, vectors, row))) {
                members[to++] = row;
            }
        }
        if (to == from) {
            int size = buckets.size(leaf);
            System.arraycopy(buckets.rows(), buckets.start(leaf), members, from, size);
            to += size;
        }
        return to;
    }

    private static FileEntry write(BuildContext context, int shard, ShardTree tree) {
        try (SpnWriter out =
                SpnWriter.create(
                        context.storage(),
                        context.shardPath(shard, FileKind.HEADS),
                        context.header(FileKind.HEADS, shard))) {
            HeadsFile.write(out, tree);
            return out.finish();
        }
    }

    static ShardTree read(BuildContext context, Shard entry, int shard) {
        try (SpnFile file =
                SpnFile.open(context.storage(), entry.heads(), context.scan().contentId(), shard)) {
            return HeadsFile.read(file, context.space(), entry.vectors());
        }
    }
}
