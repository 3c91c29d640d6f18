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
import java.util.regex.Pattern;

/**
 * The file {@value #FILE} of an index directory, which is there as long as a build is under way or
 * broken off. Immutable.
 *
 * @param format number of the format of journal and staging files
 * @param folder folder of the build's files
 * @param snapshot number of the snapshot that the build will publish
 * @param source what the index is built from, strings by name
 * @param options what it is built with, strings by name
 */
public record BuildMark(
        int format,
        String folder,
        long snapshot,
        Map<String, String> source,
        Map<String, String> options) {
    /** Name of the file. */
    public static final String FILE = "build.json";

    /**
     * The format that this version writes. To be raised with every change of what a stage leaves to
     * the next ones: a build cannot be resumed from results that it does not understand.
     */
    public static final int FORMAT = 2;

    /** How the file begins, whichever version wrote it; the first ones stated no format. */
    private static final Pattern BEGINNING =
            Pattern.compile("\\{\\s*(\"format\"\\s*:\\s*[0-9]+,\\s*)?\"folder\"\\s*:\\s*\"data/");

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

    /** A mark of this version. */
    public BuildMark(
            String folder, long snapshot, Map<String, String> source, Map<String, String> options) {
        this(FORMAT, folder, snapshot, source, options);
    }

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
        int format =
                fields.has("format") ? (int) fields.integer("format", 0, Integer.MAX_VALUE) : 0;
        String folder = fields.parsed("folder", StoragePath::check);
        long snapshot = fields.integer("snapshot", 1, Manifest.MAX_SNAPSHOT);
        if (format != FORMAT) {
            // What else it says is that version's own.
            return Optional.of(new BuildMark(format, folder, snapshot, Map.of(), Map.of()));
        }
        return Optional.of(
                new BuildMark(
                        format,
                        folder,
                        snapshot,
                        fields.object("source").texts(),
                        fields.object("options").texts()));
    }

    /** Whether the build is one that this version can resume. */
    public boolean isOfThisVersion() {
        return format == FORMAT;
    }

    /**
     * Whether the file of a directory, be it damaged, begins as those of builds do; else it may be
     * a user's.
     */
    public static boolean isBegun(Storage storage) {
        String text = new String(Snapshots.read(storage, FILE), StandardCharsets.UTF_8);
        return BEGINNING.matcher(text).lookingAt();
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
        root.put("format", format);
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
