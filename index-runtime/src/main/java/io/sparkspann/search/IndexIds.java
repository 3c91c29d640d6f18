package io.sparkspann.search;

import io.sparkspann.error.CorruptIndexException;
import io.sparkspann.format.Snapshots;
import io.sparkspann.posting.IdTable;
import io.sparkspann.vector.IdBlockBuilder;
import java.util.Arrays;

/** The external ids of all vectors of an index, in memory. Immutable, thread-safe. */
public final class IndexIds {
    private final String manifestName;
    private final long[] firstOrdinals;
    private final IdTable[] tables;

    private IndexIds(String manifestName, long[] firstOrdinals, IdTable[] tables) {
        this.manifestName = manifestName;
        this.firstOrdinals = firstOrdinals;
        this.tables = tables;
    }

    /** Reads the ids of all shards. */
    public static IndexIds read(IndexFiles files) {
        IdTable[] tables = new IdTable[files.shards()];
        for (int s = 0; s < tables.length; s++) {
            tables[s] = files.ids(s);
        }
        String manifestName = Snapshots.fileName(files.manifest().snapshot());
        return new IndexIds(manifestName, files.firstOrdinals(), tables);
    }

    /**
     * The table of the shard where a vector is at home.
     *
     * @throws CorruptIndexException if there is no such vector
     */
    public IdTable table(long ordinal) {
        return tables[shardOf(ordinal)];
    }

    /** Orders vectors by their ids. */
    public int compare(long first, long second) {
        IdTable a = table(first);
        IdTable b = table(second);
        return a.ids().compare(a.position(first), b.ids(), b.position(second));
    }

    /** Appends the id of a vector. */
    void append(long ordinal, IdBlockBuilder builder) {
        IdTable table = table(ordinal);
        builder.add(table.ids(), table.position(ordinal));
    }

    private int shardOf(long ordinal) {
        long size = firstOrdinals[firstOrdinals.length - 1];
        if (ordinal >= size) {
            throw new CorruptIndexException(
                    manifestName,
                    "shards",
                    0,
                    "a posting names ordinal " + ordinal + ", but there are " + size + " vectors");
        }
        int at = Arrays.binarySearch(firstOrdinals, ordinal);
        if (at < 0) {
            return -at - 2;
        }
        // Shards without vectors share their first ordinal with the next one.
        while (firstOrdinals[at + 1] == ordinal) {
            at++;
        }
        return at;
    }
}
