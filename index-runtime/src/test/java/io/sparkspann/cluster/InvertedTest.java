package io.sparkspann.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkspann.distance.NearestLists;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class InvertedTest {
    @Test
    void everyNumberHasTheQueriesThatListItInOrder() {
        SplittableRandom random = new SplittableRandom(41);
        for (int round = 0; round < 100; round++) {
            int n = random.nextInt(30);
            int numbers = 1 + random.nextInt(20);
            NearestLists lists = new NearestLists(4);
            lists.reset(n);
            TreeMap<Integer, List<Integer>> wanted = new TreeMap<>();
            for (int c = 0; c < numbers; c++) {
                wanted.put(c, new ArrayList<>());
            }
            for (int i = 0; i < n; i++) {
                int first = random.nextInt(numbers);
                for (int c = first; c < Math.min(numbers, first + random.nextInt(5)); c++) {
                    lists.offer(i, random.nextInt(3), c);
                    wanted.get(c).add(i);
                }
            }
            Inverted inverted = Inverted.of(lists, Inverted.Ranks.ALL, n, numbers);
            for (int c = 0; c < numbers; c++) {
                List<Integer> queries = new ArrayList<>();
                for (int p = inverted.start(c); p < inverted.end(c); p++) {
                    queries.add(inverted.query(p));
                }
                assertThat(queries).isEqualTo(wanted.get(c));
            }
        }
    }

    @Test
    void ranksTakeAPartOfEachList() {
        NearestLists lists = new NearestLists(4);
        lists.reset(2);
        for (int query = 0; query < 2; query++) {
            for (int number = 0; number < 4; number++) {
                lists.offer(query, number, number);
            }
            lists.sort(query);
        }
        Inverted part = Inverted.of(lists, new Inverted.Ranks(1, query -> 2 + query), 2, 4);
        assertThat(part.end(0)).isZero();
        assertThat(part.end(1)).isEqualTo(2);
        assertThat(part.query(part.start(2))).isEqualTo(1);
        assertThat(part.end(3)).isEqualTo(3);
    }
}
