package io.sparkspann.spark.jobs;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;

/**
 * What an exact join says of itself.
 *
 * @param vectors of the index
 * @param distances that were computed
 */
record ExactReport(long vectors, long queries, long rows, long distances, long skippedRows) {
    static String begin(String what, long queries, long vectors, String options, String output) {
        return String.format(
                Locale.ROOT,
                "%s of %,d queries with %,d vectors: %s, to %s",
                what,
                queries,
                vectors,
                options,
                output);
    }

    String end(double seconds) {
        return String.format(
                Locale.ROOT,
                "wrote %,d rows for %,d queries in %.1f s, %,.0f queries/s; %,d distances, %.1f %%"
                        + " of those of all pairs",
                rows,
                queries,
                seconds,
                queries / seconds,
                distances,
                100 * share());
    }

    ObjectNode json(double seconds) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("queries", queries);
        json.put("rows", rows);
        json.put("seconds", Math.round(seconds * 1000) / 1000.0);
        json.put("queries_per_second", Math.round(queries / seconds * 10) / 10.0);
        json.put("distances", distances);
        json.put("share_of_all_distances", Math.round(share() * 1e6) / 1e6);
        json.put("skipped_rows", skippedRows);
        return json;
    }

    private double share() {
        return distances / Math.max(1.0, (double) queries * vectors);
    }
}
