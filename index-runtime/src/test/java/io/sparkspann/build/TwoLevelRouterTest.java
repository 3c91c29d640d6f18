package io.sparkspann.build;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkspann.distance.Metric;
import io.sparkspann.format.Manifest;
import io.sparkspann.format.ShardEntry;
import io.sparkspann.search.IndexFiles;
import io.sparkspann.search.IndexVerifier;
import io.sparkspann.storage.LocalStorage;
import io.sparkspann.storage.Storage;
import io.sparkspann.vector.VectorBlock;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A table with so many shards that the router is trained in two levels. */
class TwoLevelRouterTest {
    private static final int ROWS = 17_000;
    private static final int SHARDS = 65;

    @TempDir Path folder;

    private static VectorBlock vectors() {
        Random random = new Random(3);
        float[] components = new float[ROWS * 2];
        for (int i = 0; i < components.length; i++) {
            components[i] = (float) random.nextGaussian();
        }
        return VectorBlock.ofFloats(2, components);
    }

    private static Manifest build(Storage storage, VectorBlock vectors, int splits) {
        BuildOptions options =
                BuildOptions.of(Metric.L2).withShards(SHARDS).withCalibrationQueries(0);
        return new IndexBuilder(
                        new ErraticEngine(vectors, splits, "base"),
                        () -> storage,
                        options,
                        (stage, seconds) -> {})
                .build(BuildMode.ERROR)
                .manifest();
    }

    private static List<String> checksums(Manifest manifest) {
        return manifest.shards().stream()
                .flatMap(shard -> shard.files().values().stream())
                .map(file -> file.crc32cHex())
                .toList();
    }

    @Test
    void is_balanced_and_does_not_depend_on_splits() {
        VectorBlock vectors = vectors();
        Storage storage = LocalStorage.of(folder.resolve("one"));
        Manifest manifest = build(storage, vectors, 1);
        IndexFiles files = IndexFiles.openCurrent(storage);
        assertThat(files.router().router().groupStarts().length - 1)
                .as("groups of router leaves")
                .isGreaterThan(1);
        assertThat(manifest.shards()).hasSize(SHARDS);
        assertThat(manifest.shards().stream().mapToLong(ShardEntry::vectors).max().orElseThrow())
                .as("largest of shards with a mean of %d vectors", ROWS / SHARDS)
                .isLessThan(3 * ROWS / SHARDS);
        assertThat(IndexVerifier.verify(storage, line -> {}).damages()).isZero();
        Manifest other = build(LocalStorage.of(folder.resolve("other")), vectors, 5);
        assertThat(checksums(other)).isEqualTo(checksums(manifest));
    }
}
