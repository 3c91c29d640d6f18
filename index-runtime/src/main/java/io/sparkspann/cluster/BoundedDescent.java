package io.sparkspann.cluster;

import io.sparkspann.distance.Geometry;
import io.sparkspann.distance.KernelProvider;
import io.sparkspann.distance.Kernels;
import io.sparkspann.distance.VerticalBlocks;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;

/**
 * Goes down the tree of a shard with many queries at once, and leaves out what the triangle
 * inequality shows to be too far: a query is followed to a leaf, node or head only if some vector
 * under it may be within the query's reach. Levels are scored by the tile kernel. One thread.
 */
public final class BoundedDescent {
    private static final int TILE_ROWS = 64;

    /** Part of the heads within reach above which bounds of heads cost more than they save. */
    private static final double USELESS = 0.7;

    /** Where bounds of heads are useless, they are tried again for every so many nodes. */
    private static final int TRY_AGAIN = 16;

    private final Kernels kernels = KernelProvider.kernels();
    private final Geometry geometry;
    private final float[] rows;
    private final float[] magnitudes;
    private final int[] offsets = new int[TILE_ROWS];
    private final VerticalBlocks wide;
    private float[] scores = new float[0];
    private long distances;
    private double kept;
    private int untried;

    /** How far a query looks. */
    @FunctionalInterface
    public interface Reach {
        /** A true distance; it may shrink from one call to the next. */
        double of(int query);
    }

    /** Takes the queries that have the vectors of a node's heads within reach. */
    public interface Sink {
        /** Begins with a node that has these heads, numbered within the shard. */
        void node(int firstHead, int heads);

        /** A query of this node has a head within reach. */
        void accept(int query, int head);
    }

    /**
     * @param rows embedded queries, row-major
     * @param magnitudes one for each query, see {@link Geometry#magnitude}
     */
    public BoundedDescent(Geometry geometry, float[] rows, float[] magnitudes) {
        this.geometry = geometry;
        this.rows = rows;
        this.magnitudes = magnitudes;
        this.wide = geometry.blocks();
    }

    /** Distances that were computed so far. */
    public long distances() {
        return distances;
    }

    /**
     * Goes down a shard, node after node in the order of their heads.
     *
     * @param queries which queries
     */
    public void search(
            Forest forest, int shard, CoveringRadii radii, int[] queries, Queries target) {
        ShardTree tree = forest.tree(shard);
        Router router = forest.router();
        int firstLeaf = router.shardStarts()[shard];
        kept = 0;
        untried = 0;
        for (int leaf = 0; leaf < tree.leafCount(); leaf++) {
            if (tree.leafStarts()[leaf] == tree.leafStarts()[leaf + 1]) {
                continue;
            }
            VerticalBlocks centre = geometry.pack(router.leafCentroids(), firstLeaf + leaf, 1);
            Run run = Run.of(centre, 0, 1, 0);
            int[] near = new int[queries.length];
            int count = 0;
            score(queries, queries.length, run);
            for (int i = 0; i < queries.length; i++) {
                if (isWithin(
                        queries[i],
                        scores[i * VerticalBlocks.LANES],
                        target.reach().of(queries[i]) + radii.leaf(leaf),
                        router.leafCentroids(),
                        firstLeaf + leaf)) {
                    near[count++] = queries[i];
                }
            }
            if (count > 0) {
                searchLeaf(tree, leaf, radii, new Near(near, count), target);
            }
        }
    }

    /**
     * The queries that may have vectors of a shard within reach, by its leaves alone: its tree is
     * not needed.
     *
     * @param leafRadius covering radius of a leaf of the index, below 0 for one without vectors
     */
    public int[] reaching(
            Router router, int shard, IntToDoubleFunction leafRadius, int[] queries, Reach reach) {
        int first = router.shardStarts()[shard];
        int count = router.shardStarts()[shard + 1] - first;
        if (count == 0) {
            return new int[0];
        }
        VerticalBlocks centres = geometry.pack(router.leafCentroids(), first, count);
        int lanes = centres.blockCount() * VerticalBlocks.LANES;
        int[] reaching = new int[queries.length];
        int found = 0;
        for (int from = 0; from < queries.length; from += TILE_ROWS) {
            int[] tile =
                    Arrays.copyOfRange(queries, from, Math.min(queries.length, from + TILE_ROWS));
            score(tile, tile.length, Run.of(centres, 0, count, 0));
            for (int i = 0; i < tile.length; i++) {
                double most = reach.of(tile[i]);
                int leaf = 0;
                while (leaf < count) {
                    double radius = leafRadius.applyAsDouble(first + leaf);
                    if (radius >= 0
                            && isWithin(
                                    tile[i],
                                    scores[i * lanes + leaf],
                                    most + radius,
                                    router.leafCentroids(),
                                    first + leaf)) {
                        break;
                    }
                    leaf++;
                }
                if (leaf < count) {
                    reaching[found++] = tile[i];
                }
            }
        }
        return Arrays.copyOf(reaching, found);
    }

    /** The reach of queries, and who takes what is found. */
    public record Queries(Reach reach, Sink sink) {}

    /** The first {@code count} of some queries. */
    private record Near(int[] queries, int count) {}

    /**
     * Whether a query may be within a distance of a pivot.
     *
     * @param pivots embedded, row-major; null where only scores are looked at
     * @param pivot which row
     */
    private boolean isWithin(int query, float score, double reach, float[] pivots, int pivot) {
        if (reach < 0) {
            return false;
        }
        float magnitude = magnitudes[query];
        int d = geometry.dimensions();
        // Where no bound can be had, nothing is left out.
        return !(geometry.separation(score, magnitude)
                        > geometry.separationWithin(reach, magnitude))
                && !(geometry.distanceAtLeast(rows, query * d, pivots, pivot * d) > reach);
    }

    private void searchLeaf(
            ShardTree tree, int leaf, CoveringRadii radii, Near near, Queries target) {
        Run nodes = tree.nodesOf(leaf, 0);
        int lanes = nodes.blocks() * VerticalBlocks.LANES;
        int first = tree.leafStarts()[leaf];
        score(near.queries(), near.count(), nodes);
        float[] ofNodes = Arrays.copyOf(scores, near.count() * lanes);
        int[] found = new int[near.count()];
        for (int n = 0; n < nodes.size(); n++) {
            int count = 0;
            for (int i = 0; i < near.count(); i++) {
                int query = near.queries()[i];
                if (isWithin(
                        query,
                        ofNodes[i * lanes + n],
                        target.reach().of(query) + radii.node(first + n),
                        tree.nodeCentroids(),
                        first + n)) {
                    found[count++] = query;
                }
            }
            if (count > 0) {
                searchNode(tree, first + n, radii, new Near(found, count), target);
            }
        }
    }

    private void searchNode(
            ShardTree tree, int node, CoveringRadii radii, Near near, Queries target) {
        int firstHead = tree.nodeStarts()[node];
        int heads = tree.nodeStarts()[node + 1] - firstHead;
        target.sink().node(firstHead, heads);
        if (kept > USELESS && ++untried % TRY_AGAIN != 0) {
            for (int i = 0; i < near.count(); i++) {
                for (int h = 0; h < heads; h++) {
                    target.sink().accept(near.queries()[i], firstHead + h);
                }
            }
            return;
        }
        Run run = tree.headsOf(node, 0);
        int lanes = run.blocks() * VerticalBlocks.LANES;
        score(near.queries(), near.count(), run);
        float[] pivots = geometry.comparesRows() ? copy(tree, firstHead, heads) : null;
        long accepted = 0;
        for (int i = 0; i < near.count(); i++) {
            int query = near.queries()[i];
            double reach = target.reach().of(query);
            for (int h = 0; h < heads; h++) {
                double most = reach + radii.head(firstHead + h);
                if (isWithin(query, scores[i * lanes + h], most, pivots, h)) {
                    target.sink().accept(query, firstHead + h);
                    accepted++;
                }
            }
        }
        double part = (double) accepted / ((double) near.count() * Math.max(1, heads));
        kept = kept == 0 ? part : (3 * kept + part) / 4;
    }

    private static float[] copy(ShardTree tree, int firstHead, int heads) {
        int d = tree.dimensions();
        float[] copy = new float[heads * d];
        for (int h = 0; h < heads; h++) {
            tree.copy(firstHead + h, copy, h * d);
        }
        return copy;
    }

    /** Scores queries against a run; the scores of query i are in row i. */
    private void score(int[] queries, int count, Run packed) {
        Run run = packed;
        if (packed.bytes() != null) {
            packed.bytes().widen(packed.firstBlock(), packed.blocks(), wide);
            run = Run.of(wide, 0, packed.size(), 0);
        }
        int blocks = run.blocks();
        int lanes = blocks * VerticalBlocks.LANES;
        if (scores.length < count * lanes) {
            scores = new float[Math.multiplyExact(count, lanes)];
        }
        int d = geometry.dimensions();
        int[] targets = new int[TILE_ROWS];
        for (int from = 0; from < count; from += TILE_ROWS) {
            int n = Math.min(TILE_ROWS, count - from);
            for (int i = 0; i < n; i++) {
                offsets[i] = queries[from + i] * d;
                targets[i] = (from + i) * lanes;
            }
            kernels.score(
                    rows, offsets, n, run.floats(), run.firstBlock(), blocks, scores, targets);
        }
        distances += (long) count * packed.size();
    }
}
