package io.sparkspann.format;

/**
 * What the header of an index file says.
 *
 * @param contentId the index content that the file belongs to
 * @param shard number of the shard, 0 for a file that belongs to none
 */
public record FileHeader(FileKind kind, ContentId contentId, int shard) {
    public FileHeader {
        if (shard < 0) {
            throw new IllegalArgumentException("Shard " + shard + " is negative");
        }
    }
}
