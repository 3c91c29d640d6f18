package io.sparkspann.spark.join;

import io.sparkspann.distance.VectorSpace;
import io.sparkspann.vector.IdBlock;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.sql.catalyst.InternalRow;

/**
 * The rows of a result, query by query. Gives the same row object, filled anew, again and again, as
 * Spark's own scans do. For one thread.
 */
abstract class ResultRows implements Iterator<InternalRow> {
    private final Selection selection;
    private final VectorSpace space;
    private final JoinCost cost;
    private final JoinRow row;
    private final IdBlock[] ids;
    private final int[] positions;
    private final float[] distances;
    private int found;
    private int given;
    private boolean alone;

    ResultRows(Selection selection, VectorSpace space, JoinColumns columns, JoinCost cost) {
        this.selection = selection;
        this.space = space;
        this.cost = cost;
        this.row = columns.newRow();
        this.ids = new IdBlock[selection.k()];
        this.positions = new int[selection.k()];
        this.distances = new float[selection.k()];
    }

    /**
     * Takes the next query: {@link #begin}, neighbours from the nearest on, {@link #end}.
     *
     * @return false if there is no query left
     */
    protected abstract boolean advance();

    /** Takes a query; false if it has no neighbours, for it cannot be searched for. */
    protected final boolean begin(IdBlock queries, int query) {
        row.setQuery(queries, query);
        given = 0;
        found = 0;
        return row.isSearchable();
    }

    /** Offers the next neighbour of the query; false if no further one is wanted. */
    protected final boolean offer(float key, IdBlock neighborIds, int position) {
        float distance = space.reported(key);
        if (found == selection.k() || selection.isBeyond(distance, space.metric().isSimilarity())) {
            return false;
        }
        if (!selection.excludeSelf() || !row.isSelf(neighborIds, position)) {
            ids[found] = neighborIds;
            positions[found] = position;
            distances[found++] = distance;
        }
        return found < selection.k();
    }

    protected final void end() {
        alone = found == 0 && selection.outer();
        cost.rows().add(alone ? 1 : found);
        (found < selection.k() ? cost.shortLists() : cost.fullLists()).add(1);
    }

    @Override
    public final boolean hasNext() {
        while (given == found && !alone) {
            if (!advance()) {
                return false;
            }
        }
        return true;
    }

    @Override
    public final InternalRow next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        if (alone) {
            alone = false;
            return row.alone();
        }
        int at = given++;
        return row.with(ids[at], positions[at], distances[at], given);
    }
}
