package io.sparkspann.cluster;

import io.sparkspann.distance.VectorSpace;
import io.sparkspann.format.SectionType;
import io.sparkspann.format.SpnFile;
import io.sparkspann.format.SpnWriter;
import io.sparkspann.vector.VectorBlock;
import io.sparkspann.vector.VectorBytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The file of a shard's tree and heads. Section {@code tree}: leaves, nodes, heads, then {@code
 * leaves + 1} first nodes and {@code nodes + 1} first heads, u32. Section {@code centroids}: the
 * nodes' centroids, embedded, float32. Section {@code vectors}: the heads in the index's element
 * type. Section {@code rows}: which base vector of the shard each head is, u32.
 */
public final class HeadsFile {
    private static final int COUNTS = 3;
    private static final int BUFFER_BYTES = 1 << 16;

    private HeadsFile() {}

    /** Writes all sections. */
    public static void write(SpnWriter out, ShardTree tree) {
        int[] counts = {tree.leafCount(), tree.nodeCount(), tree.headCount()};
        out.begin(SectionType.HEADS_TREE);
        out.writeInts(counts, 0, COUNTS);
        out.writeInts(tree.leafStarts(), 0, counts[0] + 1);
        out.writeInts(tree.nodeStarts(), 0, counts[1] + 1);
        out.end();
        out.begin(SectionType.HEADS_CENTROIDS);
        out.writeFloats(tree.nodeCentroids(), 0, tree.nodeCentroids().length);
        out.end();
        out.begin(SectionType.HEADS_VECTORS);
        VectorBlock heads = tree.heads();
        int rowBytes = heads.dimensions() * heads.type().bytes();
        int step = Math.max(1, BUFFER_BYTES / rowBytes);
        ByteBuffer buffer =
                ByteBuffer.allocate(Math.min(step, heads.size()) * rowBytes)
                        .order(ByteOrder.LITTLE_ENDIAN);
        for (int from = 0; from < heads.size(); from += step) {
            heads.write(from, Math.min(heads.size(), from + step), buffer.clear());
            out.write(buffer.array(), 0, buffer.position());
        }
        out.end();
        out.begin(SectionType.HEADS_ROWS);
        out.writeInts(tree.headRows(), 0, counts[2]);
        out.end();
    }

    /**
     * Reads a tree.
     *
     * @param vectors number of base vectors in the shard
     * @throws io.sparkspann.error.CorruptIndexException if the counts do not fit each other
     */
    public static ShardTree read(SpnFile file, VectorSpace space, int vectors) {
        IntReader tree = new IntReader(file, SectionType.HEADS_TREE);
        int[] counts = tree.next(COUNTS);
        int[] leafStarts = tree.starts(counts[0], counts[1]);
        int[] nodeStarts = tree.starts(counts[1], counts[2]);
        tree.requireEnd();
        tree.require(leafStarts[counts[0]] == counts[1], "the leaves do not cover the nodes");
        tree.require(nodeStarts[counts[1]] == counts[2], "the nodes do not cover the heads");
        float[] centroids = file.readFloats(SectionType.HEADS_CENTROIDS);
        tree.require(
                centroids.length == (long) counts[1] * space.embeddedDimensions(),
                "there are "
                        + centroids.length
                        + " centroid components for "
                        + counts[1]
                        + " nodes");
        byte[] bytes = file.read(SectionType.HEADS_VECTORS);
        tree.require(
                bytes.length == (long) counts[2] * space.dimensions() * space.type().bytes(),
                "there are " + bytes.length + " bytes of vectors for " + counts[2] + " heads");
        int[] headRows = readRows(file, counts[2], vectors);
        VectorBlock heads =
                VectorBytes.decode(space.type(), space.dimensions(), bytes, 0, counts[2]);
        return new ShardTree(space, leafStarts, centroids, nodeStarts, heads, headRows);
    }

    /**
     * Reads which base vectors of the shard the heads are, and nothing else.
     *
     * @param heads number of heads in the shard
     * @param vectors number of base vectors in the shard
     * @throws io.sparkspann.error.CorruptIndexException if these are not their numbers
     */
    public static int[] readRows(SpnFile file, int heads, int vectors) {
        IntReader rows = new IntReader(file, SectionType.HEADS_ROWS);
        int[] headRows = rows.below(heads, vectors);
        rows.requireEnd();
        return headRows;
    }
}
