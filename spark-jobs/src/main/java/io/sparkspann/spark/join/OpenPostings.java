package io.sparkspann.spark.join;

import io.sparkspann.posting.PostingFile;
import io.sparkspann.search.IndexFiles;

/** The postings of one shard at a time, opened when they are asked for. */
final class OpenPostings implements AutoCloseable {
    private final IndexFiles files;
    private PostingFile open;

    OpenPostings(IndexFiles files) {
        this.files = files;
    }

    /** Opens the postings of a shard, and closes those before. */
    PostingFile of(int shard) {
        close();
        open = files.postings(shard);
        return open;
    }

    @Override
    public void close() {
        if (open != null) {
            open.close();
            open = null;
        }
    }
}
