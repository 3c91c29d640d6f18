package io.sparkspann.spark.input;

import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.VectorBlock;
import io.sparkspann.vector.VectorDomain;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.spark.sql.catalyst.InternalRow;

/** Columns of bytes: little-endian float32 or float16 values, or one byte for each component. */
final class BinaryVectors extends VectorDecoder {
    private static final long serialVersionUID = 1L;

    BinaryVectors(ElementType type, int dimensions, VectorDomain domain) {
        super(type, dimensions, domain);
    }

    @Override
    String copy(InternalRow row, int ordinal, VectorBlock target, int offset) {
        byte[] bytes = row.getBinary(ordinal);
        int width = type().bytes();
        if (bytes.length % width != 0) {
            return "the vector has "
                    + bytes.length
                    + " bytes, no whole number of "
                    + type().label()
                    + " values";
        }
        if (bytes.length / width != dimensions()) {
            return wrongDimension(bytes.length / width);
        }
        ByteBuffer source = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        target.read(source, 0, 0, offset, dimensions());
        return null;
    }
}
