package io.sparkspann.vector.file;

import io.jhdf.api.dataset.ChunkedDataset;
import io.sparkspann.error.InvalidInputException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Rows of a chunked, perhaps compressed, HDF5 data set; holds one decompressed chunk at a time for each reader. */
final class Hdf5Chunks implements RowSource {
    /** More than deflate, the strongest filter, can shrink: a larger ratio is a damaged or hostile header. */
    private static final long MAX_COMPRESSION = 1100;

    /** The data set as its header tells it. */
    record Shape(String dataset, long rows, int dimensions, Encoding encoding, ByteOrder order) {}

    private final Hdf5Document document;
    private final ChunkedDataset chunks;
    private final Shape shape;
    private final int chunkRows;
    private final int chunkColumns;

    private Hdf5Chunks(
            Hdf5Document document, ChunkedDataset chunks, Shape shape, int rows, int columns) {
        this.document = document;
        this.chunks = chunks;
        this.shape = shape;
        this.chunkRows = rows;
        this.chunkColumns = columns;
    }

    static Hdf5Chunks open(Hdf5Document document, ChunkedDataset chunks, Shape shape) {
        int[] chunk = chunks.getChunkDimensions();
        String where = document.name() + ": data set '" + shape.dataset() + "' ";
        boolean filtered = !chunks.getFilters().isEmpty();
        long limit = document.length() * (filtered ? MAX_COMPRESSION : 1);
        int bytes = shape.encoding().bytes();
        boolean sane = chunk.length == 2 && chunk[0] > 0 && chunk[1] > 0;
        if (!sane || chunk[0] > Math.min(limit, Integer.MAX_VALUE - 8) / bytes / chunk[1]) {
            throw new InvalidInputException(
                    where
                            + String.format(
                                    "has chunks of shape %s, too large for a file of %d bytes;"
                                            + " it is damaged",
                                    Arrays.toString(chunk), document.length()));
        }
        long stored = Math.min(chunks.getStorageInBytes(), document.length());
        long most = stored * (filtered ? MAX_COMPRESSION : 1);
        if (shape.rows() > most / bytes / shape.dimensions() || shape.rows() > Integer.MAX_VALUE) {
            throw new InvalidInputException(
                    where
                            + String.format(
                                    "has shape (%d, %d), but only %d stored bytes;"
                                            + " it was not written whole, or is damaged",
                                    shape.rows(), shape.dimensions(), stored));
        }
        return new Hdf5Chunks(document, chunks, shape, chunk[0], chunk[1]);
    }

    @Override
    public String name() {
        return document.name();
    }

    @Override
    public Encoding encoding() {
        return shape.encoding();
    }

    @Override
    public int dimensions() {
        return shape.dimensions();
    }

    @Override
    public long rows() {
        return shape.rows();
    }

    @Override
    public void read(long firstRow, int rows, Sink sink) {
        long end = firstRow + rows;
        for (long top = firstRow - firstRow % chunkRows; top < end; top += chunkRows) {
            int from = (int) Math.max(top, firstRow);
            int to = (int) Math.min(top + chunkRows, end);
            for (long left = 0; left < shape.dimensions(); left += chunkColumns) {
                int count = (int) Math.min(chunkColumns, shape.dimensions() - left);
                ByteBuffer chunk = chunk((int) top, (int) left);
                for (int row = from; row < to; row++) {
                    long at = (row - top) * chunkColumns * shape.encoding().bytes();
                    sink.accept(chunk, (int) at, (int) (row - firstRow), (int) left, count);
                }
            }
        }
    }

    private ByteBuffer chunk(int top, int left) {
        byte[] bytes =
                Hdf5Document.guard(
                        String.format(
                                "%s: data set '%s', chunk at row %d, column %d",
                                name(), shape.dataset(), top, left),
                        () -> chunks.getDecompressedChunk(new int[] {top, left}));
        int expected = chunkRows * chunkColumns * shape.encoding().bytes();
        if (bytes.length != expected) {
            throw new InvalidInputException(
                    String.format(
                            "%s: data set '%s', chunk at row %d, column %d has %d bytes,"
                                    + " expected %d; the file is damaged",
                            name(), shape.dataset(), top, left, bytes.length, expected));
        }
        return ByteBuffer.wrap(bytes).order(shape.order());
    }

    @Override
    public void close() {
        document.close();
    }
}
