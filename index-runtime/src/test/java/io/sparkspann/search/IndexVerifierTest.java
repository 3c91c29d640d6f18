package io.sparkspann.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkspann.build.BuildMode;
import io.sparkspann.build.BuildOptions;
import io.sparkspann.build.IndexBuilder;
import io.sparkspann.build.LocalEngine;
import io.sparkspann.distance.Metric;
import io.sparkspann.error.InvalidInputException;
import io.sparkspann.error.StorageException;
import io.sparkspann.format.FileEntry;
import io.sparkspann.format.FileKind;
import io.sparkspann.format.Manifest;
import io.sparkspann.format.SectionType;
import io.sparkspann.format.ShardEntry;
import io.sparkspann.format.Snapshots;
import io.sparkspann.format.SpnFile;
import io.sparkspann.format.SpnSection;
import io.sparkspann.storage.LocalStorage;
import io.sparkspann.storage.Storage;
import io.sparkspann.vector.FileBytes;
import io.sparkspann.vector.VectorBlock;
import io.sparkspann.vector.VectorDomain;
import io.sparkspann.vector.file.VectorFile;
import io.sparkspann.vector.file.VectorFileWriter;
import io.sparkspann.vector.file.VectorFiles;
import io.sparkspann.vector.file.VectorFormat;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IndexVerifierTest {
    private static final int SEEDS = 40;

    @TempDir static Path folder;
    private static Path root;
    private static Manifest manifest;
    private static List<String> paths;

    @BeforeAll
    static void build() throws IOException {
        Random random = new Random(1);
        float[] components = new float[2000 * 8];
        for (int i = 0; i < components.length; i++) {
            components[i] = (float) random.nextGaussian();
        }
        Path input = folder.resolve("base.fvecs");
        try (VectorFileWriter writer =
                new VectorFileWriter(
                        Files.newOutputStream(input), VectorFormat.FVECS, "base.fvecs")) {
            writer.append(VectorBlock.ofFloats(8, components));
        }
        root = folder.resolve("index");
        Path directory = root;
        BuildOptions options = BuildOptions.of(Metric.L2).withShards(3).withCalibrationQueries(100);
        try (VectorFile file = VectorFiles.open(FileBytes.open(input), VectorFormat.FVECS)) {
            LocalEngine engine = new LocalEngine(file, "base", false, VectorDomain.ANY, 1);
            manifest =
                    new IndexBuilder(
                                    engine,
                                    () -> LocalStorage.of(directory),
                                    options,
                                    (stage, seconds) -> {})
                            .build(BuildMode.ERROR)
                            .manifest();
        }
        paths = new ArrayList<>();
        paths.add(manifest.router().path());
        for (ShardEntry shard : manifest.shards()) {
            shard.files().values().forEach(file -> paths.add(file.path()));
        }
    }

    private static List<String> verify() {
        List<String> lines = new ArrayList<>();
        IndexVerifier.Result result = IndexVerifier.verify(LocalStorage.of(root), lines::add);
        assertThat(result.damages()).isEqualTo(lines.size());
        assertThat(lines).allSatisfy(line -> assertThat(line).doesNotContain("\n", "spann verify"));
        return lines;
    }

    /** Damages a file for as long as {@code work} runs. */
    private static List<String> verifyWith(String path, byte[] content) throws IOException {
        Path file = root.resolve(path);
        byte[] original = Files.readAllBytes(file);
        try {
            Files.write(file, content);
            return verify();
        } finally {
            Files.write(file, original);
        }
    }

    @Test
    void an_intact_index_has_no_damage() {
        List<String> lines = new ArrayList<>();
        IndexVerifier.Result result = IndexVerifier.verify(LocalStorage.of(root), lines::add);
        assertThat(lines).isEmpty();
        assertThat(result.files()).isEqualTo(13);
        assertThat(result.vectors()).isEqualTo(2000);
        assertThat(result.postings())
                .isEqualTo(manifest.shards().stream().mapToLong(ShardEntry::heads).sum());
        assertThat(result.records())
                .isEqualTo(manifest.shards().stream().mapToLong(ShardEntry::records).sum());
    }

    @Test
    void every_flipped_byte_is_noticed_and_its_file_named() throws IOException {
        for (String path : paths) {
            byte[] original = Files.readAllBytes(root.resolve(path));
            for (int seed = 0; seed < SEEDS; seed++) {
                Random random = new Random(seed);
                byte[] damaged = original.clone();
                int at = random.nextInt(damaged.length);
                damaged[at] ^= (byte) (1 << random.nextInt(8));
                List<String> lines = verifyWith(path, damaged);
                assertThat(lines).as("%s byte %d", path, at).isNotEmpty();
                assertThat(lines)
                        .as("%s byte %d", path, at)
                        .allSatisfy(line -> assertThat(line).contains(path, "section "));
            }
        }
        assertThat(verify()).isEmpty();
    }

    @Test
    void one_damaged_posting_is_one_line_that_names_it() throws IOException {
        String path = manifest.shards().get(1).file(FileKind.POSTINGS).path();
        byte[] damaged = Files.readAllBytes(root.resolve(path));
        damaged[64 + 5] ^= 1;
        assertThat(verifyWith(path, damaged))
                .singleElement()
                .asString()
                .contains(path + ": section records at byte 64 is damaged: posting 0 has CRC32C");
    }

    @Test
    void padding_that_no_reader_looks_at_is_checked() throws IOException {
        int checked = 0;
        for (ShardEntry shard : manifest.shards()) {
            FileEntry file = shard.file(FileKind.POSTINGS);
            byte[] damaged = Files.readAllBytes(root.resolve(file.path()));
            long end;
            try (SpnFile open =
                    SpnFile.open(
                            LocalStorage.of(root), file, manifest.contentId(), shard.shard())) {
                SpnSection records = open.section(SectionType.POSTINGS_RECORDS);
                end = records.offset() + records.length();
            }
            if (end % 64 != 0) {
                damaged[(int) end] = 1;
                assertThat(verifyWith(file.path(), damaged))
                        .singleElement()
                        .asString()
                        .contains(file.path() + ": section records at byte 64 is damaged");
                checked++;
            }
        }
        assertThat(checked).isPositive();
    }

    @Test
    void damage_in_several_files_is_all_reported() throws IOException {
        String router = manifest.router().path();
        byte[] original = Files.readAllBytes(root.resolve(router));
        byte[] damaged = original.clone();
        damaged[70] ^= 1;
        Files.write(root.resolve(router), damaged);
        try {
            String graph = manifest.shards().get(2).file(FileKind.GRAPH).path();
            byte[] other = Files.readAllBytes(root.resolve(graph));
            other[64] ^= 1;
            List<String> lines = verifyWith(graph, other);
            assertThat(lines).hasSize(2);
            assertThat(lines.get(0)).contains(router, "section tree at byte 64");
            assertThat(lines.get(1)).contains(graph, "section starts at byte 64");
        } finally {
            Files.write(root.resolve(router), original);
        }
    }

    @Test
    void a_damaged_manifest_is_reported() throws IOException {
        String path = Snapshots.fileName(1);
        byte[] original = Files.readAllBytes(root.resolve(path));
        for (int seed = 0; seed < SEEDS; seed++) {
            byte[] damaged = original.clone();
            damaged[new Random(seed).nextInt(damaged.length)] ^= 4;
            assertThat(verifyWith(path, damaged))
                    .singleElement()
                    .asString()
                    .contains(path, "section ");
        }
    }

    @Test
    void truncated_and_extended_files_are_noticed() throws IOException {
        for (String path : paths) {
            byte[] original = Files.readAllBytes(root.resolve(path));
            for (int length :
                    new int[] {0, 1, 63, 64, 95, original.length / 2, original.length - 1}) {
                assertThat(verifyWith(path, Arrays.copyOf(original, length)))
                        .as("%s to %d bytes", path, length)
                        .isNotEmpty()
                        .allSatisfy(line -> assertThat(line).contains(path));
            }
            assertThat(verifyWith(path, Arrays.copyOf(original, original.length + 1))).isNotEmpty();
        }
    }

    @Test
    void missing_files_are_noticed() throws IOException {
        for (String path : paths) {
            Path file = root.resolve(path);
            Path aside = folder.resolve("aside");
            Files.move(file, aside);
            try {
                assertThat(verify())
                        .isNotEmpty()
                        .allSatisfy(line -> assertThat(line).contains(path, "no such file"));
            } finally {
                Files.move(aside, file);
            }
        }
    }

    @Test
    void swapped_files_of_shards_are_noticed() throws IOException {
        for (FileKind kind : List.of(FileKind.HEADS, FileKind.GRAPH, FileKind.IDS)) {
            swapped(kind);
        }
        swapped(FileKind.POSTINGS);
    }

    private void swapped(FileKind kind) throws IOException {
        FileEntry first = manifest.shards().get(0).file(kind);
        FileEntry second = manifest.shards().get(1).file(kind);
        swap(first.path(), second.path());
        try {
            assertThat(verify())
                    .anySatisfy(line -> assertThat(line).contains(first.path()))
                    .anySatisfy(line -> assertThat(line).contains(second.path()));
        } finally {
            swap(first.path(), second.path());
        }
    }

    private static void swap(String first, String second) throws IOException {
        Path aside = folder.resolve("aside");
        Files.move(root.resolve(first), aside);
        Files.move(root.resolve(second), root.resolve(first));
        Files.move(aside, root.resolve(second), StandardCopyOption.REPLACE_EXISTING);
    }

    @Test
    void a_missing_permission_is_an_error_and_no_damage() {
        Storage whole = LocalStorage.of(root);
        Storage denied =
                (Storage)
                        Proxy.newProxyInstance(
                                Storage.class.getClassLoader(),
                                new Class<?>[] {Storage.class},
                                (proxy, method, args) -> {
                                    if (method.getName().equals("open")
                                            && args[0].equals(paths.get(1))) {
                                        String message = paths.get(1) + ": permission denied";
                                        throw new StorageException(
                                                message, new AccessDeniedException("f"));
                                    }
                                    return method.invoke(whole, args);
                                });
        assertThatThrownBy(() -> IndexVerifier.verify(denied, line -> {}))
                .isInstanceOf(StorageException.class)
                .hasMessage(paths.get(1) + ": permission denied");
    }

    @Test
    void no_index_is_an_error_and_no_damage() {
        assertThatThrownBy(
                        () ->
                                IndexVerifier.verify(
                                        LocalStorage.of(folder.resolve("nothing")), line -> {}))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("there is no index here");
    }
}
