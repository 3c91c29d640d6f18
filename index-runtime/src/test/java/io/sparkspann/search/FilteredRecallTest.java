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
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.roaringbitmap.RoaringBitmap;

/**
 * A recall target holds among the vectors that pass, on real data, where that is: in the folder of
 * {@code -Dspann.data} or {@code SPANN_DATA}.
 */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
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

    private static double recall(
            SpannIndex index, VectorBlock queries, Filter filter, String name) {
        long t0 = System.nanoTime();
        Neighbors exact = index.searchExact(queries, K, filter);
        long t1 = System.nanoTime();
        Neighbors found = index.searchBatch(queries, OPTIONS, filter);
        long t2 = System.nanoTime();
        ScanStats stats = new ScanStats();
        for (int q = 0; q < 200 && q < queries.size(); q++) {
            index.search(queries.slice(q, q + 1), OPTIONS, filter, stats);
        }
        long t3 = System.nanoTime();
        double hits = 0;
        int wanted = 0;
        for (int q = 0; q < queries.size(); q++) {
            assertThat(found.count(q)).isEqualTo(exact.count(q));
            Set<Long> truth = new HashSet<>();
            for (int r = 0; r < exact.count(q); r++) {
                truth.add(exact.id(q, r));
            }
            wanted += truth.size();
            for (int r = 0; r < found.count(q); r++) {
                hits += truth.contains(found.id(q, r)) ? 1 : 0;
            }
        }
        System.err.printf(
                "%-24s %8s recall %.4f exact %.2f ms batch %.2f ms single %.2f ms probes %.1f%n",
                name,
                filter,
                hits / wanted,
                (t1 - t0) / 1e6 / queries.size(),
                (t2 - t1) / 1e6 / queries.size(),
                (t3 - t2) / 1e6 / Math.min(200, queries.size()),
                stats.probes() / (double) stats.queries());
        return hits / wanted;
    }

    private static boolean hash(long id, double share) {
        return (id * 0x9E3779B97F4A7C15L >>> 11) * 0x1p-53 < share;
    }

    @ParameterizedTest
    @ValueSource(strings = {"SIFT", "WORDS"})
    void holds(String name) throws Exception {
        Data data = Data.valueOf(name);
        try (SpannIndex index = data.index(100_000)) {
            VectorBlock queries = data.queries(1000);
            for (int warm = 0; warm < 2; warm++) {
                recall(index, queries, index.filters().allowIf(id -> true), name + " all");
            }
            for (double share : new double[] {0.5, 0.2, 0.1, 0.05, 0.03, 0.01, 0.001}) {
                Filter filter = index.filters().allowIf(id -> hash(id, share));
                recall(index, queries, filter, name + " " + share);
            }
            for (int near : new int[] {30_000, 10_000, 5000, 1000, 100}) {
                for (int q : new int[] {3, 77}) {
                    Filter filter = index.filters().allow(near(index, queries, q, near));
                    Filter far = index.filters().deny(near(index, queries, q, near));
                    recall(index, queries, filter, name + " near " + near);
                    recall(index, queries, far, name + " far " + near);
                }
            }
        }
    }

    private static RoaringBitmap near(SpannIndex index, VectorBlock queries, int q, int n) {
        RoaringBitmap near = new RoaringBitmap();
        NeighborIterator all =
                index.iterate(
                        java.util.Arrays.copyOf(floats(queries, q), queries.dimensions()), OPTIONS);
        while (near.getCardinality() < n && all.next()) {
            near.add((int) all.id());
        }
        return near;
    }

    private static float[] floats(VectorBlock block, int row) {
        float[] floats = new float[block.dimensions()];
        block.copyTo(row, floats, 0);
        return floats;
    }
}
