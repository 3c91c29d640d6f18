package io.sparkspann.spark.input;

import io.sparkspann.error.InvalidInputException;
import io.sparkspann.spark.input.Ranges.Range;
import io.sparkspann.vector.VectorBlock;
import io.sparkspann.vector.file.VectorFile;

/** Rows of a file whose rows can be read in any order. */
final class BinaryRows implements FileRows {
    private final VectorFile file;
    private final boolean skipBad;
    private final long end;
    private long row;

    BinaryRows(FileInput input, Range rows) {
        this.file = input.vectors();
        this.skipBad = input.skipsBadRows();
        this.row = rows.from();
        this.end = rows.to();
    }

    @Override
    public Rows next(int maxRows) {
        if (row >= end) {
            return null;
        }
        long first = row;
        int count = (int) Math.min(maxRows, end - first);
        row += count;
        try {
            return Rows.dense(file.read(first, count), first);
        } catch (InvalidInputException e) {
            if (!skipBad) {
                throw e;
            }
            return oneByOne(first, count);
        }
    }

    private Rows oneByOne(long first, int count) {
        VectorBlock block = VectorBlock.allocate(file.elementType(), file.dimensions(), count);
        long[] numbers = new long[count];
        int size = 0;
        for (int i = 0; i < count; i++) {
            try {
                file.read(first + i, 1).copyTo(0, block, size);
                numbers[size++] = first + i;
            } catch (InvalidInputException e) {
                // A row that cannot be decoded is a bad row: it is counted as the difference of end
                // - first and the size.
                continue;
            }
        }
        return Rows.partial(block, numbers, size, first, first + count);
    }

    @Override
    public void close() {
        file.close();
    }
}
