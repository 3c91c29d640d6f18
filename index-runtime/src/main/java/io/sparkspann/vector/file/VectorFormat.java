package io.sparkspann.vector.file;

import io.sparkspann.error.InvalidInputException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Format of a file of vectors.
 *
 * <p>All binary formats are little-endian, except HDF5, which states its byte order.
 */
public enum VectorFormat {
    /** Rows of an int32 dimension and that many float32. */
    FVECS("fvecs", "fvecs"),
    /** Rows of an int32 dimension and that many uint8. */
    BVECS("bvecs", "bvecs"),
    /** Rows of an int32 dimension and that many int32. */
    IVECS("ivecs", "ivecs"),
    /** A uint32 row count, a uint32 dimension, then float32 rows (big-ann-benchmarks). */
    FBIN("fbin", "fbin"),
    /** As {@link #FBIN}, of float16 (cuVS Bench). */
    F16BIN("f16bin", "f16bin"),
    /** As {@link #FBIN}, of uint8. */
    U8BIN("u8bin", "u8bin"),
    /** As {@link #FBIN}, of int8. */
    I8BIN("i8bin", "i8bin"),
    /** A two-dimensional data set of an HDF5 file, as in ann-benchmarks. */
    HDF5("hdf5", "hdf5", "h5"),
    /** A two-dimensional NumPy array. */
    NPY("npy", "npy"),
    /** Text, one vector a line, separated by tabs, commas or spaces. */
    TSV("tsv", "tsv", "txt");

    private final String label;
    private final List<String> extensions;

    VectorFormat(String label, String... extensions) {
        this.label = label;
        this.extensions = List.of(extensions);
    }

    /** Name in commands, such as {@code fvecs}. */
    public String label() {
        return label;
    }

    /**
     * @throws InvalidInputException if no format has this label
     */
    public static VectorFormat ofLabel(String label) {
        for (VectorFormat format : values()) {
            if (format.label.equals(label)) {
                return format;
            }
        }
        String known =
                Arrays.stream(values()).map(VectorFormat::label).collect(Collectors.joining(", "));
        throw new InvalidInputException(
                "Unknown vector file format '" + label + "'; use one of " + known);
    }

    /**
     * The format that the extension of a file name or path tells, whatever its case; empty if it
     * tells none.
     */
    public static Optional<VectorFormat> ofFileName(String name) {
        int dot = name.lastIndexOf('.');
        String extension = name.substring(dot + 1).toLowerCase(Locale.ROOT);
        return dot < 0
                ? Optional.empty()
                : Arrays.stream(values())
                        .filter(format -> format.extensions.contains(extension))
                        .findFirst();
    }
}
