package io.sparkspann.vector.file;

import io.sparkspann.error.InvalidInputException;
import io.sparkspann.vector.ByteSource;

/** Opens vector files of every {@link VectorFormat}. */
public final class VectorFiles {
    /**
     * Most components of a vector that any reader takes; a larger number is a sign of a wrong
     * format.
     */
    public static final int MAX_DIMENSIONS = 1 << 20;

    /** The HDF5 data set that holds the base vectors in the ann-benchmarks layout. */
    public static final String BASE_DATASET = "train";

    /** The HDF5 data set that holds the queries in the ann-benchmarks layout. */
    public static final String QUERY_DATASET = "test";

    private VectorFiles() {}

    /**
     * As {@link #open(ByteSource, VectorFormat, String)}; of an HDF5 file, the data set {@code
     * train}.
     */
    public static VectorFile open(ByteSource source, VectorFormat format) {
        return open(source, format, BASE_DATASET);
    }

    /**
     * Opens a vector file. The source belongs to the file from now on: it is closed with it, and
     * also when opening fails.
     *
     * <p>An HDF5 file that is not local ({@link io.sparkspann.vector.FileBytes}) is copied to a
     * temporary file for as long as it is open.
     *
     * @param dataset path of the data set in an HDF5 file, such as {@code train}; other formats
     *     ignore it
     * @throws InvalidInputException if the file is empty, truncated, or not of this format
     */
    public static VectorFile open(ByteSource source, VectorFormat format, String dataset) {
        try {
            requireContent(source);
            return switch (format) {
                case FVECS, BVECS, IVECS, FBIN, F16BIN, U8BIN, I8BIN, NPY ->
                        new RowVectorFile(binaryRows(source, format));
                case HDF5 -> new RowVectorFile(Hdf5Rows.open(source, dataset));
                case TSV -> TsvFile.open(source);
            };
        } catch (RuntimeException | Error e) {
            closeAfter(e, source);
            throw e;
        }
    }

    private static RowSource binaryRows(ByteSource source, VectorFormat format) {
        return switch (format) {
            case FVECS -> VecsLayout.open(source, Encoding.FLOAT32);
            case BVECS -> VecsLayout.open(source, Encoding.UINT8);
            case IVECS -> VecsLayout.open(source, Encoding.INT32);
            case FBIN -> BinLayout.open(source, Encoding.FLOAT32);
            case F16BIN -> BinLayout.open(source, Encoding.FLOAT16);
            case U8BIN -> BinLayout.open(source, Encoding.UINT8);
            case I8BIN -> BinLayout.open(source, Encoding.INT8);
            case NPY -> NpyLayout.open(source);
            case HDF5, TSV -> throw new IllegalArgumentException(format.label());
        };
    }

    static void requireContent(ByteSource source) {
        if (source.length() == 0) {
            throw new InvalidInputException(
                    source.name() + ": the file is empty; it has no vectors");
        }
    }

    /**
     * Closes a source whose opening failed with {@code failure}, and keeps {@code failure} the
     * error that is reported.
     */
    static void closeAfter(Throwable failure, ByteSource source) {
        try {
            source.close();
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
    }
}
