package io.sparkspann.posting;

import io.sparkspann.distance.ByteBlocks;
import io.sparkspann.distance.HalfBlocks;
import io.sparkspann.distance.KernelProvider;
import io.sparkspann.distance.Kernels;
import io.sparkspann.distance.NarrowBlocks;
import io.sparkspann.distance.VectorSpace;
import io.sparkspann.distance.VerticalBlocks;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A posting in memory, ready to be scored by single queries: vectors in the type that they are
 * stored in, bias and scale of each, and ordinals. Decoded anew it is a buffer of one thread; left
 * alone it may be shared.
 */
public final class LoadedPosting {
    /** Objects and array headers, about. */
    private static final int OVERHEAD_BYTES = 240;

    private final Kernels kernels = KernelProvider.kernels();
    private final VectorSpace space;
    private final PostingLayout layout;
    private final NarrowBlocks narrow;
    private final VerticalBlocks floats;
    private int[] ordinals = new int[0];
    private int size;
    private float maxSquaredNorm;

    public LoadedPosting(VectorSpace space, PostingLayout layout) {
        this.space = space;
        this.layout = layout;
        this.narrow = narrow(layout);
        this.floats = narrow == null ? space.blocks() : null;
    }

    private static NarrowBlocks narrow(PostingLayout layout) {
        return switch (layout.type()) {
            case FLOAT32, BITS -> null;
            case FLOAT16 -> new HalfBlocks(layout.dimensions());
            case UINT8 -> new ByteBlocks(layout.dimensions(), true);
            case INT8 -> new ByteBlocks(layout.dimensions(), false);
        };
    }

    /** Memory of a posting of so many records. */
    public static long memoryBytes(PostingLayout layout, int count) {
        long lanes = (long) VerticalBlocks.blocks(count) * VerticalBlocks.LANES;
        return layout.vectorBytes(count) + 8 * lanes + 4L * count + OVERHEAD_BYTES;
    }

    /**
     * Decodes a posting.
     *
     * @param source where the posting was read to
     * @param offset where it starts there
     * @param count records of the posting
     */
    public void decode(byte[] source, int offset, int count) {
        size = count;
        int components = VerticalBlocks.blocks(count) * VerticalBlocks.LANES * space.dimensions();
        ByteBuffer buffer = ByteBuffer.wrap(source).order(ByteOrder.LITTLE_ENDIAN);
        if (narrow != null) {
            narrow.resize(count);
            narrow.decode(buffer, offset, components);
        } else {
            floats.resize(count);
            buffer.position(offset).asFloatBuffer().get(floats.components(), 0, components);
        }
        if (ordinals.length < count) {
            ordinals = new int[count];
        }
        int norms = offset + (int) layout.vectorBytes(count);
        buffer.position(norms + 8 * count).asIntBuffer().get(ordinals, 0, count);
        buffer.position(norms);
        float[] bias = narrow != null ? narrow.bias() : floats.bias();
        float[] scale = narrow != null ? narrow.scale() : floats.scale();
        maxSquaredNorm = PostingBlock.readNorms(space, buffer, count, bias, scale);
    }

    /** Number of records. */
    public int size() {
        return size;
    }

    /** Ordinal of a record, 0 to 2^32 - 1. */
    public long ordinal(int record) {
        return Integer.toUnsignedLong(ordinals[record]);
    }

    public float maxSquaredNorm() {
        return maxSquaredNorm;
    }

    /**
     * Scores a query against some blocks of 16 records; records past the last one score infinity.
     *
     * @param query {@code dimensions} floats, not embedded
     * @param wide a buffer of the caller
     * @param scores {@code 16 blockCount}, written
     */
    public void score(
            float[] query, int firstBlock, int blockCount, VerticalBlocks wide, float[] scores) {
        if (narrow != null) {
            narrow.score(query, firstBlock, blockCount, wide, scores);
        } else {
            int[] start = {0};
            kernels.score(query, start, 1, floats, firstBlock, blockCount, scores, start);
        }
    }

    /**
     * Reads the beginning of each part, so that it comes from memory while the caller does the same
     * with other postings; a posting that is scored without it waits for one part after the other.
     *
     * @return a number without meaning, for the compiler not to drop the reads
     */
    public int touch() {
        if (size == 0) {
            return 0;
        }
        int first =
                narrow != null
                        ? narrow.touch()
                        : (int) floats.bias()[0] + (int) floats.components()[0];
        return ordinals[0] + first;
    }

    /** As the other one, for all bytes of some blocks, where vectors are not floats. */
    public int touch(int firstBlock, int blockCount) {
        return narrow == null ? 0 : narrow.touch(firstBlock, blockCount);
    }

    /** The exact rank key of a query and a record; {@code scratch} holds {@code dimensions}. */
    public float exactKey(float[] query, int record, float[] scratch) {
        if (narrow == null) {
            return space.exactKey(query, 0, floats, record);
        }
        narrow.copyTo(record, scratch);
        return space.exactKey(query, 0, scratch, 0, 1);
    }
}
