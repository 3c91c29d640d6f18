package io.sparkspann.posting;

import io.sparkspann.distance.KernelProvider;
import io.sparkspann.distance.Kernels;
import io.sparkspann.distance.VectorSpace;
import io.sparkspann.distance.VerticalBlocks;
import io.sparkspann.vector.ElementType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import java.util.function.LongPredicate;

/** A posting, decoded for the tile kernel. A reusable buffer of one thread. */
public final class PostingBlock {
    private static final int HALFS = 1 << 12;

    private final Kernels kernels = KernelProvider.kernels();
    private final VectorSpace space;
    private final PostingLayout layout;
    private final VerticalBlocks vectors;
    private final short[] halfs;
    private int[] ordinals = new int[0];
    private float maxSquaredNorm;

    public PostingBlock(VectorSpace space, PostingLayout layout) {
        this.space = space;
        this.layout = layout;
        this.vectors = space.blocks();
        this.halfs = new short[layout.type() == ElementType.FLOAT16 ? HALFS : 0];
    }

    /**
     * Decodes the first {@code count} records of a posting.
     *
     * @param bytes where the posting was read to
     * @param offset where it starts there
     * @param total records of the posting
     */
    public void decode(byte[] bytes, int offset, int total, int count) {
        vectors.resize(count);
        int components = vectors.blockCount() * VerticalBlocks.LANES * space.dimensions();
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        switch (layout.type()) {
            case FLOAT32, BITS ->
                    buffer.position(offset)
                            .asFloatBuffer()
                            .get(vectors.components(), 0, components);
            case FLOAT16 -> widen(buffer.position(offset).asShortBuffer(), components);
            case UINT8, INT8 -> {
                boolean unsigned = layout.type() == ElementType.UINT8;
                kernels.widen(bytes, offset, unsigned, vectors.components(), 0, components);
            }
        }
        if (ordinals.length < count) {
            ordinals = new int[vectors.blockCount() * VerticalBlocks.LANES];
        }
        int norms = offset + (int) layout.vectorBytes(total);
        buffer.position(norms + 8 * total).asIntBuffer().get(ordinals, 0, count);
        buffer.position(norms);
        maxSquaredNorm = readNorms(space, buffer, count, vectors.bias(), vectors.scale());
    }

    /** Part by part, so that halfs are widened while they are in the cache. */
    private void widen(ShortBuffer source, int components) {
        for (int from = 0; from < components; from += halfs.length) {
            int count = Math.min(halfs.length, components - from);
            source.get(halfs, 0, count);
            kernels.widen(halfs, 0, vectors.components(), from, count);
        }
    }

    /**
     * Drops the records whose ordinals are not wanted; the others move together, in their order.
     *
     * @return how many are left
     */
    public int keep(LongPredicate wanted) {
        int kept = 0;
        for (int lane = 0; lane < vectors.size(); lane++) {
            if (wanted.test(ordinal(lane))) {
                if (kept < lane) {
                    vectors.move(lane, kept);
                    ordinals[kept] = ordinals[lane];
                }
                kept++;
            }
        }
        vectors.resize(kept);
        return kept;
    }

    /**
     * Turns squared norms into bias and scale of lanes.
     *
     * @param buffer stands at the norm of lane 0
     * @return the greatest of the norms, 0 if there is none
     */
    static float readNorms(
            VectorSpace space, ByteBuffer buffer, int count, float[] bias, float[] scale) {
        float greatest = 0;
        for (int lane = 0; lane < count; lane++) {
            float norm = buffer.getFloat();
            bias[lane] = space.bias(norm);
            scale[lane] = space.scale(norm);
            greatest = Math.max(greatest, norm);
        }
        return greatest;
    }

    /** The vectors, components as stored, with bias and scale for scores. */
    public VerticalBlocks vectors() {
        return vectors;
    }

    /** Ordinal of a lane, 0 to 2^32 - 1. */
    public long ordinal(int lane) {
        return Integer.toUnsignedLong(ordinals[lane]);
    }

    /** The greatest squared norm of the records that were decoded, or more. */
    public float maxSquaredNorm() {
        return maxSquaredNorm;
    }
}
