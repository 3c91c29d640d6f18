package io.sparkspann.vector;

/**
 * Bytes of a source that are to be read.
 *
 * @param position of the first byte in the source, 0 or more
 * @param target where they go, from {@code offset} on
 * @param length number of bytes, 0 or more
 */
public record ByteRange(long position, byte[] target, int offset, int length) {
    /** The same bytes of a source in which they come later. */
    public ByteRange shifted(long by) {
        return new ByteRange(position + by, target, offset, length);
    }
}
