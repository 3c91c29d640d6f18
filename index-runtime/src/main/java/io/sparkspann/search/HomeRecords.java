package io.sparkspann.search;

import java.util.BitSet;

/**
 * Which vectors of an index have been seen with a home record. Memory: a bit for each vector. Not
 * thread-safe.
 */
final class HomeRecords {
    /** Of a bit set, for ordinals are greater than its indices can be. */
    private static final int PART_BITS = 30;

    private final long vectors;
    private final BitSet[] parts;

    /**
     * @param vectors number of vectors, so of ordinals from 0, less than 2^32
     */
    HomeRecords(long vectors) {
        this.vectors = vectors;
        this.parts = new BitSet[(int) (vectors >>> PART_BITS) + 1];
        for (int i = 0; i < parts.length; i++) {
            parts[i] = new BitSet();
        }
    }

    long vectors() {
        return vectors;
    }

    /**
     * Takes note of a home record.
     *
     * @param ordinal less than {@link #vectors}
     * @return false if the vector has one already
     */
    boolean add(long ordinal) {
        BitSet part = parts[(int) (ordinal >>> PART_BITS)];
        int bit = (int) ordinal & ((1 << PART_BITS) - 1);
        boolean isNew = !part.get(bit);
        part.set(bit);
        return isNew;
    }

    /** Number of vectors with a home record. */
    long count() {
        long count = 0;
        for (BitSet part : parts) {
            count += part.cardinality();
        }
        return count;
    }

    /** The least ordinal without a home record; {@link #vectors} if all have one. */
    long firstMissing() {
        for (int i = 0; i < parts.length; i++) {
            int bit = parts[i].nextClearBit(0);
            if (bit < 1 << PART_BITS) {
                return ((long) i << PART_BITS) + bit;
            }
        }
        return vectors;
    }
}
