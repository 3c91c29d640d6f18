package io.sparkspann.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RangeHitsTest {
    /** Ids descend where ordinals ascend. */
    private static final OrdinalOrder ORDER = (a, b) -> Long.compare(b, a);

    private record Hit(float key, long ordinal) {}

    @Property(tries = 300)
    void listsAreThoseOfASort(
            @ForAll @IntRange(min = 0, max = 200) int n,
            @ForAll @IntRange(min = 0, max = 12) int most,
            @ForAll @IntRange(min = 1, max = 30) int keys,
            @ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float limit = random.nextInt(keys);
        RangeHits hits = new RangeHits(1, limit, most, ORDER);
        List<Hit> within = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            // Ordinals beyond a signed int; keys of both signs, many of them equal.
            Hit hit = new Hit(random.nextInt(-keys, keys), 3_000_000_000L + i * 7919L % 211);
            hits.offer(0, hit.key(), hit.ordinal());
            if (hit.key() <= limit) {
                within.add(hit);
            }
        }
        hits.finish();
        within.sort(
                Comparator.comparingDouble(Hit::key)
                        .thenComparing(Comparator.comparingLong(Hit::ordinal).reversed()));
        int kept = most == 0 ? within.size() : Math.min(most, within.size());
        assertThat(hits.size(0)).isEqualTo(kept);
        for (int r = 0; r < kept; r++) {
            assertThat(new Hit(hits.key(0, r), hits.ordinal(0, r))).isEqualTo(within.get(r));
        }
        assertThat(hits.capped().get(0)).isEqualTo(kept < within.size());
        assertThat(hits.isFull()).isFalse();
    }

    /** Few distances, as those of bits are, and ids in no order of the ordinals. */
    @Test
    void manyEqualKeysAreInTheOrderOfTheirIds() {
        int n = 300_000;
        OrdinalOrder mixed = (a, b) -> Long.compare(a * 7919 % n, b * 7919 % n);
        RangeHits hits = new RangeHits(1, 100, 0, mixed);
        Hit[] wanted = new Hit[n];
        for (int i = 0; i < n; i++) {
            wanted[i] = new Hit(i % 3 == 0 ? i % 5 : 7, i);
            hits.offer(0, wanted[i].key(), i);
        }
        hits.finish();
        Arrays.sort(
                wanted,
                Comparator.comparingDouble(Hit::key)
                        .thenComparing((a, b) -> mixed.compare(a.ordinal(), b.ordinal())));
        for (int r = 0; r < n; r++) {
            assertThat(hits.key(0, r) == wanted[r].key()).isTrue();
            assertThat(hits.ordinal(0, r) == wanted[r].ordinal()).isTrue();
        }
    }

    @Test
    void theRoomIsForAllQueriesTogether() {
        RangeHits hits = new RangeHits(2, 10, 0, ORDER, 6);
        for (int i = 0; i < 3; i++) {
            hits.offer(0, i, i);
            hits.offer(1, i, i);
        }
        hits.offer(0, 11, 5);
        assertThat(hits.isFull()).isFalse();
        hits.offer(1, 3, 3);
        assertThat(hits.isFull()).isTrue();
        assertThat(hits.limit(0)).isEqualTo(Float.NEGATIVE_INFINITY);
    }

    @Test
    void vectorsThatAreCutTakeNoRoom() {
        RangeHits hits = new RangeHits(2, 10, 3, ORDER, 40);
        for (int i = 1000; i > 0; i--) {
            hits.offer(0, i / 100f, i);
            hits.offer(1, i / 100f, i);
        }
        assertThat(hits.isFull()).isFalse();
        hits.finish();
        for (int q = 0; q < 2; q++) {
            assertThat(hits.size(q)).isEqualTo(3);
            assertThat(hits.ordinal(q, 0)).isEqualTo(1);
            assertThat(hits.capped().get(q)).isTrue();
        }
    }
}
