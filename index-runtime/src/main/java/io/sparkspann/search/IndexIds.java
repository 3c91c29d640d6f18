package io.sparkspann.search;

import io.sparkspann.error.CorruptIndexException;
import io.sparkspann.format.FileEntry;
import io.sparkspann.format.FileKind;
import io.sparkspann.format.Manifest;
import io.sparkspann.format.ShardEntry;
import io.sparkspann.format.Snapshots;
import io.sparkspann.vector.IdBlock;
import io.sparkspann.vector.IdBlockBuilder;
import io.sparkspann.vector.IdType;
import java.util.Arrays;

/** The external ids of all vectors of an index, in memory. Immutable, thread-safe. */
public final class IndexIds {
    private final String manifestName;
    private final long[] firstOrdinals;
    private final IdBlock[] ids;

    private IndexIds(String manifestName, long[] firstOrdinals, IdBlock[] ids) {
        this.manifestName = manifestName;
        this.firstOrdinals = firstOrdinals;
        this.ids = ids;
    }

    /** Reads the ids of all shards. */
    public static IndexIds read(IndexFiles files) {
        IdBlock[] ids = new IdBlock[files.shards()];
        for (int s = 0; s < ids.length; s++) {
            ids[s] = files.ownIds(s);
        }
        String manifestName = Snapshots.fileName(files.manifest().snapshot());
        return new IndexIds(manifestName, files.firstOrdinals(), ids);
    }

    /** Memory that the ids of an index take, in bytes; for strings at most. */
    public static long bytes(Manifest manifest) {
        boolean strings = manifest.schema().idType() == IdType.STRING;
        long bytes = 0;
        for (ShardEntry shard : manifest.shards()) {
            FileEntry file = shard.files().get(FileKind.IDS);
            // A file that is missing is damage, and found when it is opened.
            bytes += strings && file != null ? file.lengthBytes() : Long.BYTES * shard.vectors();
        }
        return bytes;
    }

    /**
     * The shard where a vector is at home.
     *
     * @throws CorruptIndexException if there is no such vector
     */
    public int shardOf(long ordinal) {
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

    /** The ids of a shard's own vectors. */
    public IdBlock ofShard(int shard) {
        return ids[shard];
    }

    /** Position in {@link #ofShard} of a vector of a shard. */
    public int position(int shard, long ordinal) {
        return (int) (ordinal - firstOrdinals[shard]);
    }

    /** Orders vectors by their ids. */
    public int compare(long first, long second) {
        int a = shardOf(first);
        int b = shardOf(second);
        return ids[a].compare(position(a, first), ids[b], position(b, second));
    }

    /** Appends the id of a vector. */
    void append(long ordinal, IdBlockBuilder builder) {
        int shard = shardOf(ordinal);
        builder.add(ids[shard], position(shard, ordinal));
    }
}
