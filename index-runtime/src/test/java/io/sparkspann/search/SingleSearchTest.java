package io.sparkspann.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkspann.distance.Metric;
import io.sparkspann.distance.SampleVectors;
import io.sparkspann.distance.SampleVectors.Shape;
import io.sparkspann.error.CorruptIndexException;
import io.sparkspann.error.InvalidInputException;
import io.sparkspann.format.FileKind;
import io.sparkspann.format.SectionType;
import io.sparkspann.format.ShardEntry;
import io.sparkspann.format.SpnFile;
import io.sparkspann.storage.MemoryStorage;
import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.VectorBlock;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SingleSearchTest {
    private static final int D = 12;
    private static final int QUERIES = 40;
    private static final int ALL = 1_000_000;
    private static final double INFINITY = Double.POSITIVE_INFINITY;

    @TempDir static Path folder;
    private static VectorBlock base;
    private static MemoryStorage bytes;

    @BeforeAll
    static void build() throws Exception {
        base = SampleVectors.of(Shape.RANDOM, ElementType.UINT8, D, 3000, 41);
        bytes = SampleIndex.build(base, Metric.L2, 3, folder);
    }

    private static List<SearchOptions> options() {
        return List.of(
                SearchOptions.ofRecall(10, 0.9),
                SearchOptions.ofProbes(10, 7, INFINITY),
                SearchOptions.ofProbes(3, 90, 0.3),
                SearchOptions.ofProbes(100, 20, INFINITY),
                SearchOptions.ofProbes(10, ALL, INFINITY));
    }

    private static void checkAgainstBatch(
            SpannIndex index, VectorBlock queries, SearchOptions options) {
        Neighbors together = index.searchBatch(queries, options);
        for (int q = 0; q < queries.size(); q++) {
            Neighbors alone = index.search(queries.slice(q, q + 1), options);
            assertThat(alone.count(0)).isEqualTo(together.count(q));
            for (int r = 0; r < alone.count(0); r++) {
                assertThat(alone.idText(0, r)).isEqualTo(together.idText(q, r));
                assertThat(alone.distance(0, r)).isEqualTo(together.distance(q, r));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "L2,UINT8,0,0",
        "L2,UINT8,40000,4",
        "L2,FLOAT32,0,4",
        "L2,FLOAT32,100000000,0",
        "COSINE,UINT8,40000,0",
        "COSINE,FLOAT32,40000,4",
        "IP,UINT8,100000000,4",
        "IP,FLOAT32,60000,1"
    })
    void answersAreThoseOfTheBatchEngine(
            Metric metric, ElementType type, long cacheBytes, int threads) throws Exception {
        VectorBlock block = SampleVectors.of(Shape.RANDOM, type, D, 2000, 42);
        MemoryStorage storage = SampleIndex.build(block, metric, 3, folder);
        OpenOptions open = new OpenOptions(cacheBytes, threads);
        VectorBlock broken = SampleVectors.of(Shape.RANDOM, ElementType.FLOAT32, D, QUERIES, 43);
        try (SpannIndex index = SpannIndex.open(storage, open)) {
            for (SearchOptions options : options()) {
                checkAgainstBatch(index, block.slice(0, QUERIES), options);
                checkAgainstBatch(index, broken, options);
            }
            assertThat(index.cachedBytes()).isBetween(cacheBytes > 0 ? 1 : 0L, cacheBytes);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 20, 150})
    void howManyQueriesAreSearchedTogetherChangesNothing(int few) {
        try (SpannIndex index = SpannIndex.open(bytes, OpenOptions.defaults())) {
            for (SearchOptions options : options()) {
                Neighbors many = index.searchBatch(base.slice(0, 600), options);
                Neighbors some = index.searchBatch(base.slice(0, few), options);
                assertThat(some.queries()).isEqualTo(few);
                for (int q = 0; q < few; q++) {
                    assertThat(some.count(q)).isEqualTo(many.count(q));
                    for (int r = 0; r < some.count(q); r++) {
                        assertThat(some.idText(q, r)).isEqualTo(many.idText(q, r));
                        assertThat(some.distance(q, r)).isEqualTo(many.distance(q, r));
                    }
                }
            }
        }
    }

    @Test
    void whatIsInMemoryIsNotReadAgain() {
        SearchOptions options = SearchOptions.ofProbes(10, 50, INFINITY);
        try (SpannIndex index = SpannIndex.open(bytes, OpenOptions.defaults())) {
            ScanStats first = new ScanStats();
            index.search(base.slice(0, 1), options, first);
            assertThat(first.queries()).isEqualTo(1);
            assertThat(first.probes()).isEqualTo(50);
            assertThat(first.postingsRead()).isEqualTo(50);
            assertThat(first.readBatches()).isEqualTo(1);
            assertThat(first.reads()).isBetween(1L, 49L);
            assertThat(first.distances()).isPositive();
            ScanStats second = new ScanStats();
            index.search(base.slice(0, 1), options, second);
            assertThat(second.readBatches()).isZero();
            assertThat(second.bytesRead()).isZero();
            assertThat(second.distances()).isEqualTo(first.distances());
        }
    }

    /** Everything is next to something: a batch of 64 heads is one read in each of its shards. */
    @Test
    void postingsNextToEachOtherAreOneRead() {
        SearchOptions all = SearchOptions.ofProbes(10, ALL, INFINITY);
        CountingStorage storage = new CountingStorage(bytes);
        try (SpannIndex index = SpannIndex.open(storage, new OpenOptions(0, 8))) {
            int heads = index.forest().firstHeads()[3];
            long opening = storage.reads();
            ScanStats stats = new ScanStats();
            index.search(base.slice(0, 1), all, stats);
            assertThat(stats.postingsRead()).isEqualTo(heads);
            assertThat(stats.readBatches())
                    .isEqualTo((heads - 1) / PostingStore.BATCH_POSTINGS + 1);
            assertThat(stats.reads()).isEqualTo(storage.reads() - opening).isLessThan(heads);
            long records = 0;
            for (int h = 0; h < heads; h++) {
                int shard = index.forest().shardOfHead(h);
                records += index.postings(shard).bytes(h - index.forest().firstHeads()[shard]);
            }
            assertThat(stats.bytesRead()).isGreaterThanOrEqualTo(records);
        }
    }

    @Test
    void manyThreadsGetTheSameAnswersFromALittleCache() throws Exception {
        SearchOptions options = SearchOptions.ofProbes(10, 12, INFINITY);
        try (SpannIndex index = SpannIndex.open(bytes, new OpenOptions(60_000, 3))) {
            Neighbors wanted = index.searchBatch(base.slice(0, 300), options);
            ExecutorService pool = Executors.newFixedThreadPool(4);
            List<Future<?>> done = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                int first = t;
                done.add(pool.submit(() -> check(index, options, wanted, first)));
            }
            for (Future<?> future : done) {
                future.get();
            }
            pool.shutdown();
            assertThat(index.cachedBytes()).isLessThanOrEqualTo(60_000);
        }
    }

    private static void check(
            SpannIndex index, SearchOptions options, Neighbors wanted, int first) {
        for (int i = 0; i < 600; i++) {
            int q = (i * 7 + first * 31) % 300;
            Neighbors found = index.search(base.slice(q, q + 1), options);
            for (int r = 0; r < 10; r++) {
                assertThat(found.id(0, r)).isEqualTo(wanted.id(q, r));
                assertThat(found.distance(0, r)).isEqualTo(wanted.distance(q, r));
            }
        }
    }

    /** The record of the search that fails must not leave anything wrong behind for the next. */
    @ParameterizedTest
    @ValueSource(ints = {0, 4})
    void damageIsAnErrorNotAnAnswerAndEachTime(int threads) {
        MemoryStorage damaged = new MemoryStorage();
        copy(bytes, damaged, "");
        try (SpannIndex index = SpannIndex.open(bytes)) {
            ShardEntry shard = index.manifest().shards().get(1);
            String path = shard.files().get(FileKind.POSTINGS).path();
            byte[] content = bytes.bytes(path);
            try (SpnFile file =
                    SpnFile.open(
                            bytes,
                            shard.files().get(FileKind.POSTINGS),
                            index.manifest().contentId(),
                            1)) {
                content[(int) file.section(SectionType.POSTINGS_RECORDS).offset() + 77] ^= 1;
            }
            damaged.replace(path, content);
        }
        SearchOptions all = SearchOptions.ofProbes(10, ALL, INFINITY);
        try (SpannIndex index = SpannIndex.open(damaged, new OpenOptions(1 << 30, threads))) {
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> index.search(base.slice(0, 1), all))
                        .isInstanceOf(CorruptIndexException.class)
                        .hasMessageContaining("posting 0 has CRC32C");
            }
        }
    }

    private static void copy(MemoryStorage from, MemoryStorage to, String folder) {
        for (String name : from.list(folder)) {
            String path = folder.isEmpty() ? name : folder + "/" + name;
            if (from.list(path).isEmpty()) {
                to.replace(path, from.bytes(path));
            } else {
                copy(from, to, path);
            }
        }
    }

    @Test
    void aClosedIndexSaysSo() {
        SpannIndex index = SpannIndex.open(bytes);
        SearchOptions options = SearchOptions.ofRecall(10, 0.9);
        index.search(base.slice(0, 1), options);
        index.close();
        assertThatThrownBy(() -> index.search(base.slice(0, 1), options))
                .hasMessage("The index is closed; open it again to search it");
        index.close();
    }

    @Test
    void limitsThatMakeNoSenseAreRefused() {
        assertThatThrownBy(() -> OpenOptions.defaults().withCacheBytes(-2))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("cacheBytes is -2; use 0 or more, or -1 for a part of the heap");
        assertThatThrownBy(() -> OpenOptions.defaults().withReadThreads(5000))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("readThreads is 5000; use 0 to 1024");
    }

    @Test
    void postingsGetAPartOfWhatTheIndexLeavesOfTheHeap() {
        assertThat(OpenOptions.defaults().cacheBytes(1000, 400)).isEqualTo(200);
        assertThat(OpenOptions.defaults().cacheBytes(1000, 1001)).isZero();
        assertThat(new OpenOptions(7, 0).cacheBytes(1000, 1001)).isEqualTo(7);
    }
}
