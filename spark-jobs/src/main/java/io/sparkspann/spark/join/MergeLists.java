package io.sparkspann.spark.join;

import io.sparkspann.distance.VectorSpace;
import io.sparkspann.vector.IdBlock;
import io.sparkspann.vector.IdType;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import scala.Tuple2;

/**
 * Last step of a join: merges the partial lists of the queries of a bucket, drops replicas and
 * queries themselves, orders equals by id and makes rows, query by query in the order of their
 * keys. Holds the lists of its bucket.
 */
final class MergeLists extends ResultRows {
    private final ListsByQuery lists;
    private int[] next = new int[8];
    private int query;

    /**
     * Takes all lists of a bucket.
     *
     * @param encoded {@link PartialLists}
     */
    MergeLists(
            JoinPlan plan,
            VectorSpace space,
            JoinColumns columns,
            JoinCost cost,
            Iterator<Tuple2<Integer, byte[]>> encoded) {
        super(plan.selection(), space, columns, cost);
        List<PartialLists> parts = new ArrayList<>();
        while (encoded.hasNext()) {
            parts.add(
                    PartialLists.decode(
                            columns.queryType(), columns.neighbor().idType(), encoded.next()._2()));
        }
        this.lists = ListsByQuery.of(parts);
    }

    @Override
    protected boolean advance() {
        if (query == lists.queries()) {
            return false;
        }
        mergeQuery(query++);
        return true;
    }

    /** Finds the neighbours of a query. */
    private void mergeQuery(int number) {
        int from = lists.start(number);
        int count = lists.start(number + 1) - from;
        if (next.length < count) {
            next = new int[2 * count];
        }
        for (int i = 0; i < count; i++) {
            next[i] = lists.firstNeighbor(from + i);
        }
        int named = withId(from, count);
        boolean more = begin(lists.part(named).queryIds(), lists.row(named));
        IdBlock lastIds = null;
        int last = -1;
        while (more) {
            int best = best(from, count);
            if (best < 0) {
                break;
            }
            PartialLists part = lists.part(from + best);
            IdBlock ids = part.neighborIds();
            int at = next[best]++;
            // The same vector has the same key in all lists, so its copies come one after another.
            boolean copy = lastIds != null && ids.compare(at, lastIds, last) == 0;
            if (!copy) {
                more = offer(part.rankKeys()[at], ids, at);
            }
            lastIds = ids;
            last = at;
        }
        end();
    }

    /** The list that came with the query's id: strings are sent once, see {@link RouteQueries}. */
    private int withId(int from, int count) {
        for (int i = from; i < from + count; i++) {
            IdBlock ids = lists.part(i).queryIds();
            int at = lists.row(i);
            if (ids.type() != IdType.STRING || ids.offsets()[at + 1] > ids.offsets()[at]) {
                return i;
            }
        }
        return from;
    }

    /** Which of the lists from {@code from} on has the nearest next neighbour; -1 if all ended. */
    private int best(int from, int count) {
        int best = -1;
        PartialLists bestPart = null;
        for (int i = 0; i < count; i++) {
            PartialLists part = lists.part(from + i);
            if (next[i] < part.starts()[lists.row(from + i) + 1]
                    && (best < 0 || isBefore(part, next[i], bestPart, next[best]))) {
                best = i;
                bestPart = part;
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
}
