package io.sparkspann.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sparkspann.distance.Metric;
import io.sparkspann.distance.SampleVectors;
import io.sparkspann.distance.SampleVectors.Shape;
import io.sparkspann.distance.TrueDistance;
import io.sparkspann.distance.VectorSpace;
import io.sparkspann.error.CorruptIndexException;
import io.sparkspann.format.SectionType;
import io.sparkspann.format.SpnFile;
import io.sparkspann.format.SpnFixture;
import io.sparkspann.posting.PostingFile;
import io.sparkspann.posting.SamplePostings;
import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.VectorBlock;
import io.sparkspann.vector.VectorCheck;
import io.sparkspann.vector.VectorDomain;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class PostingScannerTest {
    private static final int SHARD = 2;

    /** Ids descend where ordinals ascend. */
    private static final OrdinalOrder ORDER = (a, b) -> Long.compare(b, a);

    private record Neighbor(float key, int row) {}

    static Stream<Arguments> kinds() {
        return Arrays.stream(Metric.values())
                .flatMap(
                        metric ->
                                Arrays.stream(ElementType.values())
                                        .filter(metric::accepts)
                                        .filter(type -> isTried(metric, type))
                                        .flatMap(
                                                type ->
                                                        Arrays.stream(Shape.values())
                                                                .map(
                                                                        shape ->
                                                                                Arguments.of(
                                                                                        metric,
                                                                                        type,
                                                                                        shape))));
    }

    private static boolean isTried(Metric metric, ElementType type) {
        boolean first = metric == Metric.L2 || metric == Metric.IP || metric == Metric.COSINE;
        return first || type == ElementType.FLOAT32 || type == ElementType.BITS;
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void allPostingsGiveTheExactNeighbors(Metric metric, ElementType type, Shape shape) {
        for (int d : new int[] {1, 13, 128}) {
            VectorBlock block = SampleVectors.of(metric, shape, type, d, 300, 121);
            // Every tenth vector occurs twice.
            for (int i = 0; i < 300; i += 10) {
                block.copyTo(i, block, 299 - i);
            }
            VectorSpace space = SampleVectors.space(metric, block);
            SamplePostings postings = new SamplePostings(block, 12, 122);
            VectorBlock queries = block.slice(0, 70);
            WantedPostings all = WantedPostings.all(IntStream.range(0, 70).toArray());
            List<Integer> rows = IntStream.range(0, 300).boxed().toList();
            List<List<Neighbor>> wanted = new ArrayList<>();
            for (int q = 0; q < 70; q++) {
                float[] query = SampleVectors.row(queries, q);
                wanted.add(exact(space, query, block, rows, 300));
                checkDistances(space, query, block, wanted.get(q));
            }
            for (int k : new int[] {1, 10, 400}) {
                TopK top = scan(space, postings, queries, all, k, new ScanStats(), false);
                TopK home = scan(space, postings, queries, all, k, new ScanStats(), true);
                for (int q = 0; q < 70; q++) {
                    List<Neighbor> nearest = wanted.get(q).subList(0, Math.min(k, 300));
                    assertThat(neighbors(top, q)).isEqualTo(nearest);
                    assertThat(neighbors(home, q)).isEqualTo(nearest);
                }
            }
        }
    }

    private static TopK scan(
            VectorSpace space,
            SamplePostings postings,
            VectorBlock queries,
            WantedPostings wanted,
            int k,
            ScanStats stats,
            boolean homeOnly) {
        TopK top = new TopK(queries.size(), k, ORDER);
        try (SpnFile spn = postings.write(SHARD).open()) {
            PostingFile file = postings.open(spn, SHARD);
            PostingScanner scanner = new PostingScanner(space, file, AllowList.ALL, stats);
            QueryRows rows = QueryRows.of(space, queries);
            if (homeOnly) {
                scanner.scanHome(rows, wanted, top);
            } else {
                scanner.scan(rows, wanted, top);
            }
        }
        return top;
    }

    private static List<Neighbor> exact(
            VectorSpace space, float[] query, VectorBlock block, List<Integer> rows, int k) {
        List<Neighbor> all = new ArrayList<>();
        for (int row : rows) {
            float[] vector = SampleVectors.row(block, row);
            all.add(new Neighbor(space.exactKey(query, 0, vector, 0, 1), row));
        }
        all.sort(
                Comparator.comparing(Neighbor::key)
                        .thenComparing(Neighbor::row, Comparator.reverseOrder()));
        return all.subList(0, Math.min(k, all.size()));
    }

    /** The keys themselves, against the definition of the metric in double precision. */
    private static void checkDistances(
            VectorSpace space, float[] query, VectorBlock block, List<Neighbor> neighbors) {
        boolean bits = space.metric().isOfBits();
        double norm = bits ? 1 : SampleVectors.dot(query, query) + 1;
        double error = SampleVectors.referenceError(space.metric());
        for (Neighbor neighbor : neighbors) {
            float[] vector = SampleVectors.row(block, neighbor.row());
            double distance = TrueDistance.of(space.metric(), vector, query);
            assertThat((double) space.reported(neighbor.key()))
                    .isCloseTo(distance, within(Math.abs(distance) * 1e-6 + norm * error));
        }
    }

    private static List<Neighbor> neighbors(TopK top, int query) {
        List<Neighbor> list = new ArrayList<>();
        for (int r = 0; r < top.size(query); r++) {
            int row = (int) (top.ordinal(query, r) - SamplePostings.FIRST_ORDINAL);
            list.add(new Neighbor(top.key(query, r), row));
        }
        return list;
    }

    @Test
    void onlyWantedPostingsAreScored() {
        VectorBlock block = SampleVectors.of(Shape.RANDOM, ElementType.FLOAT32, 9, 500, 123);
        VectorSpace space = SampleVectors.space(Metric.L2, block);
        checkSubset(space, block, new SamplePostings(block, 25, 124), 40);
    }

    /** Postings that take several reads, with gaps too long to be read along. */
    @Test
    void longFilesAreReadInRuns() {
        VectorBlock block = SampleVectors.of(Shape.RANDOM, ElementType.FLOAT32, 150, 6000, 125);
        VectorSpace space = SampleVectors.space(Metric.L2, block);
        checkSubset(space, block, new SamplePostings(block, 40, 126), 3);
    }

    private static void checkSubset(
            VectorSpace space, VectorBlock block, SamplePostings postings, int queryCount) {
        SplittableRandom random = new SplittableRandom(127);
        int[] pairQueries = new int[queryCount * postings.size()];
        int[] pairPostings = new int[pairQueries.length];
        int pairs = 0;
        List<TreeSet<Integer>> rows = new ArrayList<>();
        TreeSet<Integer> read = new TreeSet<>();
        long distances = 0;
        for (int q = 0; q < queryCount; q++) {
            rows.add(new TreeSet<>());
            for (int p = 0; p < postings.size(); p++) {
                if (random.nextInt(3 * queryCount / 2) == 0) {
                    pairQueries[pairs] = q;
                    pairPostings[pairs++] = p;
                    distances += postings.count(p);
                    for (int i = 0; i < postings.count(p); i++) {
                        rows.get(q).add(postings.row(p, i));
                        read.add(p);
                    }
                }
            }
        }
        PostingQueries wanted =
                PostingQueries.of(pairQueries, pairPostings, pairs, postings.size());
        ScanStats stats = new ScanStats();
        VectorBlock queries = block.slice(100, 100 + queryCount);
        TopK top = scan(space, postings, queries, wanted, 20, stats, false);
        for (int q = 0; q < queryCount; q++) {
            float[] query = SampleVectors.row(queries, q);
            assertThat(neighbors(top, q))
                    .isEqualTo(exact(space, query, block, List.copyOf(rows.get(q)), 20));
        }
        assertThat(stats.postingsRead()).isEqualTo(read.size());
        assertThat(stats.distances()).isEqualTo(distances);
        assertThat(stats.bytesRead())
                .isEqualTo(
                        read.stream()
                                .mapToLong(p -> postings.layout().bytes(postings.count(p)))
                                .sum());
    }

    @Test
    void homeRecordsShowEveryVectorOnce() {
        VectorBlock block = SampleVectors.of(Shape.RANDOM, ElementType.UINT8, 4, 200, 128);
        VectorSpace space = SampleVectors.space(Metric.L2, block);
        SamplePostings postings = new SamplePostings(block, 7, 129);
        ScanStats stats = new ScanStats();
        scan(
                space,
                postings,
                block,
                WantedPostings.all(IntStream.range(0, 200).toArray()),
                3,
                stats,
                true);
        assertThat(stats.distances()).isEqualTo(200 * 200);
    }

    @Test
    void vectorsThatAreEqualAreAllFound() {
        VectorBlock block = VectorBlock.ofFloats(3, new float[3 * 100]);
        Arrays.fill(block.floats(), 0.1f);
        for (Metric metric : Metric.values()) {
            if (metric.isOfBits() || metric == Metric.LORENTZ) {
                continue;
            }
            VectorSpace space = SampleVectors.space(metric, block);
            SamplePostings postings = new SamplePostings(block, 5, 130);
            for (boolean homeOnly : new boolean[] {false, true}) {
                TopK top =
                        scan(
                                space,
                                postings,
                                block.slice(0, 2),
                                WantedPostings.all(IntStream.range(0, 2).toArray()),
                                100,
                                new ScanStats(),
                                homeOnly);
                assertThat(neighbors(top, 1).stream().map(Neighbor::row))
                        .containsExactlyElementsOf(
                                IntStream.range(0, 100).map(i -> 99 - i).boxed().toList());
            }
        }
    }

    /** Where {@link VectorCheck} draws its line, no vector may get lost. */
    @ParameterizedTest
    @EnumSource(
            names = {"HAMMING", "JACCARD", "POINCARE", "LORENTZ"},
            mode = EnumSource.Mode.EXCLUDE)
    void vectorsOfExtremeLengthsAreAllFound(Metric metric) {
        int d = 20;
        VectorBlock block = SampleVectors.of(Shape.RANDOM, ElementType.FLOAT32, d, 120, 133);
        for (int i = 0; i < block.floats().length; i++) {
            block.floats()[i] *= i / d % 3 == 0 ? 0x1p47f : i / d % 3 == 1 ? 0x1p-49f : 1f;
        }
        for (int i = 0; i < 120; i++) {
            assertThat(VectorCheck.problem(block, i, VectorDomain.NOT_ZERO)).isNull();
        }
        VectorSpace space = SampleVectors.space(metric, block);
        SamplePostings postings = new SamplePostings(block, 5, 134);
        List<Integer> rows = IntStream.range(0, 120).boxed().toList();
        for (int k : new int[] {5, 120}) {
            TopK top =
                    scan(
                            space,
                            postings,
                            block,
                            WantedPostings.all(IntStream.range(0, 120).toArray()),
                            k,
                            new ScanStats(),
                            false);
            for (int q = 0; q < 120; q++) {
                assertThat(neighbors(top, q))
                        .isEqualTo(exact(space, SampleVectors.row(block, q), block, rows, k));
            }
        }
    }

    @Test
    void damageIsAnErrorNotAnAnswer() {
        VectorBlock block = SampleVectors.of(Shape.RANDOM, ElementType.FLOAT32, 3, 60, 131);
        VectorSpace space = SampleVectors.space(Metric.L2, block);
        SamplePostings postings = new SamplePostings(block, 5, 132);
        SpnFixture fixture = postings.write(SHARD);
        byte[] bytes = fixture.bytes();
        try (SpnFile spn = fixture.open()) {
            bytes[(int) spn.section(SectionType.POSTINGS_RECORDS).offset() + 9] ^= 4;
        }
        fixture.replace(bytes);
        try (SpnFile spn = fixture.open()) {
            PostingScanner scanner =
                    new PostingScanner(
                            space, postings.open(spn, SHARD), AllowList.ALL, new ScanStats());
            QueryRows rows = QueryRows.of(space, block);
            assertThatThrownBy(
                            () ->
                                    scanner.scan(
                                            rows,
                                            WantedPostings.all(IntStream.range(0, 60).toArray()),
                                            new TopK(60, 1, ORDER)))
                    .isInstanceOf(CorruptIndexException.class);
        }
    }

    @Test
    void statsAddUp() {
        ScanStats stats = new ScanStats();
        stats.addQueries(3, 30);
        stats.addPosting(100, 7);
        ScanStats sum = new ScanStats();
        sum.add(stats);
        sum.add(stats);
        assertThat(
                        List.of(
                                sum.queries(),
                                sum.probes(),
                                sum.postingsRead(),
                                sum.bytesRead(),
                                sum.distances()))
                .containsExactly(6L, 60L, 2L, 200L, 14L);
    }
}
