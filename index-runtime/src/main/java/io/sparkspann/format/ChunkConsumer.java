package io.sparkspann.format;

/** Takes a section piece by piece, see {@link SpnFile#forEachChunk}. */
@FunctionalInterface
public interface ChunkConsumer {
    /**
     * Takes {@code bytes[0..length)}, valid until the call returns.
     *
     * @param sectionOffset offset of the piece from the start of the section
     */
    void accept(byte[] bytes, int length, long sectionOffset);
}
