package io.sparkspann.spark.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkspann.error.InvalidInputException;
import io.sparkspann.error.StorageException;
import io.sparkspann.spark.error.Redaction;
import io.sparkspann.storage.LocalStorage;
import io.sparkspann.storage.Storage;
import io.sparkspann.storage.Storage.Put;
import io.sparkspann.vector.ByteRange;
import io.sparkspann.vector.ByteSource;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HadoopStorageTest {
    @TempDir Path folder;

    private Storage raw() {
        Configuration conf = new Configuration(false);
        conf.set("fs.file.impl", RawLocalFileSystem.class.getName());
        conf.setBoolean("fs.file.impl.disable.cache", true);
        return HadoopStorage.of(folder.resolve("index").toUri().toString(), conf);
    }

    private Storage object(String... settings) {
        Configuration conf = ObjectFileSystem.configuration();
        for (String setting : settings) {
            conf.setBoolean(setting, true);
        }
        return HadoopStorage.of("object://" + folder.resolve("index"), conf);
    }

    private Storage storage(String kind) {
        return kind.equals("raw") ? raw() : object();
    }

    private static byte[] read(Storage storage, String path) {
        try (ByteSource source = storage.open(path)) {
            byte[] bytes = new byte[(int) source.length()];
            source.readFully(0, bytes, 0, bytes.length);
            return bytes;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"raw", "object"})
    void files_are_created_listed_read_and_deleted(String kind) throws IOException {
        Storage storage = storage(kind);
        assertThat(storage.list("")).isEmpty();
        assertThat(storage.exists("data/a/x.spn")).isFalse();
        try (OutputStream out = storage.create("data/a/x.spn")) {
            out.write("0123456789".getBytes(UTF_8));
            out.write('!');
        }
        assertThat(storage.putIfAbsent("manifest-000001.json", new byte[] {1}))
                .isEqualTo(Put.CREATED);
        assertThat(storage.list("")).containsExactly("data", "manifest-000001.json");
        assertThat(storage.list("data/a")).containsExactly("x.spn");
        assertThat(storage.list("data/a/x.spn")).isEmpty();
        assertThat(storage.list("nowhere")).isEmpty();
        try (ByteSource source = storage.open("data/a/x.spn")) {
            assertThat(source.name()).isEqualTo("data/a/x.spn");
            assertThat(source.length()).isEqualTo(11);
            byte[] target = "..........".getBytes(UTF_8);
            source.readFully(7, target, 2, 4);
            assertThat(new String(target, UTF_8)).isEqualTo("..789!....");
            assertThatThrownBy(() -> source.readFully(8, new byte[4], 0, 4))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("data/a/x.spn: cannot read 4 bytes at 8");
        }
        storage.delete("data");
        storage.delete("data");
        assertThat(storage.list("")).containsExactly("manifest-000001.json");
    }

    @Test
    void a_file_is_never_replaced() throws IOException {
        Storage storage = raw();
        try (OutputStream out = storage.create("x")) {
            out.write(1);
        }
        assertThatThrownBy(() -> storage.create("x"))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("/x: cannot be created");
        assertThat(read(storage, "x")).containsExactly(1);
    }

    @Test
    void a_missing_file_and_a_folder_cannot_be_opened() {
        Storage storage = raw();
        storage.putIfAbsent("data/x", new byte[1]);
        assertThatThrownBy(() -> storage.open("y"))
                .isInstanceOf(StorageException.class)
                .hasMessage("y: no such file");
        assertThatThrownBy(() -> storage.open("data"))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("folder");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../x",
                "a/../../x",
                "/etc/passwd",
                "a//b",
                "",
                "s3a://other/x",
                "a/%2e%2e/b"
            })
    void paths_out_of_the_directory_are_refused(String path) {
        assertThatThrownBy(() -> raw().open(path)).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> raw().delete(path)).isInstanceOf(InvalidInputException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"raw", "object"})
    void of_eight_writers_exactly_one_creates_a_file(String kind) throws Exception {
        int threads = 8;
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        CyclicBarrier start = new CyclicBarrier(threads);
        try {
            for (int round = 0; round < 100; round++) {
                String name = "manifest-" + round + ".json";
                List<Future<Put>> puts = new ArrayList<>();
                for (int thread = 0; thread < threads; thread++) {
                    byte[] content = ("writer " + thread).getBytes(UTF_8);
                    Storage own = storage(kind);
                    puts.add(
                            pool.submit(
                                    () -> {
                                        start.await();
                                        return own.putIfAbsent(name, content);
                                    }));
                }
                int winner = -1;
                for (int thread = 0; thread < threads; thread++) {
                    if (puts.get(thread).get() == Put.CREATED) {
                        assertThat(winner).as("second winner of round " + round).isEqualTo(-1);
                        winner = thread;
                    }
                }
                assertThat(winner).as("winner of round " + round).isNotNegative();
                assertThat(read(storage(kind), name)).asString(UTF_8).isEqualTo("writer " + winner);
            }
        } finally {
            pool.shutdownNow();
        }
        assertThat(storage(kind).list("")).hasSize(100);
    }

    @Test
    void a_lost_answer_is_resolved_by_reading_back() {
        Storage storage = object(ObjectFileSystem.LOSE_ANSWER);
        assertThat(storage.putIfAbsent("m", new byte[] {1, 2})).isEqualTo(Put.CREATED);
        assertThat(storage.putIfAbsent("m", new byte[] {3, 4})).isEqualTo(Put.EXISTS);
        assertThat(read(storage, "m")).containsExactly(1, 2);
    }

    @Test
    void a_failure_before_the_file_exists_is_an_error_without_credentials() {
        Storage storage = object(ObjectFileSystem.FAIL_BEFORE);
        assertThatThrownBy(() -> storage.putIfAbsent("m", new byte[] {1}))
                .isInstanceOf(StorageException.class)
                .hasMessageEndingWith("/index/m: cannot be created: 503 from object://host/x");
        assertThat(storage.exists("m")).isFalse();
    }

    @Test
    void a_store_without_conditional_create_needs_the_promise_of_a_single_writer() {
        Storage refusing = object(ObjectFileSystem.NO_CONDITION);
        assertThatThrownBy(() -> refusing.putIfAbsent("m", new byte[1]))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("spann.storage.single-writer=true");
        assertThat(refusing.exists("m")).isFalse();
        Storage promised = object(ObjectFileSystem.NO_CONDITION, "spann.storage.single-writer");
        assertThat(promised.putIfAbsent("m", new byte[1])).isEqualTo(Put.CREATED);
        assertThat(promised.putIfAbsent("m", new byte[2])).isEqualTo(Put.EXISTS);
    }

    @Test
    void a_renaming_file_system_publishes_whole_files_and_leaves_no_others() {
        Configuration conf = new Configuration(false);
        conf.set("fs.hdfs.impl", RenamingFileSystem.class.getName());
        conf.setBoolean("fs.hdfs.impl.disable.cache", true);
        conf.set("fs.AbstractFileSystem.hdfs.impl", RenamingFileSystem.Context.class.getName());
        Storage storage = HadoopStorage.of("hdfs://" + folder.resolve("index"), conf);
        assertThat(storage.putIfAbsent("m", new byte[] {1})).isEqualTo(Put.CREATED);
        assertThat(storage.putIfAbsent("m", new byte[] {2})).isEqualTo(Put.EXISTS);
        assertThat(storage.list("")).containsExactly("m");
        assertThat(read(storage, "m")).containsExactly(1);
    }

    @Test
    void reads_of_one_source_may_run_at_once() throws Exception {
        Storage storage = raw();
        byte[] content = new byte[1 << 20];
        for (int i = 0; i < content.length; i++) {
            content[i] = (byte) (i * 31 + (i >> 8));
        }
        storage.putIfAbsent("x", content);
        ExecutorService pool = Executors.newFixedThreadPool(8);
        try (ByteSource source = storage.open("x")) {
            List<Future<Boolean>> reads = new ArrayList<>();
            for (int i = 0; i < 400; i++) {
                int at = (i * 7919) % (content.length - 1000);
                reads.add(
                        pool.submit(
                                () -> {
                                    byte[] target = new byte[1000];
                                    source.readFully(at, target, 0, 1000);
                                    return java.util.Arrays.equals(
                                            target, 0, 1000, content, at, at + 1000);
                                }));
            }
            for (Future<Boolean> read : reads) {
                assertThat(read.get()).isTrue();
            }
        } finally {
            pool.shutdownNow();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"raw", "object"})
    void ranges_are_read_at_once(String kind) throws IOException {
        Storage storage = storage(kind);
        byte[] written = new byte[300_000];
        new SplittableRandom(7).nextBytes(written);
        try (OutputStream out = storage.create("x.spn")) {
            out.write(written);
        }
        byte[] read = new byte[2100];
        try (ByteSource source = storage.open("x.spn")) {
            source.readFully(
                    List.of(
                            new ByteRange(5, read, 0, 1000),
                            new ByteRange(200_000, read, 1000, 100),
                            new ByteRange(299_000, read, 1100, 1000)));
            assertThat(Arrays.copyOfRange(read, 0, 1000))
                    .isEqualTo(Arrays.copyOfRange(written, 5, 1005));
            assertThat(Arrays.copyOfRange(read, 1000, 1100))
                    .isEqualTo(Arrays.copyOfRange(written, 200_000, 200_100));
            assertThat(Arrays.copyOfRange(read, 1100, 2100))
                    .isEqualTo(Arrays.copyOfRange(written, 299_000, 300_000));
            List<ByteRange> beyond =
                    List.of(new ByteRange(0, read, 0, 10), new ByteRange(299_999, read, 10, 2));
            assertThatThrownBy(() -> source.readFully(beyond))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("x.spn")
                    .hasMessageContaining("cannot read");
        }
    }

    @Test
    void the_location_has_no_credentials() {
        Configuration conf = ObjectFileSystem.configuration();
        assertThatThrownBy(() -> HadoopStorage.of("nofs://me:secret@host/x?sig=abc", conf))
                .isInstanceOf(StorageException.class)
                .hasMessageStartingWith("nofs://host/x: no usable file system")
                .hasMessageNotContaining("secret")
                .hasMessageNotContaining("abc");
        assertThat(Redaction.redact("s3a://AKIA:k@bucket/p and abfss://data@acc.net/p"))
                .isEqualTo("s3a://bucket/p and abfss://data@acc.net/p");
        assertThat(Redaction.redact("wasb://c:key@acc.net/p?sv=1&sig=x, s3a://b/a*?.parquet"))
                .isEqualTo("wasb://acc.net/p, s3a://b/a*?.parquet");
        assertThat(Redaction.redact("404\n  at s3a://me@bucket\r\n"))
                .isEqualTo("404 at s3a://bucket");
    }

    @Test
    void a_local_directory_is_opened_without_hadoop() {
        assertThat(Storages.open(folder.toUri().toString(), new Configuration(false)))
                .isInstanceOf(LocalStorage.class)
                .satisfies(storage -> assertThat(storage.location()).isEqualTo(folder.toString()));
        assertThat(Storages.open(folder.resolve("a b").toString(), new Configuration()).location())
                .isEqualTo(folder.resolve("a b").toString());
        assertThat(Storages.open("object://" + folder, ObjectFileSystem.configuration()))
                .isInstanceOf(HadoopStorage.class);
    }

    @Test
    void a_configuration_travels() throws Exception {
        Configuration conf = ObjectFileSystem.configuration();
        conf.set("some.key", "some value");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(new HadoopConf(conf));
        }
        try (ObjectInputStream in =
                new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            Configuration copy = ((HadoopConf) in.readObject()).value();
            assertThat(copy.get("some.key")).isEqualTo("some value");
            assertThat(HadoopStorage.of("object://" + folder, copy).list("")).isEmpty();
        }
    }

    @Test
    void a_file_in_the_place_of_the_directory_is_an_error() throws IOException {
        Files.writeString(folder.resolve("index"), "x");
        assertThatThrownBy(() -> raw().create("a")).isInstanceOf(StorageException.class);
    }
}
