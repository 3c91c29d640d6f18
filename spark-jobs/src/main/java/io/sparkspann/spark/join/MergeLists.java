package io.sparkspann.spark.join;

import io.sparkspann.distance.VectorSpace;
import io.sparkspann.vector.IdBlock;
import io.sparkspann.vector.IdType;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import scala.Tuple2;

/**
 * Third step of a join: merges the partial lists of the queries of a bucket, drops replicas and
 * queries themselves, orders equals by id and makes rows. Holds the lists of its bucket.
 */
final class MergeLists {
    private final JoinPlan plan;
    private final VectorSpace space;
    private final IdType queryType;
    private final IdType neighborType;
    private final JoinCost cost;
    private final List<PartialLists> parts = new ArrayList<>();

    MergeLists(
            JoinPlan plan,
            VectorSpace space,
            IdType queryType,
            IdType neighborType,
            JoinCost cost) {
        this.plan = plan;
        this.space = space;
        this.queryType = queryType;
        this.neighborType = neighborType;
        this.cost = cost;
    }

    /**
     * Takes all lists of a bucket and returns its rows, query by query in the order of their keys.
     */
    Iterator<Row> merge(Iterator<Tuple2<Integer, byte[]>> encoded) {
        int lists = 0;
        while (encoded.hasNext()) {
            PartialLists part = PartialLists.decode(queryType, neighborType, encoded.next()._2());
            parts.add(part);
            lists += part.keys().length;
        }
        List<int[]> order = order(lists);
        return new Iterator<>() {
            private int at;
            private final List<Row> rows = new ArrayList<>();
            private int nextRow;

            @Override
            public boolean hasNext() {
                while (nextRow == rows.size() && at < order.size()) {
                    rows.clear();
                    nextRow = 0;
                    at = mergeQuery(order, at, rows);
                    cost.rows().add(rows.size());
                }
                return nextRow < rows.size();
            }

            @Override
            public Row next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                return rows.get(nextRow++);
            }
        };
    }

    /** All lists as pairs of part and query, by query key. */
    private List<int[]> order(int lists) {
        List<int[]> order = new ArrayList<>(lists);
        for (int p = 0; p < parts.size(); p++) {
            for (int q = 0; q < parts.get(p).keys().length; q++) {
                order.add(new int[] {p, q});
            }
        }
        order.sort((a, b) -> Long.compare(key(a), key(b)));
        return order;
    }

    private long key(int[] list) {
        return parts.get(list[0]).keys()[list[1]];
    }

    /**
     * Merges the lists of one query, which begin at {@code from}; returns where the next query
     * begins.
     */
    private int mergeQuery(List<int[]> order, int from, List<Row> rows) {
        int to = from;
        while (to < order.size() && key(order.get(to)) == key(order.get(from))) {
            to++;
        }
        int[] next = new int[to - from];
        for (int i = from; i < to; i++) {
            next[i - from] = parts.get(order.get(i)[0]).starts()[order.get(i)[1]];
        }
        PartialLists first = parts.get(order.get(from)[0]);
        Object queryId = value(first.queryIds(), order.get(from)[1]);
        IdBlock lastIds = null;
        int last = -1;
        int rank = 0;
        while (rank < plan.k()) {
            int best = best(order, from, next);
            if (best < 0) {
                break;
            }
            PartialLists part = parts.get(order.get(from + best)[0]);
            int at = next[best]++;
            IdBlock ids = part.neighborIds();
            // The same vector has the same key in all lists, so its copies come one after another.
            boolean copy = lastIds != null && ids.compare(at, lastIds, last) == 0;
            boolean self =
                    plan.excludeSelf() && isSame(first.queryIds(), order.get(from)[1], ids, at);
            if (!copy && !self) {
                rank++;
                float distance = space.reported(part.rankKeys()[at]);
                rows.add(RowFactory.create(queryId, value(ids, at), distance, rank));
            }
            lastIds = ids;
            last = at;
        }
        return to;
    }

    private int best(List<int[]> order, int from, int[] next) {
        int best = -1;
        for (int i = 0; i < next.length; i++) {
            int[] list = order.get(from + i);
            if (next[i] == parts.get(list[0]).starts()[list[1] + 1]) {
                continue;
            }
            if (best < 0 || isBefore(list, next[i], order.get(from + best), next[best])) {
                best = i;
            }
        }
        return best;
    }

    private boolean isBefore(int[] list, int at, int[] other, int otherAt) {
        PartialLists a = parts.get(list[0]);
        PartialLists b = parts.get(other[0]);
        if (a.rankKeys()[at] != b.rankKeys()[otherAt]) {
            return a.rankKeys()[at] < b.rankKeys()[otherAt];
        }
        return a.neighborIds().compare(at, b.neighborIds(), otherAt) < 0;
    }

    private static boolean isSame(IdBlock queryIds, int query, IdBlock ids, int at) {
        boolean strings = queryIds.type() == IdType.STRING;
        return strings == (ids.type() == IdType.STRING) && queryIds.compare(query, ids, at) == 0;
    }

    private static Object value(IdBlock ids, int i) {
        return switch (ids.type()) {
            case INT -> (int) ids.number(i);
            case LONG -> ids.number(i);
            case STRING -> ids.text(i);
        };
    }
}
