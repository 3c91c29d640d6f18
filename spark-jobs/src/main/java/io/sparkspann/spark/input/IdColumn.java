package io.sparkspann.spark.input;

import io.sparkspann.vector.IdBlock;
import io.sparkspann.vector.IdType;
import java.util.Arrays;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.StringType;

/** Collects the ids of one batch from column 0 of its rows. */
public final class IdColumn implements RowIds {
    private static final int UTF8_BYTES_AT_MOST = 16 << 20;

    private final DataType column;
    private final IdType type;
    private final long[] numbers;
    private int[] offsets;
    private byte[] utf8;
    private int size;

    /**
     * @param column type of column 0
     */
    record Column(DataType column) implements Factory {
        @Override
        public IdType type() {
            return typeOf(column);
        }

        @Override
        public RowIds start(int capacity) {
            return new IdColumn(column, capacity);
        }
    }

    private IdColumn(DataType column, int capacity) {
        this.column = column;
        this.type = typeOf(column);
        boolean strings = type == IdType.STRING;
        this.numbers = strings ? null : new long[capacity];
        this.offsets = strings ? new int[capacity + 1] : null;
        this.utf8 = strings ? new byte[16 * capacity] : null;
    }

    /** The id type of a column, or null if it cannot hold ids. */
    public static IdType typeOf(DataType column) {
        if (column instanceof LongType) {
            return IdType.LONG;
        }
        if (column instanceof StringType) {
            return IdType.STRING;
        }
        boolean small = column instanceof ShortType || column instanceof ByteType;
        return small || column instanceof IntegerType ? IdType.INT : null;
    }

    @Override
    public String problem(InternalRow row) {
        return row.isNullAt(0) ? "the id is null" : null;
    }

    @Override
    public boolean isFull() {
        return utf8 != null && offsets[size] > UTF8_BYTES_AT_MOST;
    }

    @Override
    public void add(InternalRow row, boolean searchable) {
        if (type == IdType.STRING) {
            addText(row.getUTF8String(0).getBytes());
        } else {
            numbers[size++] = number(row);
        }
    }

    /** The id, in one line. */
    @Override
    public String text(InternalRow row) {
        if (row.isNullAt(0)) {
            return "";
        }
        if (type != IdType.STRING) {
            return "id " + number(row);
        }
        String text = row.getUTF8String(0).toString().replaceAll("\\p{Cntrl}", " ");
        return "id " + (text.length() <= 100 ? text : text.substring(0, 100) + "...");
    }

    private void addText(byte[] text) {
        int start = offsets[size];
        int end = Math.addExact(start, text.length);
        if (end > utf8.length) {
            utf8 =
                    Arrays.copyOf(
                            utf8,
                            (int)
                                    Math.max(
                                            end,
                                            Math.min(2L * utf8.length, 2 * UTF8_BYTES_AT_MOST)));
        }
        System.arraycopy(text, 0, utf8, start, text.length);
        offsets[++size] = end;
    }

    private long number(InternalRow row) {
        if (type == IdType.LONG) {
            return row.getLong(0);
        }
        if (column instanceof IntegerType) {
            return row.getInt(0);
        }
        return column instanceof ShortType ? row.getShort(0) : row.getByte(0);
    }

    @Override
    public IdBlock toBlock() {
        return type == IdType.STRING
                ? IdBlock.ofStrings(
                        Arrays.copyOf(utf8, offsets[size]), Arrays.copyOf(offsets, size + 1))
                : IdBlock.ofNumbers(
                        type, size == numbers.length ? numbers : Arrays.copyOf(numbers, size));
    }
}
