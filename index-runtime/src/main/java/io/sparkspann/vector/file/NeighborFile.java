package io.sparkspann.vector.file;

import io.sparkspann.error.InvalidInputException;
import io.sparkspann.vector.ByteSource;

/** Reads ground truth from ivecs files and from HDF5 files in the ann-benchmarks layout. */
public final class NeighborFile {
    /** The HDF5 data set that holds the ground truth in the ann-benchmarks layout. */
    public static final String DATASET = "neighbors";

    private static final int MAX_ARRAY = Integer.MAX_VALUE - 8;

    private NeighborFile() {}

    /**
     * As {@link #read(ByteSource, VectorFormat, String)}; of an HDF5 file, the data set {@code
     * neighbors}.
     */
    public static TrueNeighbors read(ByteSource source, VectorFormat format) {
        return read(source, format, DATASET);
    }

    /**
     * Reads a whole file of ground truth and closes the source, also when reading fails.
     *
     * @param format {@link VectorFormat#IVECS} or {@link VectorFormat#HDF5}
     * @param dataset path of the data set in an HDF5 file; ivecs ignores it
     * @throws InvalidInputException if the file is empty, damaged, has rows of different lengths,
     *     or holds no integers
     */
    public static TrueNeighbors read(ByteSource source, VectorFormat format, String dataset) {
        RowSource rows;
        try {
            VectorFiles.requireContent(source);
            rows =
                    switch (format) {
                        case IVECS -> VecsLayout.open(source, Encoding.INT32);
                        case HDF5 -> Hdf5Rows.open(source, dataset);
                        default ->
                                throw new InvalidInputException(
                                        String.format(
                                                "%s: ground truth must be ivecs or hdf5, not %s",
                                                source.name(), format.label()));
                    };
        } catch (RuntimeException | Error e) {
            VectorFiles.closeAfter(e, source);
            throw e;
        }
        try (rows) {
            return read(rows);
        }
    }

    private static TrueNeighbors read(RowSource source) {
        int columns = source.dimensions();
        Encoding encoding = source.encoding();
        if (!encoding.isInteger()) {
            throw new InvalidInputException(
                    String.format(
                            "%s: ground truth must be integers, found %s",
                            source.name(), encoding.label()));
        }
        if (source.rows() > MAX_ARRAY / columns) {
            throw new InvalidInputException(
                    String.format(
                            "%s: %d rows of %d ids are more than the limit of %d ids",
                            source.name(), source.rows(), columns, MAX_ARRAY));
        }
        int[] ids = new int[(int) source.rows() * columns];
        source.read(
                0,
                (int) source.rows(),
                (bytes, at, row, column, count) -> {
                    int bad = encoding.toInts(bytes, at, ids, row * columns + column, count);
                    if (bad >= 0) {
                        throw new InvalidInputException(
                                String.format(
                                        "%s: row %d, column %d: id %s is no 32-bit integer",
                                        source.name(),
                                        row,
                                        column + bad,
                                        encoding.text(bytes, at + bad * encoding.bytes())));
                    }
                });
        return new TrueNeighbors(columns, ids);
    }
}
