package io.sparkspann.spark.join;

import io.sparkspann.distance.VectorSpace;
import io.sparkspann.vector.IdBlock;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.sql.catalyst.InternalRow;
import scala.Tuple2;

/**
 * Last step of a join: merges the partial lists of the queries of a bucket, drops replicas and
 * queries themselves, orders equals by id and makes rows, query by query in the order of their
 * keys. Holds the lists of its bucket. Gives the same row object, filled anew, again and again, as
 * Spark's own scans do.
 */
final class MergeLists implements Iterator<InternalRow> {
    private final JoinPlan plan;
    private final VectorSpace space;
    private final JoinCost cost;
    private final ListsByQuery lists;
    private final InternalRow row;
    private final int[] nearestParts;
    private final int[] nearestNeighbors;
    private int[] next = new int[8];
    private int query;
    private int found;
    private int given;

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
        this.plan = plan;
        this.space = space;
        this.cost = cost;
        this.row = columns.newRow();
        this.nearestParts = new int[plan.k()];
        this.nearestNeighbors = new int[plan.k()];
        List<PartialLists> parts = new ArrayList<>();
        while (encoded.hasNext()) {
            parts.add(
                    PartialLists.decode(
                            columns.queryType(), columns.neighborType(), encoded.next()._2()));
        }
        this.lists = ListsByQuery.of(parts);
    }

    @Override
    public boolean hasNext() {
        while (given == found && query < lists.queries()) {
            mergeQuery(query++);
        }
        return given < found;
    }

    @Override
    public InternalRow next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        PartialLists part = lists.part(nearestParts[given]);
        int at = nearestNeighbors[given++];
        float distance = space.reported(part.rankKeys()[at]);
        JoinColumns.setNeighbor(row, part.neighborIds(), at, distance, given);
        return row;
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
        IdBlock queryIds = lists.part(from).queryIds();
        int queryRow = lists.row(from);
        JoinColumns.setQuery(row, queryIds, queryRow);
        IdBlock lastIds = null;
        int last = -1;
        given = 0;
        found = 0;
        while (found < plan.k()) {
            int best = best(from, count);
            if (best < 0) {
                break;
            }
            IdBlock ids = lists.part(from + best).neighborIds();
            int at = next[best]++;
            // The same vector has the same key in all lists, so its copies come one after another.
            boolean copy = lastIds != null && ids.compare(at, lastIds, last) == 0;
            boolean self = plan.excludeSelf() && JoinColumns.isSame(queryIds, queryRow, ids, at);
            if (!copy && !self) {
                nearestParts[found] = from + best;
                nearestNeighbors[found++] = at;
            }
            lastIds = ids;
            last = at;
        }
        cost.rows().add(found);
        cost.shortLists().add(found < plan.k() ? 1 : 0);
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
