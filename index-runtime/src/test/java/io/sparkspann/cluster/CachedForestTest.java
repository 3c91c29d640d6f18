package io.sparkspann.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkspann.distance.SampleVectors.Shape;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CachedForestTest {
    private final SampleForest forest = SampleForest.of(Shape.RANDOM, 4, 400, 4, 4);
    private final List<Integer> loaded = new ArrayList<>();

    private CachedForest cached(long budgetBytes) {
        RouterFile.Content content =
                new RouterFile.Content(forest.router(), forest.firstNodes(), forest.firstHeads());
        return new CachedForest(
                content,
                shard -> {
                    loaded.add(shard);
                    return forest.tree(shard);
                },
                budgetBytes);
    }

    @Test
    void treesAreLoadedOnceWhileTheyFit() {
        CachedForest cached = cached(Long.MAX_VALUE);
        for (int shard : new int[] {0, 1, 0, 3, 1, 2, 0}) {
            assertThat(cached.tree(shard)).isSameAs(forest.tree(shard));
        }
        assertThat(loaded).containsExactly(0, 1, 3, 2);
    }

    @Test
    void theTreeUsedLongestAgoGoesFirst() {
        long two = forest.tree(0).memoryBytes() + forest.tree(1).memoryBytes();
        long three = two + forest.tree(2).memoryBytes();
        CachedForest cached = cached(three - 1);
        for (int shard : new int[] {0, 1, 0, 2, 0, 1}) {
            cached.tree(shard);
        }
        assertThat(loaded).containsExactly(0, 1, 2, 1);
    }

    @Test
    void oneTreeIsKeptWhateverItsSize() {
        CachedForest cached = cached(0);
        for (int shard : new int[] {2, 2, 1, 1, 2}) {
            cached.tree(shard);
        }
        assertThat(loaded).containsExactly(2, 1, 2);
    }

    @Test
    void aTreeThatCouldNotBeLoadedIsTriedAgain() {
        RouterFile.Content content =
                new RouterFile.Content(forest.router(), forest.firstNodes(), forest.firstHeads());
        CachedForest cached =
                new CachedForest(
                        content,
                        shard -> {
                            loaded.add(shard);
                            if (loaded.size() == 1) {
                                throw new IllegalStateException("lost");
                            }
                            return forest.tree(shard);
                        },
                        1000);
        assertThatThrownBy(() -> cached.tree(1)).hasMessage("lost");
        assertThat(cached.tree(1)).isSameAs(forest.tree(1));
    }
}
