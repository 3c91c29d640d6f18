package io.sparkspann.spark.input;

import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.VectorDomain;
import java.io.Serializable;
import java.util.Objects;

/**
 * Where vectors come from and how to read them.
 *
 * @param path file or folder, in any Hadoop file system
 * @param format {@code parquet}, {@code fvecs}, {@code bvecs}, {@code ivecs}, {@code fbin}, {@code
 *     f16bin}, {@code u8bin}, {@code i8bin}, {@code hdf5}, {@code npy} or {@code tsv}; null: by the
 *     file name, a folder is Parquet
 * @param idColumn column of the ids, for Parquet; {@code a.b} is field b of struct a unless a
 *     column has that very name
 * @param vectorColumn column of the vectors, for Parquet
 * @param dataset data set of an HDF5 file; null: {@code train}, the base vectors of the
 *     ann-benchmarks layout (its queries are {@code test})
 * @param badRows what to do with rows that cannot be used
 * @param domain vectors outside cannot be used, such as zeros under cosine
 * @param componentType for a binary column: what the bytes are, whatever they are stored as later;
 *     for a column of integer arrays: the type to narrow to, float32, uint8 or int8; other columns
 *     and files must be of this type; null: not stated
 * @param usualType takes the place of a type that is not stated, for binary columns and those of
 *     smallint or int arrays (float32 there in place of float16, so that none is rounded); null:
 *     binary is little-endian float32, and integers are narrowed as a pass over all values allows:
 *     to uint8 if all are in 0..255, else to int8 if all are in -128..127, else float32
 */
public record InputSpec(
        String path,
        String format,
        String idColumn,
        String vectorColumn,
        String dataset,
        BadRows badRows,
        VectorDomain domain,
        ElementType componentType,
        ElementType usualType)
        implements Serializable {
    public InputSpec {
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(idColumn, "idColumn");
        Objects.requireNonNull(vectorColumn, "vectorColumn");
        Objects.requireNonNull(badRows, "badRows");
    }

    /**
     * Columns {@code id} and {@code vector}, format by name, bad rows fail, all finite vectors
     * allowed.
     */
    public static InputSpec of(String path) {
        return new InputSpec(
                path, null, "id", "vector", null, BadRows.FAIL, VectorDomain.ANY, null, null);
    }

    public InputSpec withFormat(String value) {
        return new InputSpec(
                path,
                value,
                idColumn,
                vectorColumn,
                dataset,
                badRows,
                domain,
                componentType,
                usualType);
    }

    public InputSpec withColumns(String id, String vector) {
        return new InputSpec(
                path, format, id, vector, dataset, badRows, domain, componentType, usualType);
    }

    public InputSpec withDataset(String value) {
        return new InputSpec(
                path,
                format,
                idColumn,
                vectorColumn,
                value,
                badRows,
                domain,
                componentType,
                usualType);
    }

    public InputSpec withBadRows(BadRows value) {
        return new InputSpec(
                path,
                format,
                idColumn,
                vectorColumn,
                dataset,
                value,
                domain,
                componentType,
                usualType);
    }

    public InputSpec withDomain(VectorDomain value) {
        return new InputSpec(
                path,
                format,
                idColumn,
                vectorColumn,
                dataset,
                badRows,
                value,
                componentType,
                usualType);
    }

    public InputSpec withComponentType(ElementType value) {
        return new InputSpec(
                path, format, idColumn, vectorColumn, dataset, badRows, domain, value, usualType);
    }

    /**
     * For a build to this type, null for that of the input: columns whose type is not stated are
     * taken to be of it already. Not so of float16, whose bytes could as well be those of float32.
     */
    public InputSpec withStoredType(ElementType value) {
        return withUsualType(value == ElementType.FLOAT16 ? null : value);
    }

    public InputSpec withUsualType(ElementType value) {
        return new InputSpec(
                path,
                format,
                idColumn,
                vectorColumn,
                dataset,
                badRows,
                domain,
                componentType,
                value);
    }
}
