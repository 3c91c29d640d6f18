package io.sparkspann.build;

import io.sparkspann.format.FileEntry;
import java.util.List;
import java.util.Map;

/** Keeps the rows of a table beside the index over its vectors. */
public interface RowKeeper {
    /** What a reader of the rows has to know, strings by name, see FORMAT.md. */
    Map<String, String> table();

    /**
     * Writes the rows of each shard, in the order of its own vectors' ordinals.
     *
     * @return a file of kind {@link io.sparkspann.format.FileKind#ROWS} for each shard
     * @throws io.sparkspann.error.InvalidInputException if the table has other rows than before
     */
    List<FileEntry> write(RowFiles files);
}
