package io.sparkspann.cluster;

import io.sparkspann.distance.ByteBlocks;
import io.sparkspann.distance.Geometry;
import io.sparkspann.distance.VectorSpace;
import io.sparkspann.distance.VerticalBlocks;
import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.VectorBlock;
import java.util.Arrays;

/**
 * The part of the BKTree below the router's leaves of one shard: every leaf has nodes, every node
 * has heads. Heads are base vectors, in tree order, so that the heads of a node are neighbours in
 * memory. Immutable and thread-safe.
 */
public final class ShardTree implements RowSource {
    private final VectorSpace space;
    private final int[] leafStarts;
    private final float[] nodeCentroids;
    private final int[] nodeStarts;
    private final VectorBlock heads;
    private final int[] headRows;
    private final VerticalBlocks packedNodes;
    private final int[] leafBlocks;
    private final VerticalBlocks packedHeads;
    private final ByteBlocks packedByteHeads;
    private final int[] nodeBlocks;

    /**
     * @param leafStarts {@code leaves + 1} ascending node numbers
     * @param nodeCentroids {@code nodes × embedded dimensions}, row-major
     * @param nodeStarts {@code nodes + 1} ascending head numbers, of this shard from 0
     * @param heads the heads, as they are stored
     * @param headRows for each head the row of the shard's base vector that it is
     */
    public ShardTree(
            VectorSpace space,
            int[] leafStarts,
            float[] nodeCentroids,
            int[] nodeStarts,
            VectorBlock heads,
            int[] headRows) {
        this.space = space;
        this.leafStarts = leafStarts;
        this.nodeCentroids = nodeCentroids;
        this.nodeStarts = nodeStarts;
        this.heads = heads;
        this.headRows = headRows;
        this.leafBlocks = blockStarts(leafStarts);
        this.nodeBlocks = blockStarts(nodeStarts);
        RowSource centroids = new Matrix(nodeCentroids, space.geometry());
        this.packedNodes = pack(centroids, leafStarts, leafBlocks);
        VerticalBlocks packed = pack(this, nodeStarts, nodeBlocks);
        boolean narrow = isNarrow(space);
        boolean unsigned = space.type() == ElementType.UINT8;
        this.packedHeads = narrow ? null : packed;
        this.packedByteHeads = narrow ? ByteBlocks.narrowed(packed, unsigned) : null;
    }

    /** Whether embedded vectors are the bytes that are stored. */
    private static boolean isNarrow(VectorSpace space) {
        return space.embedsAsStored() && space.type().isByte();
    }

    private record Matrix(float[] values, Geometry geometry) implements RowSource {
        @Override
        public void copy(int number, float[] target, int offset) {
            int d = geometry.dimensions();
            System.arraycopy(values, number * d, target, offset, d);
        }
    }

    private static int[] blockStarts(int[] starts) {
        int[] blocks = new int[starts.length];
        for (int i = 0; i + 1 < starts.length; i++) {
            blocks[i + 1] = blocks[i] + VerticalBlocks.blocks(starts[i + 1] - starts[i]);
        }
        return blocks;
    }

    private static VerticalBlocks pack(RowSource rows, int[] starts, int[] blocks) {
        VerticalBlocks packed = rows.geometry().blocks();
        packed.resize(blocks[blocks.length - 1] * VerticalBlocks.LANES);
        Arrays.fill(packed.bias(), Float.POSITIVE_INFINITY);
        float[] row = new float[rows.dimensions()];
        for (int run = 0; run + 1 < starts.length; run++) {
            for (int i = starts[run]; i < starts[run + 1]; i++) {
                rows.copy(i, row, 0);
                int lane = blocks[run] * VerticalBlocks.LANES + i - starts[run];
                rows.geometry().put(packed, lane, row, 0);
            }
        }
        return packed;
    }

    public VectorSpace space() {
        return space;
    }

    public int leafCount() {
        return leafStarts.length - 1;
    }

    public int nodeCount() {
        return nodeStarts.length - 1;
    }

    public int headCount() {
        return heads.size();
    }

    public int[] leafStarts() {
        return leafStarts;
    }

    public float[] nodeCentroids() {
        return nodeCentroids;
    }

    public int[] nodeStarts() {
        return nodeStarts;
    }

    /** The heads as stored vectors. */
    public VectorBlock heads() {
        return heads;
    }

    /** For each head the row of the shard's base vector that it is. */
    public int[] headRows() {
        return headRows;
    }

    @Override
    public Geometry geometry() {
        return space.geometry();
    }

    /** Copies a head, embedded. */
    @Override
    public void copy(int head, float[] target, int offset) {
        space.embed(heads, head, target, offset);
    }

    /**
     * The nodes of a leaf.
     *
     * @param firstNode number of the shard's first node
     */
    Run nodesOf(int leaf, int firstNode) {
        int start = leafStarts[leaf];
        int size = leafStarts[leaf + 1] - start;
        return Run.of(packedNodes, leafBlocks[leaf], size, firstNode + start);
    }

    /**
     * The heads of a node.
     *
     * @param firstHead number of the shard's first head
     */
    Run headsOf(int node, int firstHead) {
        int start = nodeStarts[node];
        int size = nodeStarts[node + 1] - start;
        return new Run(packedHeads, packedByteHeads, nodeBlocks[node], size, firstHead + start);
    }

    /** About how much memory a tree takes for each of its heads. */
    public static long bytesOfHead(VectorSpace space) {
        // Packed in blocks of 16 that are not full, stored, a row number, and a part of a node.
        int d = space.embeddedDimensions();
        long packed = isNarrow(space) ? 5L * d / 4 : 5L * d;
        return packed + d + (long) space.dimensions() * space.type().bytes() + 26;
    }

    /** About how much memory the tree takes. */
    long memoryBytes() {
        long packed =
                packedHeads == null
                        ? packedByteHeads.components().length
                        : 4L * packedHeads.components().length;
        return packed
                + 4L * packedNodes.components().length
                + 4L * nodeCentroids.length
                + (long) heads.size() * heads.dimensions() * heads.type().bytes()
                + 24L * heads.size();
    }
}
