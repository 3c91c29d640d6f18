package io.sparkspann.distance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NearestListsTest {
    private record Offer(float distance, int number) {}

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 10, 1000})
    void contentIsTheNearestInAnyOrderOfOffers(int capacity) {
        NearestLists lists = new NearestLists(capacity);
        Random random = new Random(21);
        for (int round = 0; round < 30; round++) {
            List<Offer> offers = new ArrayList<>();
            int n = random.nextInt(3 * capacity + 20);
            for (int i = 0; i < n; i++) {
                offers.add(new Offer(random.nextInt(12) - 4, i));
            }
            List<Offer> wanted =
                    offers.stream()
                            .sorted(
                                    Comparator.comparing(Offer::distance)
                                            .thenComparing(Offer::number))
                            .limit(capacity)
                            .toList();
            lists.reset(3);
            for (int query : new int[] {2, 0}) {
                Collections.shuffle(offers, random);
                for (Offer offer : offers) {
                    float limit = lists.limit(query);
                    lists.offer(query, offer.distance(), offer.number());
                    assertThat(lists.limit(query)).isLessThanOrEqualTo(limit);
                }
                lists.sort(query);
                assertThat(content(lists, query)).isEqualTo(wanted);
            }
            assertThat(lists.size(1)).isZero();
            assertThat(lists.limit(1)).isEqualTo(Float.POSITIVE_INFINITY);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5})
    void limitNeverKeepsOutWhatBelongsIn(int capacity) {
        NearestLists lists = new NearestLists(capacity);
        lists.reset(1);
        assertThat(lists.limit(0)).isEqualTo(Float.POSITIVE_INFINITY);
        int offers = 1000;
        for (int i = 0; i < offers; i++) {
            float distance = offers - i;
            assertThat(distance).isLessThanOrEqualTo(lists.limit(0));
            lists.offer(0, distance, i);
        }
        assertThat(lists.limit(0)).isLessThan(offers / 2f);
    }

    @Test
    void aRunIsWhatItsOffersAre() {
        Random random = new Random(22);
        for (int round = 0; round < 200; round++) {
            int capacity = 1 + random.nextInt(40);
            NearestLists one = new NearestLists(capacity);
            NearestLists other = new NearestLists(capacity);
            one.reset(2);
            other.reset(2);
            int number = 0;
            for (int run = 0; run < 6; run++) {
                float[] distances = new float[1 + random.nextInt(60)];
                for (int i = 0; i < distances.length; i++) {
                    distances[i] = random.nextInt(50) - 20;
                }
                int from = random.nextInt(distances.length);
                int count = distances.length - from;
                one.offerRun(1, distances, from, count, number);
                for (int i = 0; i < count; i++) {
                    other.offer(1, distances[from + i], number + i);
                }
                number += count;
            }
            one.sort(1);
            other.sort(1);
            assertThat(content(one, 1)).isEqualTo(content(other, 1));
        }
    }

    @Test
    void aShortenedListKeepsTheNearestOfAllOffers() {
        Random random = new Random(23);
        for (int round = 0; round < 200; round++) {
            int capacity = 1 + random.nextInt(40);
            int length = 1 + random.nextInt(capacity);
            int before = random.nextInt(60);
            NearestLists lists = new NearestLists(capacity);
            lists.reset(1);
            List<Offer> offers = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                if (i == before) {
                    lists.shorten(0, length);
                    assertThat(lists.limit(0) == Float.POSITIVE_INFINITY)
                            .isEqualTo(before < length);
                }
                Offer offer = new Offer(random.nextInt(90) - 40, i);
                offers.add(offer);
                if (offer.distance() <= lists.limit(0)) {
                    lists.offer(0, offer.distance(), offer.number());
                }
            }
            lists.sort(0);
            offers.sort(Comparator.comparing(Offer::distance).thenComparing(Offer::number));
            assertThat(content(lists, 0)).isEqualTo(offers.subList(0, length));
        }
    }

    @Test
    void selectingMovesTheNearestToTheFront() {
        Random random = new Random(24);
        for (int round = 0; round < 200; round++) {
            NearestLists lists = new NearestLists(100);
            lists.reset(2);
            int n = random.nextInt(170);
            List<Offer> offers = new ArrayList<>();
            for (int i = 0; i < n; i++) {
                offers.add(new Offer(random.nextInt(40) - 20, i));
                lists.offer(1, offers.get(i).distance(), i);
            }
            offers.sort(Comparator.comparing(Offer::distance).thenComparing(Offer::number));
            int first = Math.min(n, random.nextInt(20));
            int second = Math.min(n, first + random.nextInt(81));
            lists.select(1, 0, first);
            assertThat(content(lists, 1).subList(0, first))
                    .containsExactlyInAnyOrderElementsOf(offers.subList(0, first));
            lists.select(1, first, second);
            assertThat(content(lists, 1).subList(first, second))
                    .containsExactlyInAnyOrderElementsOf(offers.subList(first, second));
        }
    }

    @Test
    void whatIsInfinitelyFarDoesNotEnter() {
        NearestLists lists = new NearestLists(3);
        lists.reset(1);
        lists.offerRun(0, new float[] {1, Float.POSITIVE_INFINITY, 2}, 0, 3, 7);
        lists.offer(0, Float.POSITIVE_INFINITY, 1);
        lists.sort(0);
        assertThat(content(lists, 0)).isEqualTo(List.of(new Offer(1, 7), new Offer(2, 9)));
    }

    private static List<Offer> content(NearestLists lists, int query) {
        List<Offer> content = new ArrayList<>();
        for (int r = 0; r < lists.size(query); r++) {
            content.add(new Offer(lists.distance(query, r), lists.number(query, r)));
        }
        return content;
    }
}
