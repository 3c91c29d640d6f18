package io.sparkspann.spark.bench;

import com.github.jelmerk.hnswlib.core.DistanceFunction;
import com.github.jelmerk.hnswlib.core.DistanceFunctions;
import com.github.jelmerk.hnswlib.core.Item;
import com.github.jelmerk.hnswlib.core.SearchResult;
import com.github.jelmerk.hnswlib.core.hnsw.HnswIndex;
import io.sparkspann.distance.Metric;
import java.util.Arrays;
import java.util.List;

/** The index of hnswlib-core, a port of hnswlib to Java. */
final class HnswlibCore implements PeerIndex {
    private final Metric metric;
    private HnswIndex<Integer, float[], Vector, Float> index;

    HnswlibCore(Metric metric) {
        this.metric = metric;
    }

    /** A base vector. */
    private record Vector(Integer id, float[] vector) implements Item<Integer, float[]> {
        private static final long serialVersionUID = 1L;

        @Override
        public int dimensions() {
            return vector.length;
        }
    }

    @Override
    public Point.Measured system() {
        return Point.Measured.here("hnswlib-core", Versions.ofJar(HnswIndex.class));
    }

    @Override
    public String note() {
        return "M "
                + Settings.M
                + ", efConstruction "
                + Settings.EF_CONSTRUCTION
                + ", the library's own distance functions";
    }

    @Override
    public void build(float[][] base, int threads) throws Exception {
        DistanceFunction<float[], Float> distance =
                metric == Metric.COSINE
                        ? DistanceFunctions.FLOAT_INNER_PRODUCT
                        : DistanceFunctions.FLOAT_EUCLIDEAN_DISTANCE;
        index =
                HnswIndex.newBuilder(base[0].length, distance, base.length)
                        .withM(Settings.M)
                        .withEfConstruction(Settings.EF_CONSTRUCTION)
                        .build();
        Passes.parallel(base.length, threads, () -> i -> index.add(new Vector(i, base[i])));
    }

    @Override
    public Searcher searcher(int ef) {
        index.setEf(ef);
        return (query, k) -> {
            List<SearchResult<Vector, Float>> found = index.findNearest(query, k);
            int[] ids = new int[k];
            Arrays.fill(ids, -1);
            for (int r = 0; r < found.size(); r++) {
                ids[r] = found.get(r).item().id();
            }
            return ids;
        };
    }

    @Override
    public void close() {
        index = null;
    }
}
