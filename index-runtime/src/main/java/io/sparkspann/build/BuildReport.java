package io.sparkspann.build;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sparkspann.format.FileEntry;
import io.sparkspann.format.Manifest;
import io.sparkspann.format.ShardEntry;

/**
 * What a build made.
 *
 * @param manifest the snapshot that was published
 * @param seconds time of this run of the build
 */
public record BuildReport(Manifest manifest, double seconds) {
    public long heads() {
        return manifest.shards().stream().mapToLong(ShardEntry::heads).sum();
    }

    public long records() {
        return manifest.shards().stream().mapToLong(ShardEntry::records).sum();
    }

    /** Bytes of all files of the snapshot, without the manifest. */
    public static long indexBytes(Manifest manifest) {
        long bytes = manifest.router().lengthBytes();
        for (ShardEntry shard : manifest.shards()) {
            for (FileEntry file : shard.files().values()) {
                bytes += file.lengthBytes();
            }
        }
        return bytes;
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
        json.put("skipped_rows", manifest.statistics().path("skippedRows").asLong());
        return json;
    }
}
