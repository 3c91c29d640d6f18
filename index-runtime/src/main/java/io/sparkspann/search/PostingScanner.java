package io.sparkspann.search;

import io.sparkspann.distance.VectorSpace;
import io.sparkspann.posting.PostingBlock;
import io.sparkspann.posting.PostingDirectory;
import io.sparkspann.posting.PostingFile;
import io.sparkspann.posting.PostingRun;
import java.util.ArrayList;
import java.util.List;

/**
 * Streams the postings of a shard once, in file order and in large reads, and scores each posting
 * against all queries that want it. What may enter a query's list is scored again exactly before it
 * does, so lists never carry rounding of the tile kernel. One instance serves one thread.
 */
public final class PostingScanner {
    /** Bytes of one read, unless one posting alone has more. */
    private static final int READ_BYTES = 4 << 20;

    /** Bytes of reads that are done at once, unless one alone has more. */
    private static final int BATCH_BYTES = 1 << 20;

    private static final int GAP_BYTES = 64 << 10;
    private final PostingFile file;
    private final PostingBlock block;
    private final AllowList allowed;
    private final ScanStats stats;
    private final TileScorer scorer;
    private byte[] bytes = new byte[0];
    private int end;

    /**
     * @param allowed which records are scored
     */
    public PostingScanner(VectorSpace space, PostingFile file, AllowList allowed, ScanStats stats) {
        this.file = file;
        this.end = file.directory().size();
        this.allowed = allowed;
        this.block = new PostingBlock(space, file.layout());
        this.scorer = new TileScorer(space);
        this.stats = stats;
    }

    /** Scores all records of the wanted postings. */
    public void scan(QueryRows queries, WantedPostings wanted, Collector collector) {
        scan(queries, wanted, 0, collector, false);
    }

    /** Scores the home records only, so that every vector is seen once. */
    public void scanHome(QueryRows queries, WantedPostings wanted, Collector collector) {
        scan(queries, wanted, 0, collector, true);
    }

    /** Scores the home records of those of postings {@code [from, to)} that are wanted. */
    void scanHome(QueryRows queries, WantedPostings wanted, int from, int to, Collector collector) {
        end = to;
        scan(queries, wanted, from, collector, true);
        end = file.directory().size();
    }

    private void scan(
            QueryRows queries,
            WantedPostings wanted,
            int from,
            Collector collector,
            boolean homeOnly) {
        List<PostingRun> runs = batch(from, wanted);
        while (!runs.isEmpty()) {
            read(runs);
            for (PostingRun run : runs) {
                scanRun(run, queries, wanted, collector, homeOnly);
            }
            runs = batch(runs.get(runs.size() - 1).to(), wanted);
        }
    }

    /** The next runs from a posting on, to be read at once; none at the end. */
    private List<PostingRun> batch(int first, WantedPostings wanted) {
        List<PostingRun> runs = new ArrayList<>();
        long length = 0;
        int from = first;
        while (from < end) {
            if (!wanted.isWanted(from)) {
                from++;
                continue;
            }
            int to = runEnd(from, wanted);
            long bytes = file.bytes(from, to);
            if (!runs.isEmpty() && length + bytes > BATCH_BYTES) {
                break;
            }
            runs.add(new PostingRun(from, to, (int) length));
            length += bytes;
            from = to;
        }
        return runs;
    }

    /**
     * The end of a run of postings that are read at once: short gaps of unwanted ones are read
     * along.
     */
    private int runEnd(int from, WantedPostings wanted) {
        PostingDirectory directory = file.directory();
        long start = directory.offset(from);
        long wantedEnd = start + file.bytes(from);
        int end = from + 1;
        for (int p = from + 1; p < end; p++) {
            long pEnd = directory.offset(p) + file.bytes(p);
            if (directory.offset(p) - wantedEnd > GAP_BYTES || pEnd - start > READ_BYTES) {
                break;
            }
            if (wanted.isWanted(p)) {
                end = p + 1;
                wantedEnd = pEnd;
            }
        }
        return end;
    }

    private void read(List<PostingRun> runs) {
        PostingRun last = runs.get(runs.size() - 1);
        long length = last.offset() + file.bytes(last.from(), last.to());
        if (bytes.length < length) {
            bytes =
                    new byte
                            [Math.toIntExact(
                                    Math.max(length, Math.min(READ_BYTES, 2L * bytes.length)))];
        }
        file.read(runs, bytes);
    }

    private void scanRun(
            PostingRun run,
            QueryRows queries,
            WantedPostings wanted,
            Collector collector,
            boolean homeOnly) {
        PostingDirectory directory = file.directory();
        for (int p = run.from(); p < run.to(); p++) {
            int count = homeOnly ? directory.home(p) : directory.count(p);
            if (!wanted.isWanted(p) || count == 0) {
                continue;
            }
            int offset = run.offset() + (int) (directory.offset(p) - directory.offset(run.from()));
            file.check(p, bytes, offset);
            block.decode(bytes, offset, directory.count(p), count);
            if (!allowed.isAll()) {
                count = block.keep(allowed::contains);
            }
            TileScorer.Numbers numbers = wanted.queries(p);
            stats.addPosting(file.bytes(p), (long) count * (numbers.to() - numbers.from()));
            scorer.score(
                    queries,
                    numbers,
                    new TileScorer.Vectors(block.vectors(), block.maxSquaredNorm(), block::ordinal),
                    collector);
        }
    }
}
