package io.sparkspann.distance;

import java.util.Arrays;

/**
 * Vectors laid out for the tile kernel: blocks of 16 lanes, a lane is a vector, component {@code j}
 * of block {@code b} and lane {@code l} is at {@code (b * dimensions + j) * 16 + l}. Every lane
 * carries a bias and a scale, which go into its score with a query as {@link ScoreForm} says.
 *
 * <p>See PDX (Kuffo, Krippner, Boncz, SIGMOD 2025) for the layout. A reusable buffer: it grows and
 * never shrinks. Not thread-safe while it is being filled.
 */
public final class VerticalBlocks {
    /** Vectors in a block. */
    public static final int LANES = 16;

    private final int dimensions;
    private final ScoreForm form;
    private float[] components = new float[0];
    private float[] bias = new float[0];
    private float[] scale = new float[0];
    private int size;

    /** Vectors that are scored by their dot product. */
    public VerticalBlocks(int dimensions) {
        this(dimensions, ScoreForm.DOT);
    }

    public VerticalBlocks(int dimensions, ScoreForm form) {
        this.dimensions = dimensions;
        this.form = form;
    }

    /** Number of blocks that hold {@code size} vectors. */
    public static int blocks(int size) {
        return size / LANES + (size % LANES == 0 ? 0 : 1);
    }

    /**
     * Makes room for {@code size} vectors. Lanes past the last vector score infinity; all other
     * lanes are to be filled.
     */
    public void resize(int size) {
        this.size = size;
        int lanes = blocks(size) * LANES;
        int needed = Math.multiplyExact(lanes, dimensions);
        if (components.length < needed) {
            components = new float[needed];
        }
        if (bias.length < lanes) {
            bias = new float[lanes];
            scale = new float[lanes];
        }
        if (lanes > size) {
            clearTail(lanes);
        }
    }

    /**
     * Unused lanes must not keep an infinity or NaN of an earlier use: infinity plus zero times NaN
     * is NaN.
     */
    private void clearTail(int lanes) {
        int first = (lanes - LANES) * dimensions;
        for (int j = 0; j < dimensions; j++) {
            Arrays.fill(components, first + j * LANES + size % LANES, first + (j + 1) * LANES, 0f);
        }
        Arrays.fill(bias, size, lanes, Float.POSITIVE_INFINITY);
        Arrays.fill(scale, size, lanes, 0f);
    }

    public int dimensions() {
        return dimensions;
    }

    /** How the vectors are scored. */
    public ScoreForm form() {
        return form;
    }

    /** Number of vectors. */
    public int size() {
        return size;
    }

    public int blockCount() {
        return blocks(size);
    }

    public float[] components() {
        return components;
    }

    public float[] bias() {
        return bias;
    }

    public float[] scale() {
        return scale;
    }

    /**
     * Stores a vector in a lane for squared Euclidean scores: bias is its squared norm, scale is
     * -2.
     */
    public void putSquaredL2(int lane, float[] vector, int offset) {
        int at = lane / LANES * dimensions * LANES + lane % LANES;
        double norm = 0;
        for (int j = 0; j < dimensions; j++) {
            float x = vector[offset + j];
            components[at + j * LANES] = x;
            norm += (double) x * x;
        }
        bias[lane] = (float) norm;
        scale[lane] = -2f;
    }

    /** Stores the components of a vector in a lane; bias and scale are left to the caller. */
    public void put(int lane, float[] vector, int offset) {
        int at = lane / LANES * dimensions * LANES + lane % LANES;
        for (int j = 0; j < dimensions; j++) {
            components[at + j * LANES] = vector[offset + j];
        }
    }

    /** Changes the signs of a lane's components from one on. */
    void negateFrom(int lane, int component) {
        int at = lane / LANES * dimensions * LANES + lane % LANES;
        for (int j = component; j < dimensions; j++) {
            components[at + j * LANES] = -components[at + j * LANES];
        }
    }

    /** Moves a vector to another lane, with bias and scale. */
    public void move(int from, int to) {
        copy(this, from, to);
    }

    /**
     * Copies a vector of another buffer of the same dimensions and form to a lane, with bias and
     * scale.
     */
    public void copy(VerticalBlocks source, int from, int to) {
        int sourceAt = from / LANES * dimensions * LANES + from % LANES;
        int target = to / LANES * dimensions * LANES + to % LANES;
        for (int j = 0; j < dimensions; j++) {
            components[target + j * LANES] = source.components[sourceAt + j * LANES];
        }
        bias[to] = source.bias[from];
        scale[to] = source.scale[from];
    }
}
