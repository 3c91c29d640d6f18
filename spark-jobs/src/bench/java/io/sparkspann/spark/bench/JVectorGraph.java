package io.sparkspann.spark.bench;

import io.github.jbellis.jvector.graph.GraphIndexBuilder;
import io.github.jbellis.jvector.graph.GraphSearcher;
import io.github.jbellis.jvector.graph.ImmutableGraphIndex;
import io.github.jbellis.jvector.graph.ListRandomAccessVectorValues;
import io.github.jbellis.jvector.graph.RandomAccessVectorValues;
import io.github.jbellis.jvector.graph.SearchResult;
import io.github.jbellis.jvector.graph.similarity.BuildScoreProvider;
import io.github.jbellis.jvector.graph.similarity.DefaultSearchScoreProvider;
import io.github.jbellis.jvector.util.Bits;
import io.github.jbellis.jvector.vector.VectorSimilarityFunction;
import io.github.jbellis.jvector.vector.VectorizationProvider;
import io.github.jbellis.jvector.vector.types.VectorFloat;
import io.github.jbellis.jvector.vector.types.VectorTypeSupport;
import io.sparkspann.distance.Metric;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ForkJoinPool;

/** The graph of JVector, in memory, with exact scores. */
final class JVectorGraph implements PeerIndex {
    private static final float NEIGHBOR_OVERFLOW = 1.2f;
    private static final float ALPHA = 1.2f;

    private final VectorSimilarityFunction similarity;
    private final VectorTypeSupport types =
            VectorizationProvider.getInstance().getVectorTypeSupport();
    private RandomAccessVectorValues vectors;
    private GraphIndexBuilder builder;
    private ImmutableGraphIndex graph;

    JVectorGraph(Metric metric) {
        this.similarity =
                metric == Metric.COSINE
                        ? VectorSimilarityFunction.DOT_PRODUCT
                        : VectorSimilarityFunction.EUCLIDEAN;
    }

    @Override
    public Point.Measured system() {
        return Point.Measured.here("jvector", Versions.ofJar(GraphSearcher.class));
    }

    @Override
    public String note() {
        return "degree "
                + 2 * Settings.M
                + " at the bottom, "
                + Settings.M
                + " above, beam width "
                + Settings.EF_CONSTRUCTION
                + ", alpha "
                + ALPHA
                + ", "
                + VectorizationProvider.getInstance().getClass().getSimpleName();
    }

    @Override
    public void build(float[][] base, int threads) {
        List<VectorFloat<?>> list = new ArrayList<>(base.length);
        for (float[] row : base) {
            list.add(types.createFloatVector(row));
        }
        vectors = new ListRandomAccessVectorValues(list, base[0].length);
        ForkJoinPool pool = new ForkJoinPool(threads);
        try {
            builder =
                    GraphIndexBuilder.builder(
                                    BuildScoreProvider.randomAccessScoreProvider(
                                            vectors, similarity),
                                    base[0].length,
                                    List.of(2 * Settings.M, Settings.M))
                            .withBeamWidth(Settings.EF_CONSTRUCTION)
                            .withNeighborOverflow(NEIGHBOR_OVERFLOW)
                            .withAlpha(ALPHA)
                            .withSimdExecutor(pool)
                            .withParallelExecutor(pool)
                            .build();
            graph = builder.build(vectors);
        } finally {
            pool.shutdown();
        }
    }

    @Override
    @SuppressWarnings("resource") // of the graph in memory nothing is open
    public Searcher searcher(int ef) {
        GraphSearcher searcher = new GraphSearcher(graph);
        RandomAccessVectorValues own = vectors.copy();
        return (query, k) -> {
            SearchResult found =
                    searcher.search(
                            DefaultSearchScoreProvider.exact(
                                    types.createFloatVector(query), similarity, own),
                            k,
                            ef,
                            0f,
                            0f,
                            Bits.ALL);
            int[] ids = new int[k];
            Arrays.fill(ids, -1);
            for (int r = 0; r < found.getNodes().length; r++) {
                ids[r] = found.getNodes()[r].node;
            }
            return ids;
        };
    }

    @Override
    public void close() throws IOException {
        builder.close();
    }
}
