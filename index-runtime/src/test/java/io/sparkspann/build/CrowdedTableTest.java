package io.sparkspann.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkspann.distance.Metric;
import io.sparkspann.error.StorageException;
import io.sparkspann.format.Manifest;
import io.sparkspann.format.ShardEntry;
import io.sparkspann.search.BatchSearch;
import io.sparkspann.search.IndexVerifier;
import io.sparkspann.search.Neighbors;
import io.sparkspann.search.QueryRows;
import io.sparkspann.search.ScanStats;
import io.sparkspann.search.SearchOptions;
import io.sparkspann.search.SpannIndex;
import io.sparkspann.storage.LocalStorage;
import io.sparkspann.storage.Storage;
import io.sparkspann.vector.VectorBlock;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tables whose vectors crowd in one place, so that router leaves are larger than a shard may be.
 */
class CrowdedTableTest {
    private static final int ROWS = 2500;
    private static final int DIMENSIONS = 8;
    private static final int SHARD_VECTORS = 300;

    @TempDir Path folder;

    /** How crowded a table is. */
    enum Crowd {
        NONE(0, 1),
        TIGHT_CLUSTER(0.9, 1e-3),
        NESTED_CLUSTERS(0.99, 1e-2),
        HALF_EQUAL(0.5, 0),
        ALL_EQUAL(1, 0);

        private final double share;
        private final double radius;

        Crowd(double share, double radius) {
            this.share = share;
            this.radius = radius;
        }

        VectorBlock vectors() {
            Random random = new Random(7);
            float[] components = new float[ROWS * DIMENSIONS];
            for (int i = 0; i < ROWS; i++) {
                double scale = random.nextDouble() < share ? radius : 1;
                if (this == NESTED_CLUSTERS && scale < 1 && random.nextDouble() < share) {
                    scale *= radius;
                }
                for (int j = 0; j < DIMENSIONS; j++) {
                    components[i * DIMENSIONS + j] = (float) (0.5 + scale * random.nextGaussian());
                }
            }
            return VectorBlock.ofFloats(DIMENSIONS, components);
        }
    }

    private static BuildOptions options() {
        return BuildOptions.of(Metric.L2)
                .withShardVectors(SHARD_VECTORS)
                .withCalibrationQueries(20);
    }

    private static Manifest build(VectorBlock vectors, int splits, Storage storage) {
        BuildEngine engine = new ErraticEngine(vectors, splits, "base");
        return builder(engine, storage).build(BuildMode.RESUME).manifest();
    }

    private static IndexBuilder builder(BuildEngine engine, Storage storage) {
        return new IndexBuilder(engine, () -> storage, options(), (stage, seconds) -> {});
    }

    private Storage storage(String name) {
        return LocalStorage.of(folder.resolve(name));
    }

    private static List<String> checksums(Manifest manifest) {
        return manifest.shards().stream()
                .flatMap(shard -> shard.files().values().stream())
                .map(file -> file.crc32cHex())
                .toList();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void no_shard_is_much_larger_than_wished_and_the_index_is_right(Crowd crowd) {
        VectorBlock vectors = crowd.vectors();
        Storage storage = storage("index");
        Manifest manifest = build(vectors, 3, storage);
        assertThat(manifest.shards().stream().mapToLong(ShardEntry::vectors).max().orElseThrow())
                .isLessThanOrEqualTo(2 * SHARD_VECTORS);
        assertThat(manifest.shards().stream().mapToLong(ShardEntry::vectors).sum()).isEqualTo(ROWS);
        assertThat(IndexVerifier.verify(storage, line -> {}).damages()).isZero();
        searchesWell(vectors);
    }

    private void searchesWell(VectorBlock vectors) {
        Random random = new Random(8);
        int[] rows = random.ints(60, 0, ROWS).toArray();
        VectorBlock queries = vectors.gather(rows);
        try (SpannIndex index = SpannIndex.open(folder.resolve("index"))) {
            Neighbors exact = index.searchExact(queries, 10);
            Neighbors found = index.searchBatch(queries, SearchOptions.ofRecall(10, 0.95));
            int right = 0;
            int rightSingle = 0;
            for (int q = 0; q < rows.length; q++) {
                float[] truth = truth(vectors, rows[q]);
                assertThat(exact.count(q)).isEqualTo(10);
                for (int r = 0; r < 10; r++) {
                    assertThat(exact.distance(q, r)).isEqualTo(truth[r]);
                }
                Neighbors single =
                        index.search(queries.slice(q, q + 1), SearchOptions.ofRecall(10, 0.95));
                for (int r = 0; r < 10; r++) {
                    right += r < found.count(q) && found.distance(q, r) <= truth[9] ? 1 : 0;
                    rightSingle += r < single.count(0) && single.distance(0, r) <= truth[9] ? 1 : 0;
                }
            }
            assertThat(right).isGreaterThan(9 * rows.length);
            assertThat(rightSingle).isGreaterThan(9 * rows.length);
            Neighbors all = index.searchExact(queries.slice(0, 1), ROWS);
            assertThat(all.count(0)).isEqualTo(ROWS);
        }
    }

    private static float[] truth(VectorBlock vectors, int row) {
        float[] distances = new float[ROWS];
        for (int i = 0; i < ROWS; i++) {
            double sum = 0;
            for (int j = 0; j < DIMENSIONS; j++) {
                double difference =
                        (double) vectors.floats()[row * DIMENSIONS + j]
                                - vectors.floats()[i * DIMENSIONS + j];
                sum += difference * difference;
            }
            distances[i] = (float) Math.sqrt(sum);
        }
        Arrays.sort(distances);
        return distances;
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void splits_of_the_input_do_not_change_a_byte(Crowd crowd) {
        VectorBlock vectors = crowd.vectors();
        Manifest one = build(vectors, 1, storage("one"));
        Manifest other = build(vectors, 7, storage("other"));
        assertThat(checksums(other)).isEqualTo(checksums(one));
        assertThat(other.router().crc32cHex()).isEqualTo(one.router().crc32cHex());
        assertThat(other.calibration()).isEqualTo(one.calibration());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 5_000, 100_000})
    void postings_written_in_many_passes_have_the_same_bytes(long passBytes) {
        VectorBlock vectors = Crowd.TIGHT_CLUSTER.vectors();
        Manifest one = build(vectors, 2, storage("one"));
        Manifest other =
                new IndexBuilder(
                                new ErraticEngine(vectors, 2, "base"),
                                () -> storage("other"),
                                options(),
                                (stage, seconds) -> {},
                                new MemoryBudget(1, passBytes))
                        .build(BuildMode.ERROR)
                        .manifest();
        assertThat(checksums(other)).isEqualTo(checksums(one));
    }

    /**
     * Vectors that are all about equal: the rest differ from them by a few rounding errors, or far.
     */
    private static VectorBlock crowd(int rows, double radius, double farShare) {
        Random random = new Random(9);
        float[] components = new float[rows * DIMENSIONS];
        for (int i = 0; i < rows; i++) {
            double scale = random.nextDouble() < farShare ? 1 : radius;
            for (int j = 0; j < DIMENSIONS; j++) {
                components[i * DIMENSIONS + j] = (float) (0.5 + scale * random.nextGaussian());
            }
        }
        return VectorBlock.ofFloats(DIMENSIONS, components);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, 60, L2",
        "1e-7, 0, 60, L2",
        "1e-6, 0, 60, L2",
        "1e-6, 0, 60, COSINE",
        "1e-6, 0, 1, L2",
        "1e-7, 0.3, 60, L2"
    })
    void no_posting_of_a_crowd_is_much_larger_than_the_mean(
            double radius, double farShare, int shards, Metric metric) {
        Storage storage = storage("index");
        BuildOptions options =
                BuildOptions.of(metric).withShards(shards).withCalibrationQueries(10);
        Manifest manifest =
                new IndexBuilder(
                                new ErraticEngine(crowd(16_000, radius, farShare), 2, "base"),
                                () -> storage,
                                options,
                                (stage, seconds) -> {})
                        .build(BuildMode.ERROR)
                        .manifest();
        assertThat(manifest.shards()).hasSize(shards);
        long records = manifest.shards().stream().mapToLong(ShardEntry::records).sum();
        long heads = manifest.shards().stream().mapToLong(ShardEntry::heads).sum();
        long largest = manifest.statistics().path("postingSizes").path("max").asLong();
        assertThat(largest).isLessThanOrEqualTo(4 * records / heads);
        assertThat(IndexVerifier.verify(storage, line -> {}).damages()).isZero();
    }

    @Test
    void a_crowd_does_not_spoil_the_recall_targets() {
        Storage storage = storage("index");
        VectorBlock vectors = crowd(16_300, 0, 0.3);
        VectorBlock base = vectors.slice(0, 16_000);
        BuildOptions options = BuildOptions.of(Metric.L2).withCalibrationQueries(1000);
        new IndexBuilder(
                        new ErraticEngine(base, 2, "base"),
                        () -> storage,
                        options,
                        (stage, seconds) -> {})
                .build(BuildMode.ERROR);
        int[] far =
                IntStream.range(16_000, 16_300)
                        .filter(row -> vectors.floats()[row * DIMENSIONS] != 0.5f)
                        .toArray();
        VectorBlock queries = vectors.gather(far);
        try (SpannIndex index = SpannIndex.open(folder.resolve("index"))) {
            Neighbors exact = index.searchExact(queries, 10);
            ScanStats stats = new ScanStats();
            Neighbors found =
                    new BatchSearch(index, 1, stats)
                            .search(
                                    QueryRows.of(index.manifest().schema().space(), queries),
                                    SearchOptions.ofRecall(10, 0.9));
            int right = 0;
            for (int q = 0; q < far.length; q++) {
                for (int r = 0; r < found.count(q); r++) {
                    right += found.distance(q, r) <= exact.distance(q, 9) ? 1 : 0;
                }
            }
            assertThat(right / (10.0 * far.length)).isGreaterThan(0.88);
            assertThat(stats.probes() / far.length).isLessThan(100);
        }
    }

    private List<String> stages(VectorBlock vectors) {
        List<String> stages = new ArrayList<>();
        new IndexBuilder(
                        new ErraticEngine(vectors, 1, "base"),
                        () -> storage("index"),
                        options(),
                        (stage, seconds) -> stages.add(stage))
                .build(BuildMode.OVERWRITE);
        return stages;
    }

    @Test
    void leaves_are_divided_only_where_one_is_too_large() {
        assertThat(stages(Crowd.NONE.vectors())).noneMatch(stage -> stage.contains("divide"));
        assertThat(stages(Crowd.ALL_EQUAL.vectors())).containsOnlyOnce("2-divide-1");
    }

    /** Dies when it is to run a stage. */
    private record DyingEngine(BuildEngine engine, String stage) implements BuildEngine {
        @Override
        public TableShape table() {
            return engine.table();
        }

        @Override
        public <R extends Serializable> List<R> mapInput(String name, InputTask<R> task) {
            return engine.mapInput(name, task);
        }

        @Override
        public <R extends Serializable> List<R> run(String name, int tasks, IndexedTask<R> task) {
            if (name.equals(stage)) {
                throw new StorageException("the machine is gone", null);
            }
            return engine.run(name, tasks, task);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2/7: sample of large leaves",
                "2/7: cluster large leaves",
                "2/7: divide",
                "3/7: heads"
            })
    void a_build_that_died_while_dividing_is_resumed_to_the_same_bytes(String stage) {
        VectorBlock vectors = Crowd.HALF_EQUAL.vectors();
        Manifest undisturbed = build(vectors, 2, storage("reference"));
        BuildEngine dying = new DyingEngine(new ErraticEngine(vectors, 2, "base"), stage);
        Storage storage = storage("index");
        assertThatThrownBy(() -> builder(dying, storage).build(BuildMode.ERROR))
                .isInstanceOf(StorageException.class);
        assertThat(checksums(build(vectors, 2, storage))).isEqualTo(checksums(undisturbed));
    }
}
