package io.sparkspann.format;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sparkspann.distance.Metric;
import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.IdType;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A manifest with two shards and something in every part. */
final class SampleManifest {
    private SampleManifest() {}

    static Manifest of(long snapshot) {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("seed", "42");
        parameters.put("replicas", "8");
        parameters.put("a \"quoted\" name", "\u00e4\n\\");
        ObjectNode statistics = JsonNodeFactory.instance.objectNode();
        statistics.put("meanReplicas", 5.75f).put("nothing", Double.NaN);
        statistics.putArray("replicaHistogram").add(0L).add(5L).add(1L << 40);
        return Manifest.builder()
                .snapshot(snapshot)
                .created(Instant.parse("2026-02-03T04:05:06.789Z"))
                .contentId(SampleFile.CONTENT_ID)
                .schema(
                        new VectorSchema(
                                Metric.COSINE, ElementType.INT8, IdType.STRING, 128, 16_129f))
                .router(new FileEntry("data/b/router.spn", 1234, 0x0BADF00D, FileKind.ROUTER))
                .shards(List.of(shard(3, 7), shard(4, 3_000_000_000L)))
                .parameters(parameters)
                .source(Map.of("input", "base.fvecs"))
                .statistics(statistics)
                .calibration(
                        List.of(
                                new CalibrationRow(10, 0, 8, 0.25, 0.9, 7.5, 900.25),
                                new CalibrationRow(
                                        10, 1.5, 16, Double.POSITIVE_INFINITY, 0.95, 16, 2e3)))
                .build();
    }

    private static ShardEntry shard(int number, long vectors) {
        return new ShardEntry(
                number,
                vectors,
                100,
                vectors * 6,
                Map.of(
                        FileKind.POSTINGS, file(number, FileKind.POSTINGS),
                        FileKind.HEADS, file(number, FileKind.HEADS),
                        FileKind.IDS, file(number, FileKind.IDS)));
    }

    private static FileEntry file(int shard, FileKind kind) {
        String path = String.format(Locale.ROOT, "data/b/shard-%05d-%s.spn", shard, kind.label());
        return new FileEntry(path, 5_000_000_000L + kind.code(), -kind.code(), kind);
    }
}
