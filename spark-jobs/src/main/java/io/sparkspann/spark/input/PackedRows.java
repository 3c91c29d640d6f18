package io.sparkspann.spark.input;

import io.sparkspann.vector.IdBlock;
import io.sparkspann.vector.IdBlockBuilder;
import io.sparkspann.vector.IdType;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.types.DataType;

/** Keeps the first columns of each row in the place of an id, see {@link PackedRow}. */
final class PackedRows implements RowIds {
    private static final int BYTES_AT_MOST = 16 << 20;

    private final UnsafeProjection columns;
    private final PackedRow packer;
    private final IdBlockBuilder packed = new IdBlockBuilder(IdType.STRING);
    private long bytes;

    private PackedRows(DataType[] types) {
        this.columns = UnsafeProjection.create(types);
        this.packer = new PackedRow(types.length);
    }

    /**
     * @param types of the columns, the first ones of the rows
     */
    record Columns(DataType[] types) implements Factory {
        @Override
        public IdType type() {
            return IdType.STRING;
        }

        @Override
        public RowIds start(int capacity) {
            return new PackedRows(types);
        }
    }

    @Override
    public String problem(InternalRow row) {
        return null;
    }

    @Override
    public boolean isFull() {
        return bytes > BYTES_AT_MOST;
    }

    @Override
    public void add(InternalRow row, boolean searchable) {
        UnsafeRow unsafe = columns.apply(row);
        int length = PackedRow.packedBytes(unsafe);
        packed.add(packer.pack(unsafe, searchable), 0, length);
        bytes += length;
    }

    @Override
    public String text(InternalRow row) {
        return "";
    }

    @Override
    public IdBlock toBlock() {
        return packed.build();
    }
}
