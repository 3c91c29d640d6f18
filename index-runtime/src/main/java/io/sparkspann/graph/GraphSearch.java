package io.sparkspann.graph;

import io.sparkspann.cluster.Forest;
import io.sparkspann.cluster.ForestHeads;
import io.sparkspann.cluster.TreeSearch;
import io.sparkspann.distance.KernelProvider;
import io.sparkspann.distance.Kernels;
import io.sparkspann.distance.NearestLists;
import java.util.Arrays;

/**
 * Finds the nearest heads of one query: the tree gives seeds, then the RNG graph is walked best
 * first until no open head can improve the list (SPTAG's search, section 4 of its paper). Reusable
 * state of one thread; memory 4 bytes for each head of the index.
 */
public final class GraphSearch {
    private static final TreeSearch.Beam SEED_BEAM = new TreeSearch.Beam(3, 6);
    private static final int SEEDS = 24;

    private final Kernels kernels = KernelProvider.kernels();
    private final Forest forest;
    private final HeadGraph[] graphs;
    private final ForestHeads heads;
    private final TreeSearch seedSearch;
    private final NearestLists seeds = new NearestLists(SEEDS);
    private final int[] visited;
    private final float[] row;
    private int stamp;

    /**
     * @param graphs of all shards
     */
    public GraphSearch(Forest forest, HeadGraph[] graphs) {
        this.forest = forest;
        this.graphs = graphs;
        this.heads = new ForestHeads(forest);
        this.seedSearch = new TreeSearch(forest, SEED_BEAM);
        this.visited = new int[forest.firstHeads()[graphs.length]];
        this.row = new float[heads.dimensions()];
    }

    /**
     * @param query embedded
     * @param squaredNorm its squared norm
     * @param found list number 0 receives the nearest heads, sorted, with squared distances that
     *     lack the query's squared norm
     */
    public void search(float[] query, float squaredNorm, NearestLists found) {
        nextStamp();
        seedSearch.search(query, 1, seeds);
        Found best = new Found(found.capacity());
        Frontier open = new Frontier();
        for (int r = 0; r < seeds.size(0); r++) {
            visit(seeds.number(0, r), seeds.distance(0, r), best, open);
        }
        while (!open.isEmpty() && open.nearest() <= best.limit()) {
            expand(open.take(), query, squaredNorm, best, open);
        }
        best.copyTo(found);
    }

    private void nextStamp() {
        stamp++;
        if (stamp == Integer.MAX_VALUE) {
            Arrays.fill(visited, 0);
            stamp = 1;
        }
    }

    private void visit(int head, float distance, Found best, Frontier open) {
        visited[head] = stamp;
        if (distance < best.limit()) {
            best.offer(distance, head);
            open.add(distance, head);
        }
    }

    private void expand(int head, float[] query, float squaredNorm, Found best, Frontier open) {
        int shard = forest.shardOfHead(head);
        HeadGraph graph = graphs[shard];
        int local = head - forest.firstHeads()[shard];
        for (int e = graph.starts()[local]; e < graph.starts()[local + 1]; e++) {
            int other = graph.edges()[e];
            if (visited[other] != stamp) {
                heads.copy(other, row, 0);
                float distance = kernels.squaredL2(query, 0, row, 0, row.length) - squaredNorm;
                visit(other, distance, best, open);
            }
        }
    }
}
