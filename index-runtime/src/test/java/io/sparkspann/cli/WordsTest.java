package io.sparkspann.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkspann.search.Neighbors;
import io.sparkspann.search.SearchOptions;
import io.sparkspann.search.SpannIndex;
import io.sparkspann.vector.FileBytes;
import io.sparkspann.vector.VectorBlock;
import io.sparkspann.vector.file.NeighborFile;
import io.sparkspann.vector.file.VectorFile;
import io.sparkspann.vector.file.VectorFiles;
import io.sparkspann.vector.file.VectorFormat;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Real word vectors, where they are: in the folder of {@code -Dspann.data} or {@code SPANN_DATA}.
 */
class WordsTest {
    private static final int K = 10;

    @TempDir static Path folder;
    private static SpannIndex index;
    private static VectorBlock queries;
    private static io.sparkspann.vector.file.TrueNeighbors truth;

    private static Path data(String name) {
        String environment = System.getenv().getOrDefault("SPANN_DATA", "../../shared/data");
        Path path = Path.of(System.getProperty("spann.data", environment)).resolve("words/" + name);
        if (!Files.isReadable(path)) {
            String message =
                    "SKIPPED: no sample data at "
                            + path.toAbsolutePath().normalize()
                            + "; set -Dspann.data=FOLDER or SPANN_DATA";
            System.err.println(message);
            Assumptions.abort(message);
        }
        return path;
    }

    @BeforeAll
    static void build() {
        Path base = data("base.fvecs");
        Path directory = folder.resolve("index");
        Outcome.of("create", "--input", base, "--index", directory, "--metric", "cosine").done();
        index = SpannIndex.open(directory);
        try (VectorFile file =
                VectorFiles.open(FileBytes.open(data("query.fvecs")), VectorFormat.FVECS)) {
            queries = file.read(0, (int) file.size());
        }
        truth = NeighborFile.read(FileBytes.open(data("groundtruth.ivecs")), VectorFormat.IVECS);
    }

    @AfterAll
    static void close() {
        if (index != null) {
            index.close();
        }
    }

    private static int hits(Neighbors found, int query, int truthRow) {
        Set<Long> nearest = new HashSet<>();
        for (int r = 0; r < K; r++) {
            nearest.add((long) truth.id(truthRow, r));
        }
        int hits = 0;
        for (int r = 0; r < found.count(query); r++) {
            hits += nearest.contains(found.id(query, r)) ? 1 : 0;
        }
        return hits;
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.90, 0.95, 0.99})
    void recall_targets_hold_on_queries_that_the_build_never_saw(double target) {
        Neighbors found = index.searchBatch(queries, SearchOptions.ofRecall(K, target));
        long hits = 0;
        for (int q = 0; q < queries.size(); q++) {
            hits += hits(found, q, q);
        }
        assertThat(hits / ((double) K * queries.size())).isGreaterThanOrEqualTo(target - 0.005);
    }

    @Test
    void single_queries_reach_the_target_too() {
        int count = 300;
        long hits = 0;
        for (int q = 0; q < count; q++) {
            VectorBlock query = queries.slice(q, q + 1);
            hits += hits(index.search(query, SearchOptions.ofRecall(K, 0.95)), 0, q);
        }
        assertThat(hits / ((double) K * count)).isGreaterThanOrEqualTo(0.94);
    }

    @Test
    void the_target_holds_far_beyond_the_k_of_the_calibration() {
        int k = 2000;
        VectorBlock some = queries.slice(0, 100);
        Neighbors found = index.searchBatch(some, SearchOptions.ofRecall(k, 0.95));
        Neighbors exact = index.searchExact(some, k);
        long hits = 0;
        for (int q = 0; q < some.size(); q++) {
            assertThat(found.count(q)).isEqualTo(k);
            Set<Long> nearest = new HashSet<>();
            for (int r = 0; r < k; r++) {
                nearest.add(exact.id(q, r));
            }
            for (int r = 0; r < k; r++) {
                hits += nearest.contains(found.id(q, r)) ? 1 : 0;
            }
        }
        assertThat(hits / ((double) k * some.size())).isGreaterThanOrEqualTo(0.945);
    }
}
