package io.sparkspann.vector.file;

import java.io.Closeable;
import java.nio.ByteBuffer;

/** Rows of equally many components, as a file encodes them. Thread-safe. */
interface RowSource extends Closeable {
    /** Takes pieces of rows; each component of the asked rows comes exactly once, in no promised order. */
    interface Sink {
        /**
         * @param bytes in the byte order of the file; its position and limit are the sink's to change
         * @param at byte of the first component of the piece
         * @param row row of the piece, from 0 for the first row that was asked for
         * @param column first component of the piece
         * @param count components of the piece
         */
        void accept(ByteBuffer bytes, int at, int row, int column, int count);
    }

    /** Name of the file, for messages. */
    String name();

    Encoding encoding();

    int dimensions();

    long rows();

    /** Hands rows {@code firstRow} to {@code firstRow + rows - 1}, which must exist, to {@code sink}. */
    void read(long firstRow, int rows, Sink sink);

    @Override
    void close();
}
