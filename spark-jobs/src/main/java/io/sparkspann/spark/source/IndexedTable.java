package io.sparkspann.spark.source;

import io.sparkspann.format.Manifest;
import io.sparkspann.spark.error.Redaction;

/**
 * A table with an index over its vectors.
 *
 * @param indexUri index directory
 * @param manifest the snapshot
 * @param idColumn name of the column of ids
 * @param vectorColumn name of the column of vectors
 */
public record IndexedTable(
        String indexUri, Manifest manifest, String idColumn, String vectorColumn) {
    /** For messages. */
    @Override
    public String toString() {
        return "the table of index "
                + Redaction.redact(indexUri)
                + " snapshot "
                + manifest.snapshot();
    }
}
