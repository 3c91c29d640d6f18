package io.sparkspann.build;

import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.IdType;
import io.sparkspann.vector.Quantization;
import java.io.Serializable;

/**
 * What is known of a table before its rows are read.
 *
 * @param elementType type of the components
 * @param dimensions components of a vector
 * @param idType type of the ids
 * @param rowNumberIds whether ids are row numbers, so that they cannot repeat
 * @param rows number of rows, unusable ones included
 * @param fingerprint says which data this is, so that a build is resumed on the same data only
 * @param quantization what components are codes of; null: they are the values themselves
 */
public record TableShape(
        ElementType elementType,
        int dimensions,
        IdType idType,
        boolean rowNumberIds,
        long rows,
        String fingerprint,
        Quantization quantization)
        implements Serializable {
    /** A table whose components are the values themselves. */
    public TableShape(
            ElementType elementType,
            int dimensions,
            IdType idType,
            boolean rowNumberIds,
            long rows,
            String fingerprint) {
        this(elementType, dimensions, idType, rowNumberIds, rows, fingerprint, null);
    }

    /** The same table with vectors of another type, and so many components. */
    TableShape withVectors(ElementType type, int components, Quantization codes) {
        return new TableShape(type, components, idType, rowNumberIds, rows, fingerprint, codes);
    }
}
