package io.sparkspann.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopKTest {
    /** Not the order of the ordinals, and a total one. */
    private static final OrdinalOrder ORDER =
            (a, b) ->
                    Comparator.<Long>comparingLong(x -> x % 7)
                            .thenComparing(Comparator.reverseOrder())
                            .compare(a, b);

    private record Neighbor(float key, long ordinal) {}

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 10, 1000})
    void contentIsTheNearestOnceInAnyOrderOfOffers(int k) {
        Random random = new Random(31);
        for (int round = 0; round < 20; round++) {
            List<Neighbor> vectors = new ArrayList<>();
            int n = random.nextInt(2 * k + 30);
            for (int i = 0; i < n; i++) {
                float key = random.nextInt(9) == 0 ? -0f : random.nextInt(1 + k / 3) / 4f;
                vectors.add(new Neighbor(key, 4_000_000_000L + i));
            }
            List<Neighbor> wanted =
                    vectors.stream()
                            .sorted(
                                    Comparator.<Neighbor>comparingDouble(v -> v.key() + 0.0)
                                            .thenComparing(Neighbor::ordinal, ORDER::compare))
                            .limit(k)
                            .map(v -> new Neighbor(v.key() + 0f, v.ordinal()))
                            .toList();
            List<Neighbor> offers = new ArrayList<>(vectors);
            for (int i = 0; i < n; i++) {
                offers.add(vectors.get(random.nextInt(n)));
            }
            TopK top = new TopK(3, k, ORDER);
            for (int query : new int[] {0, 2}) {
                Collections.shuffle(offers, random);
                for (Neighbor offer : offers) {
                    boolean full = top.size(query) == k;
                    assertThat(top.limit(query) == Float.POSITIVE_INFINITY).isEqualTo(!full);
                    top.offer(query, offer.key(), offer.ordinal());
                }
                assertThat(content(top, query)).isEqualTo(wanted);
            }
            assertThat(top.size(1)).isZero();
        }
    }

    @Test
    void limitIsTheKeyOfTheLast() {
        TopK top = new TopK(1, 2, ORDER);
        top.offer(0, 5f, 1);
        top.offer(0, 4f, 2);
        assertThat(top.limit(0)).isEqualTo(5f);
        top.offer(0, 5f, 14);
        assertThat(content(top, 0)).containsExactly(new Neighbor(4f, 2), new Neighbor(5f, 14));
        top.offer(0, 6f, 3);
        assertThat(top.limit(0)).isEqualTo(5f);
    }

    @Test
    void aBoundKeepsOutWhatIsFarther() {
        TopK top = new TopK(2, 2, ORDER);
        top.bound(1, 3f);
        assertThat(top.limit(1)).isEqualTo(3f);
        top.offer(1, 4f, 1);
        assertThat(top.size(1)).isZero();
        top.offer(1, 3f, 2);
        top.offer(1, 1f, 3);
        assertThat(top.limit(1)).isEqualTo(3f);
        top.offer(1, 2f, 4);
        assertThat(content(top, 1)).containsExactly(new Neighbor(1f, 3), new Neighbor(2f, 4));
        TopK all = new TopK(3, 2, ORDER);
        all.take(top, new int[] {2, 0});
        assertThat(content(all, 0)).isEqualTo(content(top, 1));
        assertThat(all.limit(0)).isEqualTo(2f);
        assertThat(all.size(2)).isZero();
    }

    static List<Object> contentOf(TopK top, int query) {
        return new ArrayList<>(content(top, query));
    }

    private static List<Neighbor> content(TopK top, int query) {
        List<Neighbor> content = new ArrayList<>();
        for (int r = 0; r < top.size(query); r++) {
            content.add(new Neighbor(top.key(query, r), top.ordinal(query, r)));
        }
        return content;
    }
}
