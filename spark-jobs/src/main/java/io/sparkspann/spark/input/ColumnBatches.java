package io.sparkspann.spark.input;

import io.sparkspann.error.InvalidInputException;
import io.sparkspann.spark.error.Redaction;
import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.VectorBatch;
import io.sparkspann.vector.VectorBlock;
import java.io.Serializable;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.rdd.InputFileBlockHolder;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.unsafe.types.UTF8String;

/** The rows of one partition as batches. For one thread. */
final class ColumnBatches implements Iterator<VectorBatch> {
    private static final int ROWS_AT_MOST = 8192;
    private static final int COMPONENT_BYTES = 1 << 20;

    private final Layout layout;
    private final Iterator<InternalRow> rows;
    private final int capacity;
    private long rowsRead;
    private UTF8String file;
    private long fileRow;

    /**
     * What the rows are.
     *
     * @param table name of the table, without credentials
     * @param spec how to read it
     * @param ids what identifies the rows
     * @param vectorColumn position of the vector
     * @param decoder reader of the vector
     * @param keepWithout whether rows without a vector to search for stay: null, or zero where the
     *     metric defines no distance to it
     * @param plainScan whether the rows are those of files, none left out, so that they can be
     *     numbered
     * @param assumption see {@link VectorTable#assumption}
     */
    record Layout(
            String table,
            InputSpec spec,
            RowIds.Factory ids,
            int vectorColumn,
            VectorDecoder decoder,
            boolean keepWithout,
            boolean plainScan,
            String assumption)
            implements Serializable {}

    ColumnBatches(Layout layout, Iterator<InternalRow> rows) {
        this.layout = layout;
        this.rows = rows;
        this.capacity = rowsPerBatch(layout.decoder().type(), layout.decoder().dimensions());
    }

    /** How many vectors make about 1 MiB of components. */
    static int rowsPerBatch(ElementType type, int dimensions) {
        long bytes = (long) dimensions * type.bytes();
        return (int) Math.max(1, Math.min(ROWS_AT_MOST, COMPONENT_BYTES / bytes));
    }

    @Override
    public boolean hasNext() {
        return rows.hasNext();
    }

    @Override
    public VectorBatch next() {
        if (!rows.hasNext()) {
            throw new NoSuchElementException();
        }
        VectorDecoder decoder = layout.decoder();
        int column = layout.vectorColumn();
        VectorBlock vectors = VectorBlock.allocate(decoder.type(), decoder.dimensions(), capacity);
        RowIds ids = layout.ids().start(capacity);
        long firstRow = rowsRead;
        int size = 0;
        while (size < capacity && !ids.isFull() && rows.hasNext()) {
            InternalRow row = rows.next();
            rowsRead++;
            follow();
            String idProblem = ids.problem(row);
            if (idProblem == null && keepsWithout(row, vectors, size)) {
                decoder.fill(vectors, size++);
                ids.add(row, false);
                continue;
            }
            String problem =
                    idProblem == null ? decoder.decode(row, column, vectors, size) : idProblem;
            if (problem == null) {
                ids.add(row, true);
                size++;
            } else if (layout.spec().badRows() == BadRows.FAIL) {
                throw failure(row, ids, problem);
            }
        }
        VectorBlock block = size == capacity ? vectors : vectors.slice(0, size);
        return new VectorBatch(
                ids.toBlock(), block, layout.table(), firstRow, rowsRead - firstRow - size);
    }

    private boolean keepsWithout(InternalRow row, VectorBlock scratch, int at) {
        return layout.keepWithout()
                && layout.decoder().isWithout(row, layout.vectorColumn(), scratch, at);
    }

    /**
     * Keeps the number of the row in its file. Spark makes one object for each file that a task
     * begins.
     */
    private void follow() {
        UTF8String current = InputFileBlockHolder.getInputFilePath();
        if (current != file) {
            file = current;
            fileRow = 0;
        } else {
            fileRow++;
        }
    }

    private InvalidInputException failure(InternalRow row, RowIds ids, String problem) {
        boolean inFile = file != null && file.numBytes() > 0;
        boolean numbered =
                inFile && layout.plainScan() && InputFileBlockHolder.getStartOffset() == 0;
        boolean noId = ids.problem(row) != null;
        String name = ids.text(row);
        InputSpec spec = layout.spec();
        return new InvalidInputException(
                (inFile ? Redaction.redact(file.toString()) : layout.table())
                        + ":"
                        + (numbered ? " row " + fileRow + "," : "")
                        + (name.isEmpty() ? "" : " " + name + ",")
                        + " column '"
                        + (noId ? spec.idColumn() : spec.vectorColumn())
                        + "': "
                        + problem
                        + (noId ? "" : layout.assumption())
                        + "; correct the row, or leave such rows out (--on-bad-row skip; when a"
                        + " DataFrame is written, option onBadRow=skip; of queries, a filter)");
    }
}
