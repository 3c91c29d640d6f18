package io.sparkspann.spark.input;

import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.VectorBlock;
import io.sparkspann.vector.VectorDomain;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;

/** Columns of float arrays, and of double arrays, which are narrowed. */
final class FloatArrays extends VectorDecoder {
    private static final long serialVersionUID = 1L;

    private final boolean doubles;
    private final boolean nullable;

    FloatArrays(boolean doubles, boolean nullable, int dimensions, VectorDomain domain) {
        super(ElementType.FLOAT32, dimensions, domain);
        this.doubles = doubles;
        this.nullable = nullable;
    }

    @Override
    boolean hasNull(InternalRow row, int ordinal) {
        return nullable && hasNull(row.getArray(ordinal));
    }

    @Override
    String copy(InternalRow row, int ordinal, VectorBlock target, int offset) {
        ArrayData array = row.getArray(ordinal);
        String problem = checkArray(array, nullable);
        if (problem != null) {
            return problem;
        }
        if (doubles) {
            return narrow(array.toDoubleArray(), target.floats(), offset);
        }
        System.arraycopy(array.toFloatArray(), 0, target.floats(), offset, dimensions());
        return null;
    }

    /** Narrows doubles; returns a problem, or null. */
    static String narrow(double[] values, float[] target, int offset) {
        for (int j = 0; j < values.length; j++) {
            target[offset + j] = (float) values[j];
            if (Float.isInfinite(target[offset + j]) && Double.isFinite(values[j])) {
                return "component " + j + " is " + values[j] + ", too large for float32";
            }
        }
        return null;
    }
}
