package io.sparkspann.build;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sparkspann.format.FileEntry;
import io.sparkspann.format.Manifest;
import io.sparkspann.format.ShardEntry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a build made.
 *
 * @param manifest the snapshot that was published
 * @param seconds time of this run of the build
 * @param olderBytes bytes of files that only older snapshots name
 * @param note a line for the user, such as that there was nothing to do; empty if there is none
 */
public record BuildReport(Manifest manifest, double seconds, long olderBytes, String note) {
    public long heads() {
        return manifest.shards().stream().mapToLong(ShardEntry::heads).sum();
    }

    public long records() {
        return manifest.shards().stream().mapToLong(ShardEntry::records).sum();
    }

    /** Bytes of all files of the snapshot, without the manifest. */
    public static long indexBytes(Manifest manifest) {
        return newBytes(manifest, new HashSet<>());
    }

    /** Bytes of the files of a snapshot by the labels of their kinds, in alphabetical order. */
    public static Map<String, Long> bytesByKind(Manifest manifest) {
        Map<String, Long> bytes = new TreeMap<>();
        bytes.put(manifest.router().kind().label(), manifest.router().lengthBytes());
        for (ShardEntry shard : manifest.shards()) {
            for (FileEntry file : shard.files().values()) {
                bytes.merge(file.kind().label(), file.lengthBytes(), Long::sum);
            }
        }
        return bytes;
    }

    /** Bytes of the files that are not in {@code counted}, to which they are added. */
    static long newBytes(Manifest manifest, Set<String> counted) {
        List<FileEntry> files = new ArrayList<>(List.of(manifest.router()));
        for (ShardEntry shard : manifest.shards()) {
            files.addAll(shard.files().values());
        }
        return files.stream()
                .filter(file -> counted.add(file.path()))
                .mapToLong(FileEntry::lengthBytes)
                .sum();
    }

    /** The line that commands print last. */
    public ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("vectors", manifest.vectors());
        json.put("dimensions", manifest.schema().dimensions());
        json.put("shards", manifest.shards().size());
        json.put("heads", heads());
        json.put("mean_replicas", Math.round(1000.0 * records() / manifest.vectors()) / 1000.0);
        json.put("seconds", Math.round(seconds * 1000) / 1000.0);
        json.put("index_bytes", indexBytes(manifest));
        json.put("snapshot", manifest.snapshot());
        json.put("older_snapshots_bytes", olderBytes);
        json.put("skipped_rows", manifest.statistics().path("skippedRows").asLong());
        if (!note.isEmpty()) {
            json.put("note", note);
        }
        return json;
    }
}
