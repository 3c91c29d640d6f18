package io.sparkspann.format;

/**
 * One section of an index file, as its table lists it; the bounds have been checked against the file.
 *
 * @param type number of the section
 * @param name name for messages
 * @param required whether a reader that does not know the section must refuse the file
 * @param offset position of its first byte in the file, a multiple of 64
 * @param length bytes without padding
 * @param crc32c CRC32C of the section and the zeros after it up to the next multiple of 64
 */
public record SpnSection(int type, String name, boolean required, long offset, long length, int crc32c) {
    /** Bytes with padding. */
    long paddedLength() {
        return length + Layout.padding(length);
    }
}
