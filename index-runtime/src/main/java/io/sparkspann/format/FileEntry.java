package io.sparkspann.format;

import io.sparkspann.error.InvalidInputException;
import io.sparkspann.storage.StoragePath;

/**
 * A finished index file, as manifests list it.
 *
 * @param path path in the index directory
 * @param crc32c CRC32C of all bytes of the file
 */
public record FileEntry(String path, long lengthBytes, int crc32c, FileKind kind) {
    public FileEntry {
        StoragePath.check(path);
        if (lengthBytes < 0) {
            throw new InvalidInputException(path + ": length " + lengthBytes + " is negative");
        }
    }

    /** The checksum as 8 lower-case hexadecimal digits. */
    public String crc32cHex() {
        return Layout.hex(crc32c);
    }
}
