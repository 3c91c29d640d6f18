package io.sparkspann.spark.plan;

import io.sparkspann.cluster.HeadsFile;
import io.sparkspann.cluster.Router;
import io.sparkspann.cluster.RouterFile;
import io.sparkspann.cluster.ShardTree;
import io.sparkspann.distance.VectorSpace;
import io.sparkspann.format.ContentId;
import io.sparkspann.format.FileHeader;
import io.sparkspann.format.FileKind;
import io.sparkspann.format.SpnWriter;
import io.sparkspann.graph.HeadGraph;
import io.sparkspann.posting.IdTable;
import io.sparkspann.posting.PostingLayout;
import io.sparkspann.posting.PostingWriter;
import io.sparkspann.vector.IdBlock;
import io.sparkspann.vector.IdType;
import io.sparkspann.vector.VectorBlock;
import java.util.function.Consumer;
import java.util.function.IntToLongFunction;

/**
 * Sizes of index files. The writers of the index write small files of two sizes each, which shows
 * what a head, an id or a leaf takes, whatever the format is.
 */
final class FileSizes {
    /** Multiples of the alignment of sections, so that no padding blurs the difference. */
    private static final int FEW = 64;

    private static final int MORE = 128;

    private final VectorSpace space;
    private final PostingLayout layout;

    FileSizes(VectorSpace space) {
        this.space = space;
        this.layout = new PostingLayout(space.type(), space.dimensions());
    }

    /** A size that grows evenly: {@code fixed + each × n}. */
    record Linear(double fixed, double each) {
        static Linear of(IntToLongFunction bytes) {
            double few = bytes.applyAsLong(FEW);
            double each = (bytes.applyAsLong(MORE) - few) / (MORE - FEW);
            return new Linear(few - FEW * each, each);
        }

        double of(double n) {
            return fixed + each * n;
        }
    }

    /** A router with this many groups and leaves, over this many shards. */
    double router(double groups, double leaves, double shards) {
        Linear ofGroups = Linear.of(n -> router(n, FEW, FEW));
        Linear ofLeaves = Linear.of(n -> router(FEW, n, FEW));
        Linear ofShards = Linear.of(n -> router(FEW, FEW, n));
        return ofGroups.of(groups)
                + ofLeaves.each() * (leaves - FEW)
                + ofShards.each() * (shards - FEW);
    }

    /** The file of a shard's tree and heads. */
    double heads(double leaves, double nodes, double heads) {
        Linear ofLeaves = Linear.of(n -> heads(n, FEW, FEW));
        Linear ofNodes = Linear.of(n -> heads(FEW, n, FEW));
        Linear ofHeads = Linear.of(n -> heads(FEW, FEW, n));
        return ofLeaves.of(leaves)
                + ofNodes.each() * (nodes - FEW)
                + ofHeads.each() * (heads - FEW);
    }

    /** The file of a shard's graph. */
    double graph(double heads, double edges) {
        Linear ofHeads = Linear.of(n -> graph(n, FEW));
        Linear ofEdges = Linear.of(n -> graph(FEW, n));
        return ofHeads.of(heads) + ofEdges.each() * (edges - FEW);
    }

    /** The file of a shard's ids, which are numbers. */
    double ids(double own, double foreign) {
        Linear ofOwn = Linear.of(n -> ids(n, FEW));
        Linear ofForeign = Linear.of(n -> ids(FEW, n));
        return ofOwn.of(own) + ofForeign.each() * (foreign - FEW);
    }

    /**
     * The file of a shard's postings.
     *
     * @param records of all postings; their sizes are spread, so that blocks are full by chance
     */
    double postings(double postings, double records) {
        return Linear.of(this::emptyPostings).of(postings) + postings * posting(records / postings);
    }

    /** Bytes of a posting of about this many records. */
    double posting(double records) {
        int spread = 16;
        int first = Math.max(0, (int) Math.round(records) - spread / 2);
        double sum = 0;
        for (int i = 0; i < spread; i++) {
            sum += layout.bytes(first + i);
        }
        return sum / spread * (records / (first + (spread - 1) / 2.0));
    }

    private static long written(FileKind kind, Consumer<SpnWriter> content) {
        CountingStorage storage = new CountingStorage();
        FileHeader header = new FileHeader(kind, new ContentId(0, 0), 0);
        try (SpnWriter out = SpnWriter.create(storage, "file", header)) {
            content.accept(out);
            out.finish();
        }
        return storage.bytes();
    }

    /** {@code parts + 1} ascending numbers from 0 to {@code total}. */
    private static int[] starts(int parts, int total) {
        int[] starts = new int[parts + 1];
        for (int i = 0; i <= parts; i++) {
            starts[i] = (int) ((long) total * i / parts);
        }
        return starts;
    }

    private long router(int groups, int leaves, int shards) {
        int d = space.embeddedDimensions();
        Router router =
                new Router(
                        space.geometry(),
                        starts(groups, leaves),
                        new float[groups * d],
                        new float[leaves * d],
                        starts(shards, leaves));
        int[] none = new int[shards + 1];
        RouterFile.Content content = new RouterFile.Content(router, none, none);
        return written(FileKind.ROUTER, out -> RouterFile.write(out, content));
    }

    private long heads(int leaves, int nodes, int heads) {
        ShardTree tree =
                new ShardTree(
                        space,
                        starts(leaves, nodes),
                        new float[nodes * space.embeddedDimensions()],
                        starts(nodes, heads),
                        VectorBlock.allocate(space.type(), space.dimensions(), heads),
                        new int[heads]);
        return written(FileKind.HEADS, out -> HeadsFile.write(out, tree));
    }

    private static long graph(int heads, int edges) {
        HeadGraph graph = new HeadGraph(starts(heads, edges), new int[edges]);
        return written(FileKind.GRAPH, graph::write);
    }

    private static long ids(int own, int foreign) {
        IdBlock ids = IdBlock.ofNumbers(IdType.LONG, new long[own + foreign]);
        return written(FileKind.IDS, new IdTable(0, own, new int[foreign], ids)::write);
    }

    private long emptyPostings(int postings) {
        return written(
                FileKind.POSTINGS,
                out -> {
                    PostingWriter writer = new PostingWriter(out, layout, 0, postings);
                    for (int i = 0; i < postings; i++) {
                        writer.append(NoRecords.INSTANCE);
                    }
                    writer.finish();
                });
    }

    /** A posting without records. */
    private enum NoRecords implements PostingWriter.Records {
        INSTANCE;

        @Override
        public int size() {
            return 0;
        }

        @Override
        public int homes() {
            return 0;
        }

        @Override
        public VectorBlock vectors(int record) {
            throw new IndexOutOfBoundsException(record);
        }

        @Override
        public int row(int record) {
            throw new IndexOutOfBoundsException(record);
        }

        @Override
        public float distance(int record) {
            throw new IndexOutOfBoundsException(record);
        }

        @Override
        public long ordinal(int record) {
            throw new IndexOutOfBoundsException(record);
        }
    }
}
