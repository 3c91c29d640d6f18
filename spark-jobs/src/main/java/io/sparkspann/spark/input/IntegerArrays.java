package io.sparkspann.spark.input;

import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.VectorBlock;
import io.sparkspann.vector.VectorDomain;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.ShortType;

/** Columns of tinyint, smallint and int arrays, narrowed to bytes or turned into floats. */
final class IntegerArrays extends VectorDecoder {
    private static final long serialVersionUID = 1L;

    private final DataType component;
    private final boolean nullable;
    private final int lowest;
    private final int highest;

    IntegerArrays(
            DataType component,
            boolean nullable,
            ElementType type,
            int dimensions,
            VectorDomain domain) {
        super(type, dimensions, domain);
        this.component = component;
        this.nullable = nullable;
        this.lowest = lowest(type);
        this.highest = highest(type);
    }

    /** The narrowest type for components from {@code min} to {@code max}; uint8 before int8. */
    static ElementType narrowest(int min, int max) {
        for (ElementType type : new ElementType[] {ElementType.UINT8, ElementType.INT8}) {
            if (min >= lowest(type) && max <= highest(type)) {
                return type;
            }
        }
        return ElementType.FLOAT32;
    }

    /** The components of an array without nulls, as ints. */
    static int[] values(ArrayData array, DataType component) {
        if (component instanceof ByteType) {
            byte[] bytes = array.toByteArray();
            int[] values = new int[bytes.length];
            for (int j = 0; j < values.length; j++) {
                values[j] = bytes[j];
            }
            return values;
        }
        if (component instanceof ShortType) {
            short[] shorts = array.toShortArray();
            int[] values = new int[shorts.length];
            for (int j = 0; j < values.length; j++) {
                values[j] = shorts[j];
            }
            return values;
        }
        return array.toIntArray();
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
        if (component instanceof ByteType && type() == ElementType.INT8) {
            System.arraycopy(array.toByteArray(), 0, target.bytes(), offset, dimensions());
            return null;
        }
        int[] values = values(array, component);
        return type().isByte()
                ? narrow(values, target.bytes(), offset)
                : widen(values, target.floats(), offset);
    }

    private String narrow(int[] values, byte[] target, int offset) {
        for (int j = 0; j < values.length; j++) {
            if (values[j] < lowest || values[j] > highest) {
                return "component " + j + " is " + values[j] + ", outside of " + type().label();
            }
            target[offset + j] = (byte) values[j];
        }
        return null;
    }

    private static String widen(int[] values, float[] target, int offset) {
        for (int j = 0; j < values.length; j++) {
            target[offset + j] = values[j];
        }
        return null;
    }

    private static int lowest(ElementType type) {
        return type == ElementType.UINT8
                ? 0
                : type == ElementType.INT8 ? Byte.MIN_VALUE : Integer.MIN_VALUE;
    }

    private static int highest(ElementType type) {
        return type == ElementType.UINT8
                ? 255
                : type == ElementType.INT8 ? Byte.MAX_VALUE : Integer.MAX_VALUE;
    }
}
