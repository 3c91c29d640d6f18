package io.sparkspann.spark.jobs;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sparkspann.format.Manifest;
import io.sparkspann.search.SearchOptions;
import io.sparkspann.spark.join.JoinResult;
import java.util.Locale;

/** What a join says about itself when it begins and when it has ended. */
final class JoinReport {
    private JoinReport() {}

    static String begin(
            Manifest manifest, JoinResult result, SearchOptions options, String output) {
        return String.format(
                Locale.ROOT,
                "join of %,d queries with %,d vectors (shards: %d): k %d, at most %d probes%s, to"
                        + " %s",
                result.queryRows(),
                manifest.vectors(),
                manifest.shards().size(),
                options.k(),
                result.maxProbes(),
                byRecall(options)
                        ? String.format(
                                Locale.ROOT, " for recall %s", number(options.recallTarget()))
                        : "",
                output);
    }

    static String end(JoinResult result, SearchOptions options, double seconds) {
        return String.format(
                Locale.ROOT,
                "wrote %,d rows for %,d queries%s in %.1f s, %,.0f queries/s; %,d distances, %,d"
                        + " postings read, %s; recall expected: %s",
                result.writtenRows(),
                result.queries(),
                result.shortLists() == 0
                        ? ""
                        : String.format(
                                Locale.ROOT,
                                " (%,d have fewer than %d neighbours: more probes find more)",
                                result.shortLists(),
                                options.k()),
                seconds,
                result.queries() / seconds,
                result.distances(),
                result.postingsRead(),
                bytes(result.bytesRead()),
                byRecall(options)
                        ? number(options.recallTarget()) + ", by the calibration of the index"
                        : "unknown, since probes were given ('spark-spann evaluate' measures it)");
    }

    static ObjectNode json(JoinResult result, SearchOptions options, double seconds) {
        double count = Math.max(1, result.queries());
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("queries", result.queries());
        json.put("rows", result.writtenRows());
        json.put("queries_with_fewer_than_k", result.shortLists());
        json.put("seconds", Math.round(seconds * 1000) / 1000.0);
        json.put("queries_per_second", Math.round(result.queries() / seconds * 10) / 10.0);
        json.put("k", options.k());
        json.put("probes", Math.round(result.probes() / count * 1000) / 1000.0);
        json.put("mean_distances", Math.round(result.distances() / count * 10) / 10.0);
        json.put("distances", result.distances());
        json.put("postings_read", result.postingsRead());
        json.put("posting_bytes_read", result.bytesRead());
        json.put("skipped_rows", result.skippedRows());
        return json;
    }

    private static String bytes(long bytes) {
        return bytes < 1_000_000
                ? String.format(Locale.ROOT, "%,d bytes", bytes)
                : String.format(Locale.ROOT, "%,.1f MB", bytes / 1e6);
    }

    private static boolean byRecall(SearchOptions options) {
        return !Double.isNaN(options.recallTarget());
    }

    private static String number(double value) {
        return Double.toString(value);
    }
}
