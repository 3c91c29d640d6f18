package io.sparkspann.spark.input;

import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.VectorBlock;
import io.sparkspann.vector.VectorCheck;
import io.sparkspann.vector.VectorDomain;
import java.io.Serializable;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;

/**
 * Copies the vectors of one column to blocks, and says what is wrong with one that cannot be used.
 * Thread-safe.
 */
abstract class VectorDecoder implements Serializable {
    private static final long serialVersionUID = 1L;

    private final ElementType type;
    private final int dimensions;
    private final VectorDomain domain;

    VectorDecoder(ElementType type, int dimensions, VectorDomain domain) {
        this.type = type;
        this.dimensions = dimensions;
        this.domain = domain;
    }

    final ElementType type() {
        return type;
    }

    final int dimensions() {
        return dimensions;
    }

    /**
     * Copies the vector in column {@code ordinal} of {@code row} to position {@code at} of {@code
     * target}.
     *
     * @return null, or what is wrong with the vector; the position then holds anything
     */
    final String decode(InternalRow row, int ordinal, VectorBlock target, int at) {
        if (row.isNullAt(ordinal)) {
            return "the vector is null";
        }
        String problem = copy(row, ordinal, target, at * dimensions);
        if (problem != null) {
            return problem;
        }
        return VectorCheck.problem(target, at, domain);
    }

    /**
     * Whether a row has no vector to search for, though nothing is wrong with it: null or with a
     * null component, to which no distance is defined, or zero where that is rejected.
     *
     * @param scratch its position {@code at} then holds anything
     */
    final boolean isWithout(InternalRow row, int ordinal, VectorBlock scratch, int at) {
        return row.isNullAt(ordinal)
                || hasNull(row, ordinal)
                || domain == VectorDomain.NOT_ZERO
                        && copy(row, ordinal, scratch, at * dimensions) == null
                        && scratch.isZero(at);
    }

    /** Puts a vector that can be searched for in the place of one that is missing. */
    final void fill(VectorBlock target, int at) {
        float[] row = new float[dimensions];
        for (int j = 0; j < dimensions; j++) {
            row[j] = domain.component(j);
        }
        target.set(at, row);
    }

    /**
     * Copies a vector that is not null to {@code target[offset, offset + dimensions)}; returns a
     * problem, or null.
     */
    abstract String copy(InternalRow row, int ordinal, VectorBlock target, int offset);

    /** Whether a component of a vector that is not null is null. */
    boolean hasNull(InternalRow row, int ordinal) {
        return false;
    }

    static boolean hasNull(ArrayData array) {
        for (int j = 0; j < array.numElements(); j++) {
            if (array.isNullAt(j)) {
                return true;
            }
        }
        return false;
    }

    /** Checks the length of an array and, if it may have any, for nulls. */
    final String checkArray(ArrayData array, boolean nullable) {
        int length = array.numElements();
        if (length != dimensions) {
            return wrongDimension(length);
        }
        if (nullable) {
            for (int j = 0; j < length; j++) {
                if (array.isNullAt(j)) {
                    return "component " + j + " is null";
                }
            }
        }
        return null;
    }

    final String wrongDimension(int length) {
        return "the vector has " + length + " components instead of " + dimensions;
    }
}
