package io.sparkspann.spark.sql;

import io.sparkspann.format.Manifest;
import io.sparkspann.search.SearchOptions;
import io.sparkspann.spark.error.Redaction;
import java.util.Locale;

/**
 * What a join on an index does, for plans.
 *
 * @param indexUri index directory
 * @param manifest the snapshot
 * @param search how many neighbours, and how many postings for them
 * @param outer whether queries without neighbours stay
 */
public record IndexJoin(String indexUri, Manifest manifest, SearchOptions search, boolean outer) {
    /** The same snapshot of the same index, asked for the same. */
    @Override
    public boolean equals(Object other) {
        return other instanceof IndexJoin join
                && join.indexUri.equals(indexUri)
                && join.manifest.snapshot() == manifest.snapshot()
                && join.manifest.contentId().equals(manifest.contentId())
                && join.search.equals(search)
                && join.outer == outer;
    }

    @Override
    public int hashCode() {
        return 31 * indexUri.hashCode() + search.hashCode();
    }

    @Override
    public String toString() {
        int probes = search.policy(manifest).maxProbes();
        String target =
                Double.isNaN(search.recallTarget())
                        ? ""
                        : String.format(Locale.ROOT, ", recallTarget=%s", search.recallTarget());
        return "k="
                + search.k()
                + ", metric="
                + manifest.schema().metric().label()
                + target
                + ", probes="
                + probes
                + (outer ? ", outer" : "")
                + ", index="
                + Redaction.redact(indexUri)
                + ", snapshot="
                + manifest.snapshot();
    }
}
