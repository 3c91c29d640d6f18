package io.sparkspann.vector.file;

import io.sparkspann.error.InvalidInputException;
import io.sparkspann.vector.ByteSource;
import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.VectorBlock;
import java.util.Arrays;

/** A whole text file of vectors; finds rows by the byte offset of every 256th, noted when it is opened. */
final class TsvFile implements VectorFile {
    private static final int STEP = 256;

    private final ByteSource source;
    private final TsvLayout layout;
    private final long[] offsets;
    private final long size;

    private TsvFile(ByteSource source, TsvLayout layout, long[] offsets, long size) {
        this.source = source;
        this.layout = layout;
        this.offsets = offsets;
        this.size = size;
    }

    static TsvFile open(ByteSource source) {
        TsvLayout layout = TsvLayout.of(source);
        TsvRows rows = TsvRows.startingIn(source, layout, 0, source.length());
        long[] offsets = new long[64];
        long size = 0;
        for (; rows.next(); size++) {
            if (size % STEP == 0) {
                int i = (int) (size / STEP);
                offsets = i < offsets.length ? offsets : Arrays.copyOf(offsets, 2 * i);
                offsets[i] = rows.line().offset();
            }
        }
        return new TsvFile(source, layout, offsets, size);
    }

    @Override
    public ElementType elementType() {
        return ElementType.FLOAT32;
    }

    @Override
    public int dimensions() {
        return layout.dimensions();
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public VectorBlock read(long firstRow, int rows) {
        RowRange.check(this, source.name(), firstRow, rows);
        if (rows == 0) {
            return VectorBlock.allocate(ElementType.FLOAT32, dimensions(), 0);
        }
        TsvRows lines = TsvRows.atLine(source, offsets[(int) (firstRow / STEP)]);
        for (long skip = firstRow % STEP; skip > 0; skip--) {
            lines.next();
        }
        VectorBlock block = new TsvReader(source, layout, lines, firstRow).next(rows);
        if (block == null || block.size() != rows) {
            throw new InvalidInputException(
                    source.name() + ": the file changed while it was read; read it again");
        }
        return block;
    }

    @Override
    public void close() {
        source.close();
    }
}
