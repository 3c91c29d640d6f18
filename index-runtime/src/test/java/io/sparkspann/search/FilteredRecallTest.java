package io.sparkspann.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkspann.build.BuildMode;
import io.sparkspann.build.BuildOptions;
import io.sparkspann.build.IndexBuilder;
import io.sparkspann.build.LocalEngine;
import io.sparkspann.distance.Metric;
import io.sparkspann.storage.MemoryStorage;
import io.sparkspann.vector.FileBytes;
import io.sparkspann.vector.VectorBlock;
import io.sparkspann.vector.VectorDomain;
import io.sparkspann.vector.file.VectorFile;
import io.sparkspann.vector.file.VectorFileWriter;
import io.sparkspann.vector.file.VectorFiles;
import io.sparkspann.vector.file.VectorFormat;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.roaringbitmap.RoaringBitmap;

/**
 * A recall target holds among the vectors that pass, on real data, where that is: in the folder of
 * {@code -Dspann.data} or {@code SPANN_DATA}.
 */
@Tag("slow")
class FilteredRecallTest {
    private static final int K = 10;
    private static final double TARGET = 0.95;
    private static final SearchOptions OPTIONS = SearchOptions.ofRecall(K, TARGET);

    @TempDir static Path folder;

    /** The first rows of real vectors, indexed, ids being row numbers. */
    enum Data {
        SIFT("photo-sift/base.bvecs", "photo-sift/query.bvecs", VectorFormat.BVECS, Metric.L2),
        WORDS("words/base.fvecs", "words/query.fvecs", VectorFormat.FVECS, Metric.COSINE);

        private final String base;
        private final String queries;
        private final VectorFormat format;
        private final Metric metric;

        Data(String base, String queries, VectorFormat format, Metric metric) {
            this.base = base;
            this.queries = queries;
            this.format = format;
            this.metric = metric;
        }

        private VectorBlock read(String name, int rows) {
            String environment = System.getenv().getOrDefault("SPANN_DATA", "../../shared/data");
            Path path = Path.of(System.getProperty("spann.data", environment)).resolve(name);
            if (!Files.isReadable(path)) {
                String message =
                        "SKIPPED: no sample data at "
                                + path.toAbsolutePath().normalize()
                                + "; set -Dspann.data=FOLDER or SPANN_DATA";
                System.err.println(message);
                Assumptions.abort(message);
            }
            try (VectorFile file = VectorFiles.open(FileBytes.open(path), format)) {
                return file.read(0, (int) Math.min(rows, file.size()));
            }
        }

        SpannIndex index(int rows) throws Exception {
            Path input = folder.resolve(name());
            try (VectorFileWriter writer =
                    new VectorFileWriter(Files.newOutputStream(input), format, "base")) {
                writer.append(read(base, rows));
            }
            MemoryStorage storage = new MemoryStorage();
            try (VectorFile file = VectorFiles.open(FileBytes.open(input), format)) {
                LocalEngine engine = new LocalEngine(file, "base", false, VectorDomain.ANY, 2);
                new IndexBuilder(engine, () -> storage, BuildOptions.of(metric), (name, time) -> {})
                        .build(BuildMode.ERROR);
            }
            return SpannIndex.open(storage);
        }

        VectorBlock queries(int rows) {
            return read(queries, rows);
        }
    }

    /** Mean recall at k of all queries, among what passes. */
    private static double recall(SpannIndex index, VectorBlock queries, Filter filter) {
        Neighbors exact = index.searchExact(queries, K, filter);
        Neighbors found = index.searchBatch(queries, OPTIONS, filter);
        double hits = 0;
        int wanted = 0;
        for (int q = 0; q < queries.size(); q++) {
            assertThat(found.count(q)).isEqualTo(exact.count(q));
            Set<Long> truth = new HashSet<>(FilteredIndex.ids(exact, q));
            wanted += truth.size();
            hits += FilteredIndex.ids(found, q).stream().filter(truth::contains).count();
        }
        return hits / wanted;
    }

    private static void holds(SpannIndex index, VectorBlock queries, Filter filter, String what) {
        assertThat(recall(index, queries, filter))
                .as("%s, %s", what, filter)
                .isGreaterThanOrEqualTo(TARGET);
    }

    @ParameterizedTest
    @EnumSource(Data.class)
    void a_recall_target_holds_under_filters(Data data) throws Exception {
        try (SpannIndex index = data.index(100_000)) {
            VectorBlock queries = data.queries(1000);
            for (Filters filters : List.of(index.filters(), index.filters().lazy())) {
                for (double share : new double[] {0.5, 0.1, 0.01, 0.001}) {
                    Filter filter = filters.allowIf(FilteredIndex.share(share));
                    VectorBlock some = share < 0.01 ? queries.slice(0, 100) : queries;
                    holds(index, some, filter, "share " + share);
                }
                for (int size : new int[] {30_000, 10_000, 1000}) {
                    RoaringBitmap region = nearest(index, queries, 77, size);
                    VectorBlock some = size > 1000 ? queries : queries.slice(0, 100);
                    holds(index, some, filters.allow(region), "region of " + size);
                    holds(index, queries, filters.deny(region), "outside of " + size);
                }
            }
        }
    }

    /** Each query may find only what is far from it. */
    @ParameterizedTest
    @EnumSource(Data.class)
    void a_recall_target_holds_far_away(Data data) throws Exception {
        try (SpannIndex index = data.index(100_000)) {
            VectorBlock queries = data.queries(100);
            for (int hole : new int[] {50, 2000}) {
                double sum = 0;
                for (int q = 0; q < queries.size(); q++) {
                    Filter far = index.filters().deny(nearest(index, queries, q, hole));
                    sum += recall(index, queries.slice(q, q + 1), far);
                }
                assertThat(sum / queries.size())
                        .as("without the nearest %s", hole)
                        .isGreaterThanOrEqualTo(TARGET);
            }
        }
    }

    /** The first neighbours of an iterator, many more than k. */
    private static RoaringBitmap nearest(SpannIndex index, VectorBlock queries, int q, int n) {
        RoaringBitmap nearest = new RoaringBitmap();
        float[] query = new float[queries.dimensions()];
        queries.copyTo(q, query, 0);
        NeighborIterator all = index.iterate(query, OPTIONS);
        while (nearest.getCardinality() < n && all.next()) {
            nearest.add((int) all.id());
        }
        return nearest;
    }
}
