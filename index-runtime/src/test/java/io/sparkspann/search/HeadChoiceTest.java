package io.sparkspann.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkspann.cluster.CachedForest;
import io.sparkspann.cluster.Forest;
import io.sparkspann.cluster.ShardTree;
import io.sparkspann.storage.LocalStorage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HeadChoiceTest {
    private static final ProbePolicy POLICY = ProbePolicy.fixed(12, Double.POSITIVE_INFINITY);
    private static final int K = 5;

    static Stream<GoldenCase> cases() {
        return GoldenCase.ALL.stream();
    }

    private static IndexFiles files(GoldenCase golden) throws Exception {
        Path folder = GoldenIndexTest.folder(golden);
        return IndexFiles.openCurrent(LocalStorage.of(folder.resolve(golden.name())));
    }

    private static QueryRows queries(GoldenCase golden, IndexFiles files) {
        return QueryRows.of(files.space(), golden.vectors().slice(200, 312));
    }

    /** The postings of a query, shard by shard. */
    private static List<List<Integer>> postings(HeadChoice choice, int shards, int query) {
        List<List<Integer>> all = new ArrayList<>();
        for (int s = 0; s < shards; s++) {
            List<Integer> some = new ArrayList<>();
            for (int i = 0; i < choice.pairs(s); i++) {
                if (choice.order()[choice.query(s, i)] == query) {
                    some.add(choice.posting(s, i));
                }
            }
            all.add(some);
        }
        return all;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aTreeIsLoadedFewTimesHoweverManyQueries(GoldenCase golden) throws Exception {
        IndexFiles files = files(golden);
        AtomicInteger loads = new AtomicInteger();
        Forest oneTree =
                new CachedForest(
                        files.router(),
                        shard -> {
                            loads.incrementAndGet();
                            return files.tree(shard);
                        },
                        1);
        HeadChoice.of(oneTree, queries(golden, files), 0, 112, Probing.all(POLICY), K);
        assertThat(loads.get()).isLessThanOrEqualTo(3 * golden.shards());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theChoiceDoesNotDependOnTheCompany(GoldenCase golden) throws Exception {
        IndexFiles files = files(golden);
        Forest forest = files.forest(Long.MAX_VALUE);
        QueryRows queries = queries(golden, files);
        HeadChoice together = HeadChoice.of(forest, queries, 0, 112, Probing.all(POLICY), K);
        assertThat(Arrays.stream(together.order()).sorted().distinct()).hasSize(112);
        for (int query = 0; query < 112; query++) {
            HeadChoice alone =
                    HeadChoice.of(forest, queries, query, query + 1, Probing.all(POLICY), K);
            int number = number(together, query);
            assertThat(alone.bound(0)).isEqualTo(together.bound(number));
            assertThat(postings(alone, files.shards(), query))
                    .isEqualTo(postings(together, files.shards(), query));
        }
    }

    private static int number(HeadChoice choice, int query) {
        int number = 0;
        while (choice.order()[number] != query) {
            number++;
        }
        return number;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void noneOfTheNearestHeadsIsBeyondTheBound(GoldenCase golden) throws Exception {
        IndexFiles files = files(golden);
        Forest forest = files.forest(Long.MAX_VALUE);
        QueryRows queries = queries(golden, files);
        HeadChoice choice = HeadChoice.of(forest, queries, 0, 112, Probing.all(POLICY), K);
        int d = files.space().dimensions();
        float[] head = new float[d];
        for (int number = 0; number < 112; number++) {
            int query = choice.order()[number];
            List<Float> keys = new ArrayList<>();
            for (int s = 0; s < files.shards(); s++) {
                ShardTree tree = forest.tree(s);
                for (int posting : postings(choice, files.shards(), query).get(s)) {
                    tree.heads().copyTo(posting, head, 0);
                    keys.add(files.space().exactKey(queries.rows(), query * d, head, 0, 1));
                }
            }
            keys.sort(null);
            float tight = keys.get(K - 1);
            assertThat(choice.bound(number))
                    .isBetween(tight, tight + 1e-2f * (1 + Math.abs(tight)));
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void fewerProbesThanNeighboursGiveNoBound(GoldenCase golden) throws Exception {
        IndexFiles files = files(golden);
        HeadChoice choice =
                HeadChoice.of(
                        files.forest(Long.MAX_VALUE),
                        queries(golden, files),
                        0,
                        9,
                        Probing.all(POLICY),
                        13);
        assertThat(choice.bound(8)).isEqualTo(Float.POSITIVE_INFINITY);
    }
}
