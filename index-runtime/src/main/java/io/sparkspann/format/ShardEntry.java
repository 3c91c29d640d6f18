package io.sparkspann.format;

import io.sparkspann.error.InvalidInputException;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * One shard of a snapshot.
 *
 * @param shard its number
 * @param vectors base vectors that the router sent to this shard; their homes may be in others
 * @param heads heads, so also postings
 * @param records records of all postings, replicas included
 * @param files its files by kind, in the order of {@link FileKind}
 */
public record ShardEntry(
        int shard, long vectors, long heads, long records, Map<FileKind, FileEntry> files) {
    public ShardEntry {
        require(shard >= 0, "number", shard);
        require(vectors >= 0, "vectors", vectors);
        require(heads >= 0, "heads", heads);
        require(records >= 0, "records", records);
        Map<FileKind, FileEntry> copy = new EnumMap<>(FileKind.class);
        copy.putAll(files);
        copy.forEach(ShardEntry::checkKind);
        files = Collections.unmodifiableMap(copy);
    }

    /**
     * @throws InvalidInputException if the shard has no file of this kind
     */
    public FileEntry file(FileKind kind) {
        FileEntry entry = files.get(kind);
        if (entry == null) {
            throw new InvalidInputException(
                    "Shard " + shard + " has no file of kind " + kind.label());
        }
        return entry;
    }

    private static void checkKind(FileKind kind, FileEntry entry) {
        if (entry.kind() != kind || kind == FileKind.ROUTER || kind == FileKind.STAGING) {
            throw new InvalidInputException(
                    entry.path()
                            + ": a file of kind "
                            + entry.kind().label()
                            + " is listed as "
                            + kind.label()
                            + " of a shard");
        }
    }

    private static void require(boolean condition, String field, long value) {
        if (!condition) {
            throw new InvalidInputException("Shard " + field + " " + value + " is negative");
        }
    }
}
