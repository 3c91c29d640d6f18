package io.sparkspann.format;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sparkspann.error.CorruptIndexException;
import io.sparkspann.storage.Storage;
import io.sparkspann.storage.StoragePath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The file {@value #FILE} of an index directory, which is there as long as a build is under way or
 * broken off. Immutable.
 *
 * @param folder folder of the build's files
 * @param snapshot number of the snapshot that the build will publish
 * @param source what the index is built from, strings by name
 * @param options what it is built with, strings by name
 */
public record BuildMark(
        String folder, long snapshot, Map<String, String> source, Map<String, String> options) {
    /** Name of the file. */
    public static final String FILE = "build.json";

    /** Number of stages of a build. */
    public static final int STAGES = 7;

    /** What each stage but the last leaves in the journal when it is done. */
    private static final List<String> LAST_RESULTS =
            List.of(
                    "1-router.json",
                    "2-route.json",
                    "3-router.json",
                    "4-closure.json",
                    "5-postings.json",
                    "6-calibration.json");

    /**
     * The mark of a directory; empty if no build is under way.
     *
     * @throws CorruptIndexException if the file is none
     */
    public static Optional<BuildMark> find(Storage storage) {
        if (!storage.exists(FILE)) {
            return Optional.empty();
        }
        JsonFields fields = fields(Snapshots.read(storage, FILE));
        return Optional.of(
                new BuildMark(
                        fields.parsed("folder", StoragePath::check),
                        fields.integer("snapshot", 1, Manifest.MAX_SNAPSHOT),
                        fields.object("source").texts(),
                        fields.object("options").texts()));
    }

    private static JsonFields fields(byte[] bytes) {
        try {
            return new JsonFields(FILE, "", ManifestJson.mapper().readTree(bytes));
        } catch (IOException e) {
            throw new CorruptIndexException(FILE, "json", 0, "it does not describe a build");
        }
    }

    /** The bytes of the file. */
    public byte[] toBytes() {
        ObjectNode root = ManifestJson.mapper().createObjectNode();
        root.put("folder", folder);
        root.put("snapshot", snapshot);
        source.forEach(root.putObject("source")::put);
        options.forEach(root.putObject("options")::put);
        return root.toPrettyString().getBytes(StandardCharsets.UTF_8);
    }

    /** The first stage that is not done, 1 to {@value #STAGES}. */
    public int stage(Storage storage) {
        List<String> results = storage.list(folder + "/journal");
        return 1 + (int) LAST_RESULTS.stream().filter(results::contains).count();
    }
}
