package io.sparkspann.spark.join;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The rows of a join, in a form that tests compare. */
final class Joined {
    private Joined() {}

    /**
     * Neighbours of each query id, as {@code id distance} by rank. Each list has the ranks 1, 2,
     * ... as often as the query id occurs.
     */
    static Map<String, List<List<String>>> lists(Dataset<Row> rows) {
        Map<String, List<List<String>>> byQuery = new LinkedHashMap<>();
        for (Row row : rows.collectAsList()) {
            List<List<String>> lists =
                    byQuery.computeIfAbsent(String.valueOf(row.get(0)), id -> new ArrayList<>());
            int rank = row.getInt(3);
            if (rank == 1) {
                lists.add(new ArrayList<>());
            }
            List<String> list = lists.get(lists.size() - 1);
            list.add(row.get(1) + " " + row.getFloat(2));
            assertThat(rank).isEqualTo(list.size());
        }
        return byQuery;
    }

    /** Checks that queries {@code 0..n-1}, of these ids, have these neighbours. */
    static void requireEqual(Dataset<Row> rows, BruteForce.Ids ids, List<List<String>> expected) {
        Map<String, List<List<String>>> lists = lists(rows);
        assertThat(lists).hasSize(expected.size());
        for (int q = 0; q < expected.size(); q++) {
            String id = String.valueOf(ids.of(q));
            assertThat(lists.get(id)).as("query %s", id).containsExactly(expected.get(q));
        }
    }
}
