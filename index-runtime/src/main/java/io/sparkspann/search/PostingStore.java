package io.sparkspann.search;

import io.sparkspann.cluster.Forest;
import io.sparkspann.distance.VectorSpace;
import io.sparkspann.posting.LoadedPosting;
import io.sparkspann.posting.PostingFile;
import java.io.Closeable;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The postings of an open index for single queries: from memory, else from storage, all that a
 * query needs in one batch of parallel reads, each checked before it is used. Thread-safe.
 */
final class PostingStore implements Closeable {
    /** Postings that are read in one batch, at most. */
    static final int BATCH_POSTINGS = 64;

    /** Bytes that are read in one batch, unless one posting alone has more. */
    static final long BATCH_BYTES = 32 << 20;

    /** Bytes between two postings that are read along rather than read apart. */
    private static final long GAP_BYTES = 4 << 10;

    /** Bytes of one read, unless one posting alone has more. */
    private static final long READ_BYTES = 1 << 20;

    /** Buffers above this length are not kept. */
    private static final int KEPT_BYTES = 4 << 20;

    private final VectorSpace space;
    private final Forest forest;
    private final PostingFile[] files;
    private final PostingCache cache;
    private final Helpers helpers;
    private final ConcurrentLinkedQueue<byte[]> buffers = new ConcurrentLinkedQueue<>();

    /**
     * @param files postings of all shards, open; closed with this
     * @param cacheBytes memory for postings
     * @param readThreads threads that help a search to read
     */
    PostingStore(
            VectorSpace space,
            Forest forest,
            PostingFile[] files,
            long cacheBytes,
            int readThreads) {
        this.space = space;
        this.forest = forest;
        this.files = files;
        int[] firstHeads = forest.firstHeads();
        this.cache = new PostingCache(firstHeads[files.length], cacheBytes);
        this.helpers = new Helpers(readThreads);
    }

    /** A posting in memory, null if it is only in storage. */
    LoadedPosting find(int head) {
        return cache.find(head);
    }

    /** Bytes of a head's posting in storage. */
    int bytes(int head) {
        int shard = forest.shardOfHead(head);
        return files[shard].bytes(head - forest.firstHeads()[shard]);
    }

    /** Memory of the postings that are kept. */
    long cachedBytes() {
        return cache.bytes();
    }

    /**
     * Reads postings in one batch.
     *
     * @param wanted the postings by their heads; each gets its posting
     * @throws io.sparkspann.error.CorruptIndexException if one is damaged
     */
    void read(PostingsWanted wanted, ScanStats stats) {
        wanted.sort();
        int count = wanted.count();
        int[] starts = new int[count + 1];
        int reads = 0;
        for (int i = 1; i <= count; i++) {
            if (i == count
                    || !isOneRead(wanted.head(starts[reads]), wanted.head(i - 1), wanted.head(i))) {
                starts[++reads] = i;
            }
        }
        long bytes = 0;
        for (int r = 0; r < reads; r++) {
            bytes += length(wanted.head(starts[r]), wanted.head(starts[r + 1] - 1));
        }
        helpers.run(reads, r -> readRun(wanted, starts[r], starts[r + 1]));
        stats.addReads(count, reads, bytes);
    }

    /** Whether a posting is read together with those from {@code first} to {@code last}. */
    private boolean isOneRead(int first, int last, int head) {
        int shard = forest.shardOfHead(head);
        int firstHead = forest.firstHeads()[shard];
        if (first < firstHead) {
            return false;
        }
        PostingFile file = files[shard];
        long end = file.directory().offset(last - firstHead) + file.bytes(last - firstHead);
        return file.directory().offset(head - firstHead) - end <= GAP_BYTES
                && length(first, head) <= READ_BYTES;
    }

    /** Bytes from the posting of one head to the end of that of another one. */
    private long length(int first, int last) {
        int shard = forest.shardOfHead(first);
        int firstHead = forest.firstHeads()[shard];
        PostingFile file = files[shard];
        return file.directory().offset(last - firstHead)
                + file.bytes(last - firstHead)
                - file.directory().offset(first - firstHead);
    }

    private void readRun(PostingsWanted wanted, int from, int to) {
        int first = wanted.head(from);
        int shard = forest.shardOfHead(first);
        int firstHead = forest.firstHeads()[shard];
        PostingFile file = files[shard];
        byte[] buffer = buffer(length(first, wanted.head(to - 1)));
        file.read(first - firstHead, wanted.head(to - 1) - firstHead + 1, buffer);
        long start = file.directory().offset(first - firstHead);
        for (int i = from; i < to; i++) {
            int head = wanted.head(i);
            int posting = head - firstHead;
            int offset = (int) (file.directory().offset(posting) - start);
            file.check(posting, buffer, offset);
            int count = file.directory().count(posting);
            long memory = LoadedPosting.memoryBytes(file.layout(), count);
            if (cache.admits(head, memory)) {
                LoadedPosting kept = new LoadedPosting(space, file.layout());
                kept.decode(buffer, offset, count);
                cache.put(head, kept, memory);
                wanted.set(i, kept);
            } else {
                wanted.reused(i, space, file.layout(), memory).decode(buffer, offset, count);
            }
        }
        if (buffer.length <= KEPT_BYTES) {
            buffers.add(buffer);
        }
    }

    private byte[] buffer(long length) {
        byte[] buffer = buffers.poll();
        return buffer != null && buffer.length >= length
                ? buffer
                : new byte[Math.toIntExact(Math.max(length, 64 << 10))];
    }

    @Override
    public void close() {
        helpers.close();
        for (PostingFile file : files) {
            if (file != null) {
                file.close();
            }
        }
    }
}
