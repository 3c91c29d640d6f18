package io.sparkspann.search;

import io.sparkspann.distance.VectorSpace;
import io.sparkspann.posting.IdTable;
import io.sparkspann.posting.PostingBlock;
import io.sparkspann.posting.PostingFile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Exact distances of named vectors: finds where each is stored in one pass over all postings.
 * Memory: the pairs, and one posting. Thread-safe.
 */
public final class DistanceLookup {
    private final SpannIndex index;

    public DistanceLookup(SpannIndex index) {
        this.index = index;
    }

    /**
     * The rank keys of pairs of a query and a vector.
     *
     * @param rows for each pair the number of the query in {@code queries}
     * @param ids for each pair the numeric id of the vector
     * @return one for each pair, NaN where the index has no such id
     */
    public float[] rankKeys(QueryRows queries, int[] rows, long[] ids) {
        float[] keys = new float[rows.length];
        Arrays.fill(keys, Float.NaN);
        Map<Long, List<Integer>> wanted = new HashMap<>();
        for (int s = 0; s < index.files().shards(); s++) {
            addWanted(s, ids, wanted);
        }
        for (int s = 0; s < index.files().shards() && !wanted.isEmpty(); s++) {
            scan(
                    index.postings(s),
                    wanted,
                    (pair, block, lane) -> keys[pair] = key(queries, rows[pair], block, lane));
        }
        return keys;
    }

    private float key(QueryRows queries, int row, PostingBlock block, int lane) {
        VectorSpace space = queries.space();
        return space.exactKey(queries.rows(), row * space.dimensions(), block.vectors(), lane);
    }

    /** Adds the ordinals of the shard's own vectors among {@code ids}, each with its pairs. */
    private void addWanted(int shard, long[] ids, Map<Long, List<Integer>> wanted) {
        IdTable table = index.files().ids(shard);
        long first = index.files().firstOrdinals()[shard];
        for (int pair = 0; pair < ids.length; pair++) {
            // Own ids ascend with their ordinals.
            int at = Arrays.binarySearch(table.ids().numbers(), 0, table.own(), ids[pair]);
            if (at >= 0) {
                wanted.computeIfAbsent(first + at, ordinal -> new ArrayList<>()).add(pair);
            }
        }
    }

    /** Takes a wanted vector. */
    private interface Found {
        void accept(int pair, PostingBlock block, int lane);
    }

    private void scan(PostingFile file, Map<Long, List<Integer>> wanted, Found found) {
        PostingBlock block = new PostingBlock(index.files().space(), file.layout());
        byte[] bytes = new byte[0];
        for (int p = 0; p < file.directory().size(); p++) {
            int homes = file.directory().home(p);
            if (homes == 0) {
                continue;
            }
            if (bytes.length < file.bytes(p)) {
                bytes = new byte[file.bytes(p)];
            }
            file.read(p, p + 1, bytes);
            file.check(p, bytes, 0);
            block.decode(bytes, 0, file.directory().count(p), homes);
            for (int lane = 0; lane < homes; lane++) {
                for (int pair : wanted.getOrDefault(block.ordinal(lane), List.of())) {
                    found.accept(pair, block, lane);
                }
            }
        }
    }
}
