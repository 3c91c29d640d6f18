package io.sparkspann.build;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sparkspann.format.CalibrationRow;
import io.sparkspann.format.FileEntry;
import io.sparkspann.format.FileKind;
import io.sparkspann.format.Manifest;
import io.sparkspann.format.ShardEntry;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Stage 7: what the stages made, put together to a manifest.
 *
 * @param context of the build
 * @param shards of stage 3
 * @param closures of stage 4
 * @param postings of stage 5
 * @param rows files of the table's rows, empty if they are not kept
 * @param table how to read them
 */
record Assembly(
        BuildContext context,
        List<HeadsStage.Shard> shards,
        List<ClosureStage.Shard> closures,
        List<PostingsStage.Shard> postings,
        List<FileEntry> rows,
        Map<String, String> table) {
    Manifest manifest(
            long snapshot,
            FileEntry router,
            List<CalibrationRow> calibration,
            Map<String, Double> stageSeconds) {
        return Manifest.builder()
                .snapshot(snapshot)
                .created(Instant.now().truncatedTo(ChronoUnit.SECONDS))
                .contentId(context.scan().contentId())
                .schema(IndexBuilder.schema(context))
                .router(router)
                .shards(entries())
                .parameters(context.options().parameters())
                .table(table)
                .source(BuildStart.source(context.table()))
                .statistics(statistics(stageSeconds))
                .calibration(calibration)
                .build();
    }

    private List<ShardEntry> entries() {
        List<ShardEntry> entries = new ArrayList<>();
        for (int s = 0; s < shards.size(); s++) {
            Map<FileKind, FileEntry> files = new EnumMap<>(FileKind.class);
            files.put(FileKind.HEADS, shards.get(s).heads());
            files.put(FileKind.POSTINGS, postings.get(s).postings());
            files.put(FileKind.IDS, postings.get(s).ids());
            files.put(FileKind.GRAPH, closures.get(s).graph());
            if (!rows.isEmpty()) {
                files.put(FileKind.ROWS, rows.get(s));
            }
            entries.add(
                    new ShardEntry(
                            s,
                            shards.get(s).vectors(),
                            shards.get(s).headCount(),
                            postings.get(s).records(),
                            files));
        }
        return entries;
    }

    private ObjectNode statistics(Map<String, Double> stageSeconds) {
        ObjectNode statistics = JsonNodeFactory.instance.objectNode();
        statistics.put("skippedRows", context.scan().skipped());
        long[] replicas = new long[context.options().replicas() + 1];
        for (ClosureStage.Shard shard : closures) {
            for (int r = 0; r < replicas.length; r++) {
                replicas[r] += shard.replicaHistogram()[r];
            }
        }
        ArrayNode histogram = statistics.putArray("replicaHistogram");
        for (long count : replicas) {
            histogram.add(count);
        }
        addPostingSizes(statistics.putObject("postingSizes"));
        stageSeconds.forEach(statistics.putObject("stageSeconds")::put);
        return statistics;
    }

    private void addPostingSizes(ObjectNode node) {
        long[] bins = new long[PostingsStage.BINS];
        int largest = 0;
        long total = 0;
        for (PostingsStage.Shard shard : postings) {
            for (int b = 0; b < bins.length; b++) {
                bins[b] += shard.sizes()[b];
                total += shard.sizes()[b];
            }
            largest = Math.max(largest, shard.largest());
        }
        for (int percent : new int[] {1, 10, 50, 90, 99}) {
            node.put("p" + percent, Math.min(largest, percentile(bins, total * percent / 100.0)));
        }
        node.put("max", largest);
        node.put("binWidth", PostingsStage.BIN);
        ArrayNode histogram = node.putArray("histogram");
        int last = bins.length - 1;
        while (last > 0 && bins[last] == 0) {
            last--;
        }
        for (int b = 0; b <= last; b++) {
            histogram.add(bins[b]);
        }
    }

    /** Middle of the bin in which this many postings are reached. */
    private static int percentile(long[] bins, double count) {
        long seen = 0;
        for (int b = 0; b < bins.length; b++) {
            seen += bins[b];
            if (seen >= count && seen > 0) {
                return b * PostingsStage.BIN + PostingsStage.BIN / 2;
            }
        }
        return 0;
    }

    /** All files of a snapshot. */
    static List<String> paths(Manifest manifest) {
        List<String> paths = new ArrayList<>();
        paths.add(manifest.router().path());
        for (ShardEntry shard : manifest.shards()) {
            shard.files().values().forEach(file -> paths.add(file.path()));
        }
        return paths;
    }
}
