package io.sparkspann.spark.input;

import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.VectorBlock;
import java.io.Serializable;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;

/** Copies the vectors of one column to blocks, and says what is wrong with one that cannot be used. Thread-safe. */
abstract class VectorDecoder implements Serializable {
    private static final long serialVersionUID = 1L;

    private final ElementType type;
    private final int dimensions;
    private final boolean rejectZero;

    VectorDecoder(ElementType type, int dimensions, boolean rejectZero) {
        this.type = type;
        this.dimensions = dimensions;
        this.rejectZero = rejectZero;
    }

    final ElementType type() {
        return type;
    }

    final int dimensions() {
        return dimensions;
    }

    /**
     * Copies the vector in column {@code ordinal} of {@code row} to position {@code at} of {@code target}.
     *
     * @return null, or what is wrong with the vector; the position then holds anything
     */
    final String decode(InternalRow row, int ordinal, VectorBlock target, int at) {
        if (row.isNullAt(ordinal)) {
            return "is null";
        }
        String problem = copy(row, ordinal, target, at * dimensions);
        if (problem != null) {
            return problem;
        }
        return type.isByte()
                ? checkBytes(target.bytes(), at * dimensions)
                : checkFloats(target.floats(), at * dimensions);
    }

    /** Copies a vector that is not null to {@code target[offset, offset + dimensions)}; returns a problem, or null. */
    abstract String copy(InternalRow row, int ordinal, VectorBlock target, int offset);

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
        return "has " + length + " components, the table has " + dimensions;
    }

    private String checkFloats(float[] values, int offset) {
        // The bits of finite floats without sign are below those of infinity, and one integer maximum is vectorised.
        int highest = 0;
        for (int j = offset; j < offset + dimensions; j++) {
            highest = Math.max(highest, Float.floatToRawIntBits(values[j]) & 0x7FFFFFFF);
        }
        if (highest >= 0x7F800000) {
            return notFinite(values, offset);
        }
        return highest == 0 && rejectZero ? ZERO : null;
    }

    private String notFinite(float[] values, int offset) {
        int j = 0;
        while (Float.isFinite(values[offset + j])) {
            j++;
        }
        return "component " + j + " is " + values[offset + j];
    }

    private String checkBytes(byte[] values, int offset) {
        if (!rejectZero) {
            return null;
        }
        int any = 0;
        for (int j = offset; j < offset + dimensions; j++) {
            any |= values[j];
        }
        return any == 0 ? ZERO : null;
    }

    private static final String ZERO = "is a vector of zeros, which has no direction";
}
