package io.sparkspann.spark.join;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkspann.build.BuildMode;
import io.sparkspann.build.BuildOptions;
import io.sparkspann.distance.Metric;
import io.sparkspann.spark.SharedSpark;
import io.sparkspann.spark.build.Builds;
import io.sparkspann.spark.build.VectorSamples;
import io.sparkspann.spark.input.InputSpec;
import io.sparkspann.vector.FileBytes;
import io.sparkspann.vector.VectorBlock;
import io.sparkspann.vector.file.NeighborFile;
import io.sparkspann.vector.file.TrueNeighbors;
import io.sparkspann.vector.file.VectorFile;
import io.sparkspann.vector.file.VectorFiles;
import io.sparkspann.vector.file.VectorFormat;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Recall at a target, and that it does not suffer from the cut into shards. */
@ExtendWith(SharedSpark.class)
class RecallTest {
    @TempDir Path folder;

    private final SparkSession spark;

    RecallTest(SparkSession spark) {
        this.spark = spark;
    }

    private KnnJoin join(String input, int shards) {
        Path index = folder.resolve("index-" + shards);
        BuildOptions options = BuildOptions.of(Metric.L2).withShards(shards);
        Builds.build(spark, input, index, options, BuildMode.ERROR);
        return KnnJoin.of(spark, index.toUri().toString());
    }

    @Test
    void eight_shards_find_as_much_as_one() {
        VectorBlock base = VectorSamples.clustered(12_000, 24, 60, 1);
        VectorBlock queries = VectorSamples.clustered(1000, 24, 60, 1);
        String input = VectorSamples.file(folder.resolve("base.fvecs"), base);
        InputSpec file = InputSpec.of(VectorSamples.file(folder.resolve("queries.fvecs"), queries));
        List<List<String>> truth =
                BruteForce.search(Metric.L2, base, i -> (long) i, queries, 10, null);
        KnnJoin one = join(input, 1);
        KnnJoin eight = join(input, 8);
        // Shards of 1,500 vectors have coarse heads, which few probes feel.
        Map<Integer, Double> tolerance = new TreeMap<>(Map.of(4, 0.02, 8, 0.01, 16, 0.01));
        for (int probes : tolerance.keySet()) {
            double ofOne = recall(one, probes, file, truth);
            double ofEight = recall(eight, probes, file, truth);
            assertThat(ofOne).isBetween(0.3, 1.0);
            double most = tolerance.get(probes);
            assertThat(ofEight).as("%d probes", probes).isBetween(ofOne - most, ofOne + most);
        }
    }

    private static double recall(
            KnnJoin join, int probes, InputSpec queries, List<List<String>> truth) {
        Map<String, List<List<String>>> found =
                Joined.lists(join.k(10).probes(probes, Double.POSITIVE_INFINITY).join(queries));
        long hits = 0;
        for (int q = 0; q < truth.size(); q++) {
            Set<String> expected = new HashSet<>(truth.get(q));
            hits +=
                    found.get(Integer.toString(q)).get(0).stream()
                            .filter(expected::contains)
                            .count();
        }
        return hits / (10.0 * truth.size());
    }

    private static Path data(String name) {
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
        return path;
    }

    @Test
    @Tag("slow")
    void real_vectors_are_found_at_the_target_from_one_shard_and_from_eight() {
        Path base = folder.resolve("base.bvecs");
        try (VectorFile all =
                VectorFiles.open(
                        FileBytes.open(data("photo-sift/base.bvecs")), VectorFormat.BVECS)) {
            VectorSamples.file(base, all.read(0, 100_000));
        }
        TrueNeighbors truth =
                NeighborFile.read(
                        FileBytes.open(data("photo-sift/groundtruth-first-100k.ivecs")),
                        VectorFormat.IVECS);
        String queries = data("photo-sift/query.bvecs").toUri().toString();
        KnnJoin one = join(base.toUri().toString(), 1);
        KnnJoin eight = join(base.toUri().toString(), 8);
        for (KnnJoin join : List.of(one, eight)) {
            assertThat(recall(join.recallTarget(0.95), queries, truth)).isBetween(0.945, 0.999);
        }
        double ofOne = recall(one.probes(16, Double.POSITIVE_INFINITY), queries, truth);
        double ofEight = recall(eight.probes(16, Double.POSITIVE_INFINITY), queries, truth);
        assertThat(ofEight).isBetween(ofOne - 0.005, ofOne + 0.005);
    }

    private static double recall(KnnJoin join, String queries, TrueNeighbors truth) {
        Map<String, List<List<String>>> found =
                Joined.lists(join.k(10).join(InputSpec.of(queries)));
        long hits = 0;
        for (int q = 0; q < truth.rows(); q++) {
            Set<String> expected = new HashSet<>();
            for (int r = 0; r < 10; r++) {
                expected.add(Integer.toString(truth.id(q, r)));
            }
            hits +=
                    found.get(Integer.toString(q)).get(0).stream()
                            .filter(text -> expected.contains(text.split(" ")[0]))
                            .count();
        }
        return hits / (10.0 * truth.rows());
    }
}
