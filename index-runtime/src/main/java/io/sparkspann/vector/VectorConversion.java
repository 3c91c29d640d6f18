package io.sparkspann.vector;

import io.sparkspann.error.InvalidInputException;
import java.io.Serializable;
import java.util.Arrays;

/**
 * A conversion of the rows of a table: those that cannot be converted, or have no distances
 * afterwards, are an error or are left out. Thread-safe.
 *
 * @param conversion of each vector
 * @param domain converted vectors outside cannot be used
 * @param skipBadRows whether such rows are counted and left out; else they are an error
 * @param rowNumberIds whether ids are row numbers, for messages
 */
public record VectorConversion(
        Conversion conversion, VectorDomain domain, boolean skipBadRows, boolean rowNumberIds)
        implements Serializable {
    /**
     * Converts a batch.
     *
     * @throws InvalidInputException for the first bad row, unless such rows are left out
     */
    public VectorBatch apply(VectorBatch batch) {
        VectorBlock vectors = batch.vectors();
        int d = vectors.dimensions();
        VectorBlock target =
                VectorBlock.allocate(conversion.type(), conversion.dimensions(d), batch.size());
        float[] scratch = new float[d];
        int[] kept = new int[batch.size()];
        int size = 0;
        for (int i = 0; i < batch.size(); i++) {
            String problem = conversion.convert(vectors, i, target, size, scratch);
            if (problem == null) {
                problem = problem(vectors, i, target, size);
            }
            if (problem == null) {
                kept[size++] = i;
            } else if (!skipBadRows) {
                throw bad(batch, i, problem);
            }
        }
        boolean all = size == batch.size();
        return new VectorBatch(
                all ? batch.ids() : batch.ids().gather(Arrays.copyOf(kept, size)),
                all ? target : target.slice(0, size),
                batch.source(),
                batch.firstRow(),
                batch.skippedRows() + batch.size() - size);
    }

    /** Of a converted vector; codes that are all zero are not what the table has. */
    private String problem(VectorBlock source, int row, VectorBlock target, int at) {
        String problem = VectorCheck.problem(target, at, domain);
        boolean rounded =
                problem != null && conversion instanceof CodeConversion && !source.isZero(row);
        return rounded ? CodeConversion.ALL_ZERO : problem;
    }

    private InvalidInputException bad(VectorBatch batch, int row, String problem) {
        return new InvalidInputException(
                batch.source()
                        + (rowNumberIds ? ": row " : ": the row with id ")
                        + batch.ids().text(row)
                        + " cannot be used as "
                        + conversion.type().label()
                        + ": "
                        + problem
                        + "; use another element type, correct the row, or leave such rows out"
                        + " (--on-bad-row skip; when a DataFrame is written, option"
                        + " onBadRow=skip)");
    }
}
