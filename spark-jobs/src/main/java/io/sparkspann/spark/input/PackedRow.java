package io.sparkspann.spark.input;

import io.sparkspann.vector.IdBlock;
import java.util.Arrays;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.unsafe.Platform;

/**
 * A row that travels in the place of an id: a byte that is 1 if it has a vector to search for, then
 * its columns in Spark's own format ({@link UnsafeRow}). Takes one row after another; for one
 * thread.
 */
public final class PackedRow {
    private static final int FLAG_BYTES = 1;

    private final UnsafeRow columns;
    private byte[] buffer = new byte[256];
    private boolean searchable;

    /**
     * @param fields number of columns
     */
    public PackedRow(int fields) {
        this.columns = new UnsafeRow(fields);
    }

    /** Takes row {@code i} of some packed rows. */
    public void read(IdBlock packed, int i) {
        int start = packed.offsets()[i];
        int length = packed.offsets()[i + 1] - start - FLAG_BYTES;
        reserve(length);
        // Spark's rows begin at a multiple of 8 bytes.
        System.arraycopy(packed.utf8(), start + FLAG_BYTES, buffer, 0, length);
        columns.pointTo(buffer, length);
        searchable = packed.utf8()[start] != 0;
    }

    /** Whether it has a vector to search for. */
    public boolean isSearchable() {
        return searchable;
    }

    /** Its columns; the same object, filled anew, for each row. */
    public InternalRow columns() {
        return columns;
    }

    /** The bytes of a row, from the first one of the result on; shared until the next call. */
    byte[] pack(UnsafeRow row, boolean hasVector) {
        reserve(packedBytes(row));
        buffer[0] = (byte) (hasVector ? 1 : 0);
        row.writeToMemory(buffer, Platform.BYTE_ARRAY_OFFSET + FLAG_BYTES);
        return buffer;
    }

    /** How many bytes {@link #pack} makes of a row. */
    static int packedBytes(UnsafeRow row) {
        return FLAG_BYTES + row.getSizeInBytes();
    }

    private void reserve(int length) {
        if (buffer.length < length) {
            buffer = Arrays.copyOf(buffer, Math.max(length, 2 * buffer.length));
        }
    }
}
