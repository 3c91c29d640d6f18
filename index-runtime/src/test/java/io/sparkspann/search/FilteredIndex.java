package io.sparkspann.search;

import io.sparkspann.distance.Metric;
import io.sparkspann.distance.SampleVectors;
import io.sparkspann.vector.VectorBlock;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongPredicate;

/** An open index whose ids are the rows of a block, with the truth about it by brute force. */
final class FilteredIndex implements AutoCloseable {
    final VectorBlock base;
    final SpannIndex index;

    FilteredIndex(VectorBlock base, Metric metric, Path folder) throws Exception {
        this.base = base;
        this.index = SpannIndex.open(SampleIndex.build(base, metric, 3, folder));
    }

    /** Rank keys of all rows. */
    float[] keys(float[] query) {
        float[] keys = new float[base.size()];
        for (int row = 0; row < keys.length; row++) {
            float[] vector = SampleVectors.row(base, row);
            keys[row] = 0f + index.files().space().exactKey(query, 0, vector, 0, 1);
        }
        return keys;
    }

    /** All rows that satisfy a condition, nearest first, equals by row. */
    List<Long> exact(float[] query, LongPredicate allowed) {
        float[] keys = keys(query);
        List<Long> rows = new ArrayList<>();
        for (long row = 0; row < keys.length; row++) {
            if (allowed.test(row)) {
                rows.add(row);
            }
        }
        rows.sort(Comparator.comparingDouble((Long row) -> keys[row.intValue()]));
        return rows;
    }

    static List<Long> ids(Neighbors found, int query) {
        List<Long> ids = new ArrayList<>();
        for (int r = 0; r < found.count(query); r++) {
            ids.add(found.id(query, r));
        }
        return ids;
    }

    /** A condition that about this share of rows satisfies, spread evenly. */
    static LongPredicate share(double share) {
        return row -> (row * 0x9E3779B97F4A7C15L >>> 11) * 0x1p-53 < share;
    }

    @Override
    public void close() {
        index.close();
    }
}
