package io.sparkspann.build;

import io.sparkspann.format.FileEntry;
import io.sparkspann.format.FileKind;
import io.sparkspann.format.SpnFile;
import io.sparkspann.posting.IdTable;
import io.sparkspann.storage.Storage;
import io.sparkspann.vector.IdBlock;
import java.io.Serializable;
import java.util.List;

/** Where the rows of a table belong in an index. Travels to tasks. */
public final class RowFiles implements Serializable {
    private static final long serialVersionUID = 1L;

    private final BuildContext context;
    private final FileEntry[] idFiles;
    private final int[] vectors;

    RowFiles(BuildContext context, List<HeadsStage.Shard> shards, List<PostingsStage.Shard> files) {
        this.context = context;
        this.idFiles = files.stream().map(PostingsStage.Shard::ids).toArray(FileEntry[]::new);
        this.vectors = shards.stream().mapToInt(HeadsStage.Shard::vectors).toArray();
    }

    public int shards() {
        return vectors.length;
    }

    /** Rows of a shard. */
    public int rows(int shard) {
        return vectors[shard];
    }

    /** Ids of a shard's rows, in the order that its rows must have; they ascend. */
    public IdBlock ids(int shard) {
        try (SpnFile file =
                SpnFile.open(
                        context.storage(), idFiles[shard], context.scan().contentId(), shard)) {
            return IdTable.readOwn(file, context.table().idType(), vectors[shard]);
        }
    }

    public Storage storage() {
        return context.storage();
    }

    /** A name for the rows of a shard that no other attempt of a task uses. */
    public String newPath(int shard) {
        return context.rowsPath(shard);
    }

    /** The file, once it is complete. */
    public static FileEntry entry(String path, long lengthBytes, int crc32c) {
        return new FileEntry(path, lengthBytes, crc32c, FileKind.ROWS);
    }
}
