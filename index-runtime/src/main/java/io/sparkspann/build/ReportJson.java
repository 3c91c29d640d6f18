package io.sparkspann.build;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sparkspann.format.CalibrationRow;
import io.sparkspann.format.FileEntry;
import io.sparkspann.format.Manifest;
import io.sparkspann.format.ShardEntry;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;

/** The report of a build as JSON: what it made, how it was made, and how long that took. */
final class ReportJson {
    /** First field; its value is the version of the form. */
    static final String MARK = "spark_spann_report";

    /** Each field in a line, lines ending alike on every system. */
    static final DefaultPrettyPrinter PRINTER =
            new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n"));

    private static final String STAGES = "stages";
    private static final String EARLIER = "earlier";

    private ReportJson() {}

    static ObjectNode of(Manifest manifest, BuildRun run) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put(MARK, 1);
        json.put("program", run.program());
        json.put("started", run.started().toString());
        json.put("seconds", rounded(run.seconds()));
        json.put("snapshot", manifest.snapshot());
        json.put("created", manifest.created().toString());
        json.put("content_id", manifest.contentId().toString());
        json.put("router", manifest.router().path());
        json.put("vectors", manifest.vectors());
        json.put("dimensions", manifest.schema().dimensions());
        json.put("type", manifest.schema().elementType().label());
        json.put("metric", manifest.schema().metric().label());
        json.put("id_type", manifest.schema().idType().label());
        json.put("shards", manifest.shards().size());
        json.put("heads", sum(manifest, ShardEntry::heads));
        json.put("records", sum(manifest, ShardEntry::records));
        JsonNode statistics = manifest.statistics();
        json.put("skipped_rows", statistics.path("skippedRows").asLong());
        json.put("index_bytes", BuildReport.indexBytes(manifest));
        BuildReport.bytesByKind(manifest).forEach(json.putObject("bytes")::put);
        manifest.parameters().forEach(json.putObject("options")::put);
        ArrayNode stages = json.putArray(STAGES);
        run.stages().forEach(stage -> put(stages.addObject(), stage));
        putSizes(json, statistics);
        ArrayNode calibration = json.putArray("calibration");
        manifest.calibration().forEach(row -> put(calibration.addObject(), row));
        ArrayNode shards = json.putArray("by_shard");
        manifest.shards().forEach(shard -> put(shards.addObject(), shard));
        return json;
    }

    private static long sum(Manifest manifest, ToLongFunction<ShardEntry> figure) {
        return manifest.shards().stream().mapToLong(figure).sum();
    }

    private static double rounded(double seconds) {
        return Math.round(seconds * 1000) / 1000.0;
    }

    private static void put(ObjectNode node, StageRun stage) {
        node.put("stage", stage.name());
        if (stage.earlier()) {
            node.put("run", EARLIER);
            return;
        }
        node.put("run", "this");
        node.put("seconds", rounded(stage.seconds()));
        node.put("written_bytes", stage.writtenBytes());
        if (stage.distances() > 0) {
            node.put("distances", stage.distances());
        }
    }

    /** What the manifest counts, under the names that commands use. */
    private static void putSizes(ObjectNode json, JsonNode statistics) {
        if (statistics.has("replicaHistogram")) {
            json.set("replica_histogram", statistics.get("replicaHistogram"));
        }
        JsonNode sizes = statistics.path("postingSizes");
        if (sizes.isObject()) {
            ObjectNode renamed = json.putObject("posting_sizes");
            for (Map.Entry<String, JsonNode> field : sizes.properties()) {
                String name = field.getKey().equals("binWidth") ? "bin_width" : field.getKey();
                renamed.set(name, field.getValue());
            }
        }
    }

    private static void put(ObjectNode node, CalibrationRow row) {
        node.put("k", row.k());
        node.put("from_distance", row.fromDistance());
        node.put("probes", row.probes());
        if (Double.isInfinite(row.epsilon())) {
            node.put("epsilon", "Infinity");
        } else {
            node.put("epsilon", row.epsilon());
        }
        node.put("recall", row.recall());
        node.put("mean_postings", row.meanPostings());
        node.put("mean_records", row.meanRecords());
    }

    private static void put(ObjectNode node, ShardEntry shard) {
        node.put("shard", shard.shard());
        node.put("vectors", shard.vectors());
        node.put("heads", shard.heads());
        node.put("records", shard.records());
        node.put("bytes", shard.files().values().stream().mapToLong(FileEntry::lengthBytes).sum());
    }

    /** Whether a report is about the files of a snapshot. */
    static boolean isOf(JsonNode json, Manifest manifest) {
        return manifest.contentId().toString().equals(json.path("content_id").textValue())
                && manifest.router().path().equals(json.path("router").textValue());
    }

    /** How the build went; empty if the report does not say it in a way that is known here. */
    static Optional<BuildRun> run(JsonNode json) {
        List<StageRun> stages = new ArrayList<>();
        for (JsonNode stage : json.path(STAGES)) {
            String name = stage.path("stage").textValue();
            if (name == null) {
                return Optional.empty();
            }
            stages.add(
                    EARLIER.equals(stage.path("run").textValue())
                            ? StageRun.ofEarlier(name)
                            : new StageRun(
                                    name,
                                    false,
                                    stage.path("seconds").asDouble(),
                                    stage.path("written_bytes").asLong(),
                                    stage.path("distances").asLong()));
        }
        Optional<Instant> started = instant(json.path("started").asText());
        return started.map(
                at ->
                        new BuildRun(
                                json.path("program").asText(),
                                at,
                                json.path("seconds").asDouble(),
                                stages));
    }

    private static Optional<Instant> instant(String text) {
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
