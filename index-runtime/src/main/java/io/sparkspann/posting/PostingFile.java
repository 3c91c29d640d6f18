package io.sparkspann.posting;

import io.sparkspann.error.CorruptIndexException;
import io.sparkspann.format.SectionType;
import io.sparkspann.format.SpnFile;
import io.sparkspann.format.SpnSection;
import io.sparkspann.vector.ByteRange;
import java.io.Closeable;
import java.util.ArrayList;
import java.util.List;

/**
 * The postings of a shard, read in ranges; every posting's checksum is compared before use.
 * Thread-safe.
 */
public final class PostingFile implements Closeable {
    private final SpnFile file;
    private final SpnSection records;
    private final PostingDirectory directory;
    private final PostingLayout layout;
    private final int shard;

    private PostingFile(SpnFile file, PostingDirectory directory, PostingLayout layout, int shard) {
        this.file = file;
        this.records = file.section(SectionType.POSTINGS_RECORDS);
        this.directory = directory;
        this.layout = layout;
        this.shard = shard;
    }

    /**
     * @param postings number of heads of the shard
     */
    public static PostingFile open(SpnFile file, int shard, int postings, PostingLayout layout) {
        return new PostingFile(file, PostingDirectory.read(file, postings, layout), layout, shard);
    }

    public PostingDirectory directory() {
        return directory;
    }

    public PostingLayout layout() {
        return layout;
    }

    /** Bytes of a posting. */
    public int bytes(int posting) {
        return Math.toIntExact(layout.bytes(directory.count(posting)));
    }

    /** Bytes of consecutive postings {@code [from, to)}. */
    public long bytes(int from, int to) {
        return directory.offset(to - 1) + bytes(to - 1) - directory.offset(from);
    }

    /**
     * Reads the bytes of consecutive postings {@code [from, to)} to {@code target[0...]},
     * unchecked.
     */
    public void read(int from, int to, byte[] target) {
        int length = Math.toIntExact(bytes(from, to));
        file.readRange(records, directory.offset(from), target, 0, length);
    }

    /**
     * Reads the bytes of runs of postings to {@code target}, unchecked, at once where the storage
     * can.
     *
     * @param runs runs that do not overlap
     */
    public void read(List<PostingRun> runs, byte[] target) {
        List<ByteRange> ranges = new ArrayList<>();
        for (PostingRun run : runs) {
            int length = Math.toIntExact(bytes(run.from(), run.to()));
            long start = directory.offset(run.from());
            if (length > 0) {
                ranges.add(new ByteRange(start, target, run.offset(), length));
            }
        }
        file.readRanges(records, ranges);
    }

    /**
     * Compares the checksum of a posting.
     *
     * @param bytes where the posting was read to
     * @param offset where it starts there
     * @throws CorruptIndexException if it does not fit
     */
    public void check(int posting, byte[] bytes, int offset) {
        int crc = PostingWriter.checksum(bytes, offset, bytes(posting), shard, posting);
        if (crc != directory.crc(posting)) {
            throw new CorruptIndexException(
                    file.name(),
                    records.name(),
                    records.offset() + directory.offset(posting),
                    String.format(
                            "posting %d has CRC32C %08x, expected %08x",
                            posting, crc, directory.crc(posting)));
        }
    }

    @Override
    public void close() {
        file.close();
    }
}
