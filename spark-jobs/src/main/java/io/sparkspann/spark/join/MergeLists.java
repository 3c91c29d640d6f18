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
        while (encoded.hasNext()) {
            parts.add(PartialLists.decode(queryType, neighborType, encoded.next()._2()));
        }
        ListsByQuery lists = ListsByQuery.of(parts);
        return new Iterator<>() {
            private int query;
            private final List<Row> rows = new ArrayList<>();
            private int nextRow;

            @Override
            public boolean hasNext() {
                while (nextRow == rows.size() && query < lists.queries()) {
                    rows.clear();
                    nextRow = 0;
                    mergeQuery(lists, query++, rows);
                    cost.rows().add(rows.size());
                    cost.shortLists().add(rows.size() < plan.k() ? 1 : 0);
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

    private void mergeQuery(ListsByQuery lists, int query, List<Row> rows) {
        int from = lists.start(query);
        int to = lists.start(query + 1);
        int[] next = new int[to - from];
        for (int i = from; i < to; i++) {
            next[i - from] = lists.firstNeighbor(i);
        }
        IdBlock queryIds = lists.part(from).queryIds();
        int queryRow = lists.row(from);
        Object queryId = value(queryIds, queryRow);
        IdBlock lastIds = null;
        int last = -1;
        int rank = 0;
        while (rank < plan.k()) {
            int best = best(lists, from, next);
            if (best < 0) {
                break;
            }
            PartialLists part = lists.part(from + best);
            int at = next[best]++;
            IdBlock ids = part.neighborIds();
            // The same vector has the same key in all lists, so its copies come one after another.
            boolean copy = lastIds != null && ids.compare(at, lastIds, last) == 0;
            boolean self = plan.excludeSelf() && isSame(queryIds, queryRow, ids, at);
            if (!copy && !self) {
                rank++;
                float distance = space.reported(part.rankKeys()[at]);
                rows.add(RowFactory.create(queryId, value(ids, at), distance, rank));
            }
            lastIds = ids;
            last = at;
        }
    }

    /** Which of the lists from {@code from} on has the nearest next neighbour; -1 if all ended. */
    private static int best(ListsByQuery lists, int from, int[] next) {
        int best = -1;
        for (int i = 0; i < next.length; i++) {
            if (next[i] < lists.endNeighbor(from + i)
                    && (best < 0
                            || isBefore(
                                    lists.part(from + i),
                                    next[i],
                                    lists.part(from + best),
                                    next[best]))) {
                best = i;
            }
        }
        return best;
    }

    private static boolean isBefore(PartialLists a, int at, PartialLists b, int otherAt) {
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
