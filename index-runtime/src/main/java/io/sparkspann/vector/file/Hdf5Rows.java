package io.sparkspann.vector.file;

import static io.sparkspann.vector.file.VectorFiles.MAX_DIMENSIONS;

import io.jhdf.api.Dataset;
import io.jhdf.api.dataset.ChunkedDataset;
import io.jhdf.api.dataset.ContiguousDataset;
import io.jhdf.object.datatype.DataType;
import io.jhdf.object.datatype.FixedPoint;
import io.jhdf.object.datatype.FloatingPoint;
import io.jhdf.object.datatype.OrderedDataType;
import io.sparkspann.error.InvalidInputException;
import io.sparkspann.vector.ByteSource;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Rows of a two-dimensional HDF5 data set of numbers, contiguous or in chunks. */
final class Hdf5Rows {
    private final Hdf5Document document;
    private final String dataset;

    private Hdf5Rows(Hdf5Document document, String dataset) {
        this.document = document;
        this.dataset = dataset;
    }

    static RowSource open(ByteSource source, String dataset) {
        Hdf5Document document = Hdf5Document.open(source);
        try {
            return Hdf5Document.guard(source.name(), () -> new Hdf5Rows(document, dataset).rows());
        } catch (RuntimeException e) {
            VectorFiles.closeAfter(e, document);
            throw e;
        }
    }

    private RowSource rows() {
        Dataset found = document.dataset(dataset);
        Encoding encoding = encoding(found.getDataType());
        ByteOrder order = ((OrderedDataType) found.getDataType()).getByteOrder();
        long[] shape = found.isScalar() ? new long[0] : found.getDimensionsAsLong();
        if (shape.length != 2) {
            throw bad("has shape " + Arrays.toString(shape) + ", not (rows, dimensions)");
        }
        if (shape[0] < 1 || shape[1] < 1 || shape[1] > MAX_DIMENSIONS) {
            throw bad(
                    String.format(
                            "has shape (%d, %d), allowed are at least 1 row and dimension 1 to %d",
                            shape[0], shape[1], MAX_DIMENSIONS));
        }
        int dimensions = (int) shape[1];
        if (found instanceof ContiguousDataset contiguous) {
            long start = start(contiguous, shape[0], (long) dimensions * encoding.bytes());
            return new StridedRows(
                    document,
                    new StridedRows.Layout(start, false, dimensions, shape[0], encoding, order));
        }
        if (found instanceof ChunkedDataset chunked) {
            return Hdf5Chunks.open(
                    document,
                    chunked,
                    new Hdf5Chunks.Shape(dataset, shape[0], dimensions, encoding, order));
        }
        throw bad(
                "is stored "
                        + found.getDataLayout()
                        + "; save it contiguous or chunked, which are the defaults");
    }

    private long start(ContiguousDataset contiguous, long rows, long rowBytes) {
        long address = contiguous.getDataAddress();
        if (address < 0) {
            throw bad("has a shape but no data; the program that wrote it did not finish");
        }
        long start = Math.addExact(address, document.addressBase());
        if (rows > (document.length() - start) / rowBytes) {
            throw bad(
                    String.format(
                            "needs %d rows of %d bytes from byte %d, the file has %d bytes;"
                                    + " it is truncated",
                            rows, rowBytes, start, document.length()));
        }
        return start;
    }

    private Encoding encoding(DataType type) {
        if (type instanceof FloatingPoint real) {
            if (type.getSize() == Float.BYTES && real.getExponentSize() == 8) {
                return Encoding.FLOAT32;
            }
            if (type.getSize() == Short.BYTES && real.getExponentSize() == 5) {
                return Encoding.FLOAT16;
            }
            if (type.getSize() == Double.BYTES && real.getExponentSize() == 11) {
                return Encoding.FLOAT64;
            }
        }
        if (type instanceof FixedPoint integer
                && integer.getBitOffset() == 0
                && integer.getBitPrecision() == type.getSize() * Byte.SIZE) {
            if (type.getSize() == Byte.BYTES) {
                return integer.isSigned() ? Encoding.INT8 : Encoding.UINT8;
            }
            if (type.getSize() == Integer.BYTES && integer.isSigned()) {
                return Encoding.INT32;
            }
            if (type.getSize() == Long.BYTES && integer.isSigned()) {
                return Encoding.INT64;
            }
        }
        throw bad(
                String.format(
                        "has elements of type %s with %d bytes; use float32, float16, float64,"
                                + " uint8, int8, int32 or int64",
                        type.getClass().getSimpleName(), type.getSize()));
    }

    private InvalidInputException bad(String problem) {
        return new InvalidInputException(
                document.name() + ": data set '" + dataset + "' " + problem);
    }
}
