package io.sparkspann.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkspann.distance.Metric;
import io.sparkspann.distance.VectorSpace;
import io.sparkspann.posting.LoadedPosting;
import io.sparkspann.posting.PostingLayout;
import io.sparkspann.vector.ElementType;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class PostingCacheTest {
    private static LoadedPosting posting() {
        VectorSpace space = new VectorSpace(Metric.L2, ElementType.UINT8, 2, 1);
        return new LoadedPosting(space, new PostingLayout(ElementType.UINT8, 2));
    }

    private static void offer(PostingCache cache, int number, long bytes) {
        if (cache.find(number) == null && cache.admits(number, bytes)) {
            cache.put(number, posting(), bytes);
        }
    }

    private static List<Integer> kept(PostingCache cache, int count) {
        List<Integer> kept = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            if (cache.find(i) != null) {
                kept.add(i);
            }
        }
        return kept;
    }

    @Test
    void everythingIsKeptWhileThereIsRoom() {
        PostingCache cache = new PostingCache(10, 1000);
        for (int i = 0; i < 10; i++) {
            offer(cache, i, 100);
        }
        assertThat(kept(cache, 10)).hasSize(10);
        assertThat(cache.bytes()).isEqualTo(1000);
    }

    @Test
    void aPostingThatIsReadOnceCostsNoOtherItsPlace() {
        PostingCache cache = new PostingCache(100, 1000);
        for (int i = 0; i < 11; i++) {
            offer(cache, i, 100);
        }
        List<Integer> before = kept(cache, 100);
        for (int i = 20; i < 100; i++) {
            offer(cache, i, 100);
        }
        assertThat(kept(cache, 100)).isEqualTo(before).hasSize(10);
        offer(cache, 50, 100);
        assertThat(cache.find(50)).isNotNull();
        assertThat(cache.bytes()).isEqualTo(1000);
    }

    @Test
    void whatIsUsedStaysAndWhatIsNotGoes() {
        PostingCache cache = new PostingCache(40, 1000);
        for (int i = 0; i < 10; i++) {
            cache.put(i, posting(), 100);
        }
        for (int i = 10; i < 40; i++) {
            for (int often = 0; often < 5; often++) {
                cache.find(often);
            }
            offer(cache, i, 100);
            offer(cache, i, 100);
        }
        assertThat(kept(cache, 5)).hasSize(5);
        assertThat(cache.find(39)).isNotNull();
        assertThat(cache.bytes()).isEqualTo(1000);
    }

    @Test
    void whatDoesNotFitIsNotKept() {
        PostingCache cache = new PostingCache(3, 100);
        assertThat(cache.admits(0, 101)).isFalse();
        cache.put(0, posting(), 101);
        assertThat(cache.find(0)).isNull();
        PostingCache none = new PostingCache(3, 0);
        assertThat(none.admits(1, 1)).isFalse();
        assertThat(none.find(1)).isNull();
        assertThat(none.bytes()).isZero();
    }

    @Test
    void theFirstOfTwoThatBringTheSameIsKept() {
        PostingCache cache = new PostingCache(3, 1000);
        LoadedPosting first = posting();
        cache.put(1, first, 100);
        cache.put(1, posting(), 100);
        assertThat(cache.find(1)).isSameAs(first);
        assertThat(cache.bytes()).isEqualTo(100);
    }

    /** Sizes differ by number, so that wrong bookkeeping would pass the budget or lose room. */
    @Test
    void theBudgetHoldsWhateverManyThreadsDo() throws Exception {
        int count = 200;
        PostingCache cache = new PostingCache(count, 3000);
        ExecutorService pool = Executors.newFixedThreadPool(4);
        List<Future<?>> done = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            SplittableRandom random = new SplittableRandom(t);
            done.add(
                    pool.submit(
                            () -> {
                                for (int i = 0; i < 50_000; i++) {
                                    int number = random.nextInt(count);
                                    offer(cache, number, 50 + number);
                                    assertThat(cache.bytes()).isBetween(0L, 3000L);
                                }
                            }));
        }
        for (Future<?> future : done) {
            future.get();
        }
        pool.shutdown();
        long bytes = kept(cache, count).stream().mapToLong(number -> 50 + number).sum();
        assertThat(cache.bytes()).isEqualTo(bytes).isGreaterThan(2500);
    }
}
