package io.sparkspann.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sparkspann.build.BuildReport;
import io.sparkspann.distance.KernelProvider;
import io.sparkspann.format.Manifest;
import io.sparkspann.format.ShardEntry;
import io.sparkspann.search.ProbePolicy;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;

/** What a snapshot is, in figures: the same tree for people and for programs. */
public final class IndexSummary {
    private static final double[] TARGETS = {0.90, 0.95, 0.99};
    private static final int TARGET_K = 10;

    private IndexSummary() {}

    /** The figures of a snapshot. */
    public static ObjectNode of(Manifest manifest) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("vectors", manifest.vectors());
        node.put("dimensions", manifest.schema().dimensions());
        node.put("type", manifest.schema().elementType().label());
        if (manifest.schema().quantization() != null) {
            node.putObject("quantization")
                    .put("step", manifest.schema().quantization().step())
                    .put("offset", manifest.schema().quantization().offset());
        }
        node.put("metric", manifest.schema().metric().label());
        node.put("id_type", manifest.schema().idType().label());
        node.put("shards", manifest.shards().size());
        addSizes(node, manifest);
        addBytes(node, manifest);
        addCalibration(node.putArray("calibration"), manifest);
        node.put("snapshot", manifest.snapshot());
        node.put("created", manifest.created().toString());
        node.put("format_version", manifest.version().toString());
        node.put("content_id", manifest.contentId().toString());
        manifest.parameters().forEach(node.putObject("parameters")::put);
        node.put("kernels", KernelProvider.kernels().name());
        return node;
    }

    private static void addSizes(ObjectNode node, Manifest manifest) {
        long heads = manifest.shards().stream().mapToLong(ShardEntry::heads).sum();
        long records = manifest.shards().stream().mapToLong(ShardEntry::records).sum();
        ObjectNode statistics = manifest.statistics();
        node.put("heads", heads);
        node.put("records", records);
        node.put("mean_replicas", rounded((double) records / manifest.vectors()));
        node.put("skipped_rows", statistics.path("skippedRows").asLong());
        if (statistics.has("replicaHistogram")) {
            node.set("replica_histogram", statistics.get("replicaHistogram"));
        }
        ObjectNode sizes = node.putObject("posting_sizes");
        sizes.put("mean", rounded((double) records / heads));
        JsonNode stated = statistics.path("postingSizes");
        // Percentiles are known to the bin only, its middle may exceed the greatest size.
        long most = stated.path("max").asLong(Long.MAX_VALUE);
        for (String name : new String[] {"p1", "p10", "p50", "p90", "p99", "max"}) {
            if (stated.path(name).isNumber()) {
                sizes.put(name, Math.min(most, stated.path(name).asLong()));
            }
        }
        if (stated.path("binWidth").isNumber()) {
            sizes.set("percentile_bin", stated.path("binWidth"));
        }
    }

    private static void addBytes(ObjectNode node, Manifest manifest) {
        long total = BuildReport.indexBytes(manifest);
        node.put("index_bytes", total);
        node.put("bytes_per_vector", rounded((double) total / manifest.vectors()));
        BuildReport.bytesByKind(manifest).forEach(node.putObject("bytes")::put);
    }

    private static void addCalibration(ArrayNode rows, Manifest manifest) {
        if (manifest.calibration().isEmpty()) {
            return;
        }
        for (double target : TARGETS) {
            ProbePolicy policy = ProbePolicy.forRecall(manifest.calibration(), target, TARGET_K);
            ObjectNode row = rows.addObject();
            row.put("recall_target", target);
            row.put("k", TARGET_K);
            policy.fromDistances().forEach(row.putArray("from_distance")::add);
            policy.probes().forEach(row.putArray("probes")::add);
        }
    }

    private static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }

    /** Prints the figures for people, a line for each. */
    public static void print(ObjectNode summary, PrintWriter out) {
        for (Map.Entry<String, JsonNode> field : summary.properties()) {
            String name = field.getKey().replace('_', ' ');
            if (name.equals("calibration")) {
                printCalibration(field.getValue(), out);
            } else {
                line(
                        out,
                        name,
                        text(field.getValue())
                                .replace("percentile_bin", "percentiles to the bin of"));
            }
        }
    }

    private static void printCalibration(JsonNode rows, PrintWriter out) {
        if (rows.isEmpty()) {
            line(out, "calibration", "none, so searches need --probes");
        }
        for (JsonNode row : rows) {
            StringBuilder classes = new StringBuilder();
            for (int i = 0; i < row.path("probes").size(); i++) {
                classes.append(i == 0 ? "" : ", ")
                        .append(row.path("probes").get(i).asInt())
                        .append(" from distance ")
                        .append(decimal(row.path("from_distance").get(i).asDouble()));
            }
            line(
                    out,
                    "probes for " + row.path("recall_target").asText() + " at k=" + TARGET_K,
                    classes.toString());
        }
    }

    private static String decimal(double value) {
        return String.format(Locale.ROOT, "%.4g", value);
    }

    private static String text(JsonNode value) {
        if (value.isObject()) {
            StringBuilder parts = new StringBuilder();
            for (Map.Entry<String, JsonNode> part : value.properties()) {
                parts.append(parts.isEmpty() ? "" : ", ")
                        .append(part.getKey())
                        .append(' ')
                        .append(part.getValue().asText());
            }
            return parts.toString();
        }
        if (value.isArray()) {
            StringBuilder parts = new StringBuilder();
            value.forEach(part -> parts.append(parts.isEmpty() ? "" : " ").append(part.asText()));
            return parts.toString();
        }
        return value.asText();
    }

    private static void line(PrintWriter out, String name, String value) {
        out.println(String.format(Locale.ROOT, "%-22s %s", name, value));
    }
}
