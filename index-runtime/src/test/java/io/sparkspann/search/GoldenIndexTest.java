package io.sparkspann.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sparkspann.distance.Metric;
import io.sparkspann.format.ContentId;
import io.sparkspann.format.FileEntry;
import io.sparkspann.format.Manifest;
import io.sparkspann.format.ShardEntry;
import io.sparkspann.format.SpnFile;
import io.sparkspann.storage.LocalStorage;
import io.sparkspann.storage.Storage;
import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.VectorBlock;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Indexes that earlier writers of the format made must be read for ever as they were meant. If this
 * fails, the reader is wrong, not the files.
 */
class GoldenIndexTest {
    static Stream<GoldenCase> cases() {
        return GoldenCase.ALL.stream();
    }

    private record Expected(VectorBlock query, List<GoldenTruth.Found> nearest) {}

    @ParameterizedTest
    @MethodSource("cases")
    void everyFileIsIntact(GoldenCase golden) throws Exception {
        Storage storage = LocalStorage.of(folder(golden).resolve(golden.name()));
        Manifest manifest = IndexFiles.openCurrent(storage).manifest();
        assertThat(manifest.shards()).hasSize(golden.shards());
        List<String> damage = new ArrayList<>();
        verify(storage, manifest.router(), manifest.contentId(), 0, damage);
        for (ShardEntry shard : manifest.shards()) {
            assertThat(shard.files()).hasSize(4);
            for (FileEntry file : shard.files().values()) {
                verify(storage, file, manifest.contentId(), shard.shard(), damage);
            }
        }
        assertThat(damage).isEmpty();
    }

    private static void verify(
            Storage storage, FileEntry entry, ContentId content, int shard, List<String> damage) {
        try (SpnFile file = SpnFile.open(storage, entry, content, shard)) {
            file.verify(damage::add);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theManifestMeansWhatItMeant(GoldenCase golden) throws Exception {
        try (SpannIndex index = open(golden)) {
            Manifest manifest = index.manifest();
            assertThat(manifest.version()).isEqualTo(golden.version());
            assertThat(index.size()).isEqualTo(GoldenCase.VECTORS);
            assertThat(manifest.schema().metric()).isEqualTo(golden.metric());
            assertThat(manifest.schema().elementType()).isEqualTo(golden.elementType());
            assertThat(manifest.schema().idType()).isEqualTo(golden.idType());
            assertThat(manifest.schema().dimensions()).isEqualTo(golden.dimensions());
            assertThat(manifest.schema().quantization() != null).isEqualTo(golden.isQuantized());
            assertThat(manifest.calibration()).isNotEmpty();
        }
    }

    @Test
    void whatIsNotThereIsAnError() throws Exception {
        GoldenCase golden = GoldenCase.ALL.get(0);
        SpannIndex index = open(golden);
        VectorBlock queries = golden.vectors().slice(0, 2);
        SearchOptions options = SearchOptions.ofRecall(3, 0.9);
        Neighbors found = index.searchBatch(queries, options);
        assertThat(found).hasToString("6 neighbours of 2 queries");
        assertThatThrownBy(() -> found.id(0, 3))
                .isInstanceOf(IndexOutOfBoundsException.class)
                .hasMessage("query 0 has 3 neighbours; there is no 3");
        assertThatThrownBy(() -> found.distance(1, -1))
                .isInstanceOf(IndexOutOfBoundsException.class);
        index.close();
        assertThatThrownBy(() -> index.searchBatch(queries, options))
                .hasMessage("The index is closed; open it again to search it");
        assertThatThrownBy(() -> index.search(queries.slice(0, 1), options))
                .hasMessage("The index is closed; open it again to search it");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aScanOfHomeRecordsFindsTheExpectedNeighbours(GoldenCase golden) throws Exception {
        try (SpannIndex index = open(golden)) {
            for (Expected expected : expected(golden)) {
                check(index.searchExact(expected.query(), GoldenCase.K), expected.nearest());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aSearchOfAllPostingsFindsTheExpectedNeighbours(GoldenCase golden) throws Exception {
        try (SpannIndex index = open(golden)) {
            SearchOptions all =
                    SearchOptions.ofProbes(
                            GoldenCase.K, GoldenCase.VECTORS, Double.POSITIVE_INFINITY);
            for (Expected expected : expected(golden)) {
                check(index.searchBatch(expected.query(), all), expected.nearest());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aSearchForRecallReachesIt(GoldenCase golden) throws Exception {
        int found = 0;
        try (SpannIndex index = open(golden)) {
            SearchOptions options = SearchOptions.ofRecall(GoldenCase.K, 0.95);
            for (Expected expected : expected(golden)) {
                List<String> ids = ids(index.search(expected.query(), options));
                found +=
                        (int)
                                expected.nearest().stream()
                                        .filter(near -> ids.contains(near.id()))
                                        .count();
            }
        }
        assertThat(found / (double) (GoldenCase.QUERIES * GoldenCase.K)).isGreaterThan(0.9);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void exactSearchAndRangeSearchFindWhatAComparisonWithAllFinds(GoldenCase golden)
            throws Exception {
        GoldenTruth truth = new GoldenTruth(golden);
        VectorBlock all = golden.vectors();
        try (SpannIndex index = open(golden)) {
            for (int q = 0; q < GoldenCase.QUERIES; q++) {
                int row = GoldenCase.VECTORS + q;
                VectorBlock query = all.slice(row, row + 1);
                List<GoldenTruth.Found> ranking = truth.ranking(q);
                check(index.searchExact(query, GoldenCase.VECTORS), ranking);
                for (int last : new int[] {0, 7, 60, GoldenCase.VECTORS - 1}) {
                    int count = withTies(ranking, last);
                    RangeOptions radius = RangeOptions.of(radius(golden, ranking, count));
                    check(index.searchRange(query, radius).neighbors(), ranking.subList(0, count));
                }
            }
        }
    }

    /** How many are as near as one of them, or so little farther that rounding may tell. */
    private static int withTies(List<GoldenTruth.Found> ranking, int last) {
        int count = last + 1;
        while (count < ranking.size() && same(ranking.get(count - 1), ranking.get(count))) {
            count++;
        }
        return count;
    }

    private static boolean same(GoldenTruth.Found a, GoldenTruth.Found b) {
        return Math.abs(a.distance() - b.distance()) <= 1e-5f * Math.abs(a.distance());
    }

    /** Of the first ones: on the border where distances are whole numbers, else beyond it. */
    private static double radius(GoldenCase golden, List<GoldenTruth.Found> ranking, int count) {
        double border = ranking.get(count - 1).distance();
        boolean whole = golden.metric() == Metric.HAMMING || golden.metric() == Metric.IP;
        if (whole || count == ranking.size()) {
            return whole ? border : border + 1;
        }
        return (border + ranking.get(count).distance()) / 2;
    }

    private static void check(Neighbors found, List<GoldenTruth.Found> expected) {
        assertThat(ids(found)).isEqualTo(expected.stream().map(GoldenTruth.Found::id).toList());
        for (int r = 0; r < expected.size(); r++) {
            float wanted = expected.get(r).distance();
            assertThat(found.distance(0, r)).isCloseTo(wanted, within(1e-6f * Math.abs(wanted)));
        }
    }

    private static List<String> ids(Neighbors found) {
        return Stream.iterate(0, r -> r + 1)
                .limit(found.count(0))
                .map(r -> found.idText(0, r))
                .toList();
    }

    static Path folder(GoldenCase golden) throws URISyntaxException {
        return Path.of(GoldenIndexTest.class.getResource("/golden/" + golden.folder()).toURI());
    }

    private static SpannIndex open(GoldenCase golden) throws URISyntaxException {
        return SpannIndex.open(folder(golden).resolve(golden.name()));
    }

    private static List<Expected> expected(GoldenCase golden)
            throws IOException, URISyntaxException {
        List<Expected> list = new ArrayList<>();
        for (String line : Files.readAllLines(folder(golden).resolve(golden.name() + ".tsv"))) {
            if (!line.startsWith("query")) {
                String[] columns = line.split("\t");
                VectorBlock query = query(golden, floats(columns[0]));
                list.add(new Expected(query, nearest(columns[1].split(","), floats(columns[2]))));
            }
        }
        assertThat(list).hasSize(GoldenCase.QUERIES);
        return list;
    }

    private static List<GoldenTruth.Found> nearest(String[] ids, float[] distances) {
        assertThat(ids).hasSize(GoldenCase.K);
        assertThat(distances).hasSize(GoldenCase.K);
        return IntStream.range(0, GoldenCase.K)
                .mapToObj(r -> new GoldenTruth.Found(ids[r], distances[r]))
                .toList();
    }

    private static VectorBlock query(GoldenCase golden, float[] components) {
        if (golden.readType() == ElementType.FLOAT32) {
            return VectorBlock.ofFloats(golden.readDimensions(), components);
        }
        byte[] bytes = new byte[components.length];
        for (int j = 0; j < bytes.length; j++) {
            bytes[j] = (byte) (int) components[j];
        }
        return VectorBlock.ofBytes(golden.readType(), golden.readDimensions(), bytes);
    }

    private static float[] floats(String text) {
        String[] parts = text.split(",");
        float[] values = new float[parts.length];
        for (int i = 0; i < parts.length; i++) {
            values[i] = Float.parseFloat(parts[i]);
        }
        return values;
    }
}
