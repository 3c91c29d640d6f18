package io.sparkspann.spark.join;

import io.sparkspann.posting.PostingFile;
import io.sparkspann.search.IndexFiles;

/** The postings of shards, opened when they are asked for and closed together. */
final class OpenPostings implements AutoCloseable {
    private final IndexFiles files;
    private final PostingFile[] open;

    OpenPostings(IndexFiles files) {
        this.files = files;
        this.open = new PostingFile[files.shards()];
    }

    PostingFile of(int shard) {
        if (open[shard] == null) {
            open[shard] = files.postings(shard);
        }
        return open[shard];
    }

    @Override
    public void close() {
        for (PostingFile file : open) {
            if (file != null) {
                file.close();
            }
        }
    }
}
