package io.sparkspann.graph;

import io.sparkspann.cluster.Forest;
import io.sparkspann.cluster.NearHeadRows;
import io.sparkspann.cluster.ShardTree;
import io.sparkspann.cluster.TreeSearch;
import io.sparkspann.distance.NearestLists;
import java.util.Arrays;

/**
 * Builds the relative neighbourhood graph over the heads of a shard: candidates are the nearest
 * heads of the whole index, found for many heads at once by the tree; walking them nearest first,
 * {@code c} is dropped when a kept {@code a} has {@code d(a,c) < d(head,c)} (the RNG rule of
 * SPTAG).
 */
public final class RngGraphBuilder {
    private static final int CANDIDATES = 64;
    private static final int DEGREE = 32;
    private static final int CHUNK = 4096;

    private final Forest forest;
    private final NearHeadRows heads;
    private final int dimensions;
    private final float[] kept;
    private final float[] candidate;
    private int[] edges = new int[0];
    private int size;

    public RngGraphBuilder(Forest forest) {
        this.forest = forest;
        this.heads = new NearHeadRows(forest);
        this.dimensions = heads.dimensions();
        this.kept = new float[DEGREE * dimensions];
        this.candidate = new float[dimensions];
    }

    /** The graph of one shard. */
    public HeadGraph build(int shard) {
        ShardTree tree = forest.tree(shard);
        int firstHead = forest.firstHeads()[shard];
        int count = tree.headCount();
        int[] starts = new int[count + 1];
        NearestLists nearest = new NearestLists(CANDIDATES + 1);
        TreeSearch search = new TreeSearch(forest, new TreeSearch.Beam(8, 24));
        float[] rows = new float[Math.min(CHUNK, count) * dimensions];
        for (int from = 0; from < count; from += CHUNK) {
            int n = Math.min(CHUNK, count - from);
            for (int i = 0; i < n; i++) {
                tree.copy(from + i, rows, i * dimensions);
            }
            search.search(rows, n, nearest);
            for (int i = 0; i < n; i++) {
                heads.advance(nearest, i, n);
                float norm = heads.geometry().magnitude(rows, i * dimensions);
                prune(nearest, i, norm, firstHead + from + i);
                starts[from + i + 1] = size;
            }
        }
        return new HeadGraph(starts, Arrays.copyOf(edges, size));
    }

    private void prune(NearestLists nearest, int i, float norm, int self) {
        int degree = 0;
        for (int r = 0; r < nearest.size(i) && degree < DEGREE; r++) {
            int other = nearest.number(i, r);
            if (other == self) {
                continue;
            }
            heads.copy(other, candidate, 0);
            if (isKept(degree, heads.geometry().separation(nearest.distance(i, r), norm))) {
                System.arraycopy(candidate, 0, kept, degree * dimensions, dimensions);
                add(other);
                degree++;
            }
        }
    }

    private boolean isKept(int degree, float separation) {
        for (int a = 0; a < degree; a++) {
            float between = heads.geometry().separation(kept, a * dimensions, candidate, 0);
            // One of several equal heads is enough: they would use up all edges and be cut off.
            if (between == 0 || between < separation) {
                return false;
            }
        }
        return true;
    }

    private void add(int edge) {
        if (edges.length == size) {
            edges = Arrays.copyOf(edges, Math.max(1024, 2 * size));
        }
        edges[size++] = edge;
    }
}
