package io.sparkspann.cluster;

import io.sparkspann.distance.Geometry;
import io.sparkspann.distance.KernelProvider;
import io.sparkspann.distance.Kernels;
import io.sparkspann.distance.NearestLists;
import io.sparkspann.distance.VerticalBlocks;
import java.util.Arrays;

/**
 * One step down a tree: rows are scored against the children of their parents. Each parent's
 * children are scored for all rows that have it in their list, by the tile kernel; the scores of a
 * row lie together, so that the choice among them looks at one row after another. One thread.
 */
final class ChildScores {
    private static final int TILE_ROWS = 64;
    private static final int LANES = VerticalBlocks.LANES;

    /** Blocks of 16 scores that are kept at a time, unless a single row has more. */
    private static final int MOST_BLOCKS = 1 << 20;

    private final Kernels kernels = KernelProvider.kernels();
    private final float[] rows;
    private final int dimensions;
    private final VerticalBlocks wide;
    private final int[] offsets = new int[TILE_ROWS];
    private final int[] targets = new int[TILE_ROWS];
    private int[] starts = new int[0];
    private int[] ends = new int[0];
    private int[] numbers = new int[0];
    private float[] scores = new float[0];

    /** The children of each parent. */
    interface Children {
        /** Ascending numbers of the first parents of shards, and one more. */
        int[] shardStarts();

        /** The children of a shard's parents. */
        Runs ofShard(int shard);
    }

    /** The children of the parents of a shard. */
    interface Runs {
        Run of(int parent);
    }

    /** Rows {@code [from, to)} that look into parents {@code [first, end)}. */
    private record Part(Inverted byParent, int first, int end, int from, int to) {
        Part withRows(int newFrom, int newTo) {
            return new Part(byParent, first, end, newFrom, newTo);
        }

        boolean hasRow(int row) {
            return row >= from && row < to;
        }
    }

    /**
     * @param rows matrix of embedded vectors, row-major
     */
    ChildScores(float[] rows, Geometry geometry) {
        this.rows = rows;
        this.dimensions = geometry.dimensions();
        this.wide = geometry.blocks();
    }

    /**
     * Offers the children of some parents of each row to its list.
     *
     * @param n number of rows
     * @param parents lists of their parents
     * @param ranks which of the parents
     */
    void offer(
            int n,
            NearestLists parents,
            Inverted.Ranks ranks,
            Children children,
            NearestLists nearest) {
        if (starts.length < n) {
            starts = new int[n];
            ends = new int[n];
        }
        int[] shardStarts = children.shardStarts();
        int shards = shardStarts.length - 1;
        Inverted byParent = Inverted.of(parents, ranks, n, shardStarts[shards]);
        for (int shard = 0; shard < shards; shard++) {
            Part part = new Part(byParent, shardStarts[shard], shardStarts[shard + 1], 0, n);
            if (byParent.start(part.first()) < byParent.start(part.end())) {
                offer(part, children.ofShard(shard), nearest);
            }
        }
    }

    private void offer(Part part, Runs runs, NearestLists nearest) {
        long blocks = layOut(part, runs);
        if (blocks > MOST_BLOCKS && part.to() - part.from() > 1) {
            int middle = (part.from() + part.to()) >>> 1;
            offer(part.withRows(part.from(), middle), runs, nearest);
            offer(part.withRows(middle, part.to()), runs, nearest);
            return;
        }
        if (numbers.length < blocks) {
            numbers = new int[Math.toIntExact(blocks)];
            scores = new float[Math.multiplyExact(numbers.length, LANES)];
        }
        for (int parent = part.first(); parent < part.end(); parent++) {
            if (part.byParent().start(parent) < part.byParent().end(parent)) {
                score(part, parent, runs.of(parent));
            }
        }
        for (int row = part.from(); row < part.to(); row++) {
            offerRow(row, nearest);
        }
    }

    /** Gives each row a place for its scores, and returns the sum of their blocks. */
    private long layOut(Part part, Runs runs) {
        Inverted byParent = part.byParent();
        Arrays.fill(ends, part.from(), part.to(), 0);
        for (int parent = part.first(); parent < part.end(); parent++) {
            int end = byParent.end(parent);
            int at = byParent.start(parent);
            int blocks = at < end ? runs.of(parent).blocks() : 0;
            for (; at < end; at++) {
                int row = byParent.query(at);
                if (part.hasRow(row)) {
                    ends[row] += blocks;
                }
            }
        }
        long sum = 0;
        for (int row = part.from(); row < part.to(); row++) {
            long start = sum;
            sum += ends[row];
            starts[row] = (int) start;
            ends[row] = (int) start;
        }
        return sum;
    }

    private void score(Part part, int parent, Run packed) {
        Inverted byParent = part.byParent();
        Run run = widened(packed);
        int count = 0;
        for (int at = byParent.start(parent); at < byParent.end(parent); at++) {
            int row = byParent.query(at);
            if (part.hasRow(row)) {
                place(row, count++, run);
                if (count == TILE_ROWS) {
                    score(count, run);
                    count = 0;
                }
            }
        }
        if (count > 0) {
            score(count, run);
        }
    }

    /** Bytes are widened once for all rows. */
    private Run widened(Run run) {
        if (run.bytes() == null) {
            return run;
        }
        run.bytes().widen(run.firstBlock(), run.blocks(), wide);
        return Run.of(wide, 0, run.size(), run.firstNumber());
    }

    private void place(int row, int i, Run run) {
        int start = ends[row];
        int blocks = run.blocks();
        offsets[i] = row * dimensions;
        targets[i] = start * LANES;
        for (int b = 0; b < blocks; b++) {
            numbers[start + b] = run.firstNumber() + b * LANES;
        }
        ends[row] = start + blocks;
    }

    private void score(int count, Run run) {
        kernels.score(
                rows,
                offsets,
                count,
                run.floats(),
                run.firstBlock(),
                run.blocks(),
                scores,
                targets);
    }

    private void offerRow(int row, NearestLists nearest) {
        for (int b = starts[row]; b < ends[row]; b++) {
            if (kernels.anyAtMost(scores, b * LANES, LANES, nearest.limit(row))) {
                nearest.offerRun(row, scores, b * LANES, LANES, numbers[b]);
            }
        }
    }
}
