package io.sparkspann.spark.input;

import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.VectorBlock;
import io.sparkspann.vector.VectorDomain;
import java.util.Arrays;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.UserDefinedType;

/**
 * Columns of vectors of Spark ML, dense and sparse, narrowed to floats. Spark ML itself is not
 * needed: to the engine such a vector is a struct of a type (0 sparse, 1 dense), the size of a
 * sparse one, its indices, and values.
 */
final class MlVectors extends VectorDecoder {
    private static final long serialVersionUID = 1L;
    private static final int FIELDS = 4;
    private static final int TYPE = 0;
    private static final int SIZE = 1;
    private static final int INDICES = 2;
    private static final int VALUES = 3;
    private static final int SPARSE = 0;

    MlVectors(int dimensions, VectorDomain domain) {
        super(ElementType.FLOAT32, dimensions, domain);
    }

    /** Whether a column holds such vectors. */
    static boolean isTypeOf(DataType column) {
        if (column instanceof UserDefinedType<?> type) {
            return isTypeOf(type.sqlType());
        }
        return column instanceof StructType struct
                && struct.size() == FIELDS
                && is(struct, TYPE, "type", DataTypes.ByteType)
                && is(struct, SIZE, "size", DataTypes.IntegerType)
                && is(struct, INDICES, "indices", DataTypes.createArrayType(DataTypes.IntegerType))
                && is(struct, VALUES, "values", DataTypes.createArrayType(DataTypes.DoubleType));
    }

    private static boolean is(StructType struct, int at, String name, DataType type) {
        StructField field = struct.fields()[at];
        return field.name().equals(name)
                && field.dataType().simpleString().equals(type.simpleString());
    }

    /** Components of the vector in a column that is not null. */
    static int dimensions(InternalRow row, int ordinal) {
        InternalRow vector = row.getStruct(ordinal, FIELDS);
        return vector.getByte(TYPE) == SPARSE
                ? vector.getInt(SIZE)
                : vector.getArray(VALUES).numElements();
    }

    @Override
    String copy(InternalRow row, int ordinal, VectorBlock target, int offset) {
        int length = dimensions(row, ordinal);
        if (length != dimensions()) {
            return wrongDimension(length);
        }
        InternalRow vector = row.getStruct(ordinal, FIELDS);
        ArrayData values = vector.getArray(VALUES);
        if (vector.getByte(TYPE) != SPARSE) {
            return FloatArrays.narrow(values.toDoubleArray(), target.floats(), offset);
        }
        double[] components = new double[length];
        int[] indices = vector.getArray(INDICES).toIntArray();
        double[] present = values.toDoubleArray();
        for (int i = 0; i < indices.length; i++) {
            if (indices[i] < 0 || indices[i] >= length || i >= present.length) {
                return "its indices do not fit its size: " + Arrays.toString(indices);
            }
            components[indices[i]] = present[i];
        }
        return FloatArrays.narrow(components, target.floats(), offset);
    }
}
