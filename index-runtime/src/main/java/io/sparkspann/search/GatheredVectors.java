package io.sparkspann.search;

import io.sparkspann.distance.VectorSpace;
import io.sparkspann.distance.VerticalBlocks;
import io.sparkspann.error.CorruptIndexException;
import io.sparkspann.format.Snapshots;
import io.sparkspann.posting.PostingBlock;
import io.sparkspann.posting.PostingDirectory;
import io.sparkspann.posting.PostingFile;
import java.util.ArrayList;
import java.util.List;

/**
 * Few vectors of an index in memory, to be compared with every query. Immutable.
 *
 * <p>Memory: see {@link #bytes}.
 */
final class GatheredVectors {
    /** Bytes of one read, unless one posting alone has more. */
    private static final int READ_BYTES = 4 << 20;

    private final VerticalBlocks blocks;
    private final int[] ordinals;
    private float maxSquaredNorm;
    private int size;

    private GatheredVectors(VerticalBlocks empty, long count) {
        this.ordinals = new int[Math.toIntExact(count)];
        this.blocks = empty;
        blocks.resize(ordinals.length);
    }

    /** Memory that so many vectors take, about. */
    static long bytes(VectorSpace space, long count) {
        return count * (Float.BYTES * (space.dimensions() + 2L) + Integer.BYTES);
    }

    /** Copies the allowed vectors. Reads all postings that have home records, on all cores. */
    static GatheredVectors of(SpannIndex index, AllowList allowed) {
        GatheredVectors gathered =
                new GatheredVectors(index.files().space().blocks(), allowed.count());
        if (allowed.count() > 0) {
            List<Piece> pieces = pieces(index);
            try (Helpers helpers = new Helpers(Runtime.getRuntime().availableProcessors() - 1)) {
                helpers.run(pieces.size(), i -> gathered.read(index, pieces.get(i), allowed));
            }
        }
        if (gathered.size != allowed.count()) {
            throw new CorruptIndexException(
                    Snapshots.fileName(index.manifest().snapshot()),
                    "shards",
                    0,
                    allowed.count()
                            + " vectors are allowed, but they have "
                            + gathered.size
                            + " home records");
        }
        return gathered;
    }

    /** Postings {@code [from, to)} of a shard. */
    private record Piece(int shard, int from, int to) {}

    private static List<Piece> pieces(SpannIndex index) {
        List<Piece> pieces = new ArrayList<>();
        for (int s = 0; s < index.files().shards(); s++) {
            PostingFile file = index.postings(s);
            int postings = file.directory().size();
            int from = 0;
            while (from < postings) {
                int to = from + 1;
                while (to < postings && file.bytes(from, to + 1) <= READ_BYTES) {
                    to++;
                }
                pieces.add(new Piece(s, from, to));
                from = to;
            }
        }
        return pieces;
    }

    private void read(SpannIndex index, Piece piece, AllowList allowed) {
        PostingFile file = index.postings(piece.shard());
        PostingDirectory directory = file.directory();
        byte[] bytes = new byte[Math.toIntExact(file.bytes(piece.from(), piece.to()))];
        file.read(piece.from(), piece.to(), bytes);
        PostingBlock block = new PostingBlock(index.files().space(), file.layout());
        for (int p = piece.from(); p < piece.to(); p++) {
            int offset = (int) (directory.offset(p) - directory.offset(piece.from()));
            if (directory.home(p) > 0) {
                file.check(p, bytes, offset);
                block.decode(bytes, offset, directory.count(p), directory.home(p));
                if (block.keep(allowed::contains) > 0) {
                    add(block);
                }
            }
        }
    }

    /** Pieces come in any order: it makes no difference to lists of neighbours. */
    private synchronized void add(PostingBlock block) {
        for (int lane = 0; lane < block.vectors().size(); lane++) {
            if (size < ordinals.length) {
                blocks.copy(block.vectors(), lane, size);
                ordinals[size] = (int) block.ordinal(lane);
            }
            size++;
        }
        maxSquaredNorm = Math.max(maxSquaredNorm, block.maxSquaredNorm());
    }

    int size() {
        return size;
    }

    /** Ordinal of a vector, 0 to 2^32 - 1. */
    long ordinal(int lane) {
        return Integer.toUnsignedLong(ordinals[lane]);
    }

    /** The exact rank key of the first query and a vector. */
    float key(QueryRows query, int lane) {
        return query.space().exactKey(query.rows(), 0, blocks, lane);
    }

    /** Compares queries with all vectors. */
    void scan(TileScorer scorer, QueryRows queries, int from, int to, TopK top) {
        int[] numbers = new int[to - from];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = from + i;
        }
        scorer.score(
                queries,
                new TileScorer.Numbers(numbers, 0, numbers.length),
                new TileScorer.Vectors(blocks, maxSquaredNorm, this::ordinal),
                top);
    }
}
