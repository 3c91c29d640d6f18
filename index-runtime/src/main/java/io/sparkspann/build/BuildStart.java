package io.sparkspann.build;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sparkspann.error.CommitConflictException;
import io.sparkspann.error.CorruptIndexException;
import io.sparkspann.error.InvalidInputException;
import io.sparkspann.format.Manifest;
import io.sparkspann.format.Snapshots;
import io.sparkspann.storage.Storage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;

/**
 * How a build begins: a file {@value #MARK} in the index directory names the build under way, its
 * folder, its input and its options. It is created whole, so of two builders one gets it, and it is
 * removed when the build is committed.
 *
 * @param folder folder of the build's files
 * @param snapshot number of the snapshot that the build will publish
 * @param resumed whether an earlier run began the build
 */
record BuildStart(String folder, long snapshot, boolean resumed) {
    static final String MARK = "build.json";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What to do with what is there already. */
    static BuildStart of(Storage storage, BuildMode mode, BuildOptions options, TableShape table) {
        Optional<Manifest> current = new Snapshots(storage).current();
        boolean unfinished = storage.exists(MARK);
        if (unfinished && mode == BuildMode.RESUME) {
            return resume(storage, options, table);
        }
        if (current.isPresent() && mode == BuildMode.ERROR) {
            throw new InvalidInputException(
                    storage.location()
                            + ": there is an index already; use --mode overwrite to replace it by a"
                            + " new snapshot, or another directory");
        }
        if (unfinished && mode == BuildMode.ERROR) {
            throw new InvalidInputException(
                    storage.location()
                            + ": there is an unfinished build; use --mode resume to continue it, or"
                            + " --mode overwrite to discard it");
        }
        if (unfinished) {
            discard(storage);
        }
        long snapshot = current.map(manifest -> manifest.snapshot() + 1).orElse(1L);
        return begin(storage, options, table, snapshot);
    }

    private static BuildStart begin(
            Storage storage, BuildOptions options, TableShape table, long snapshot) {
        String folder = "data/" + UUID.randomUUID();
        ObjectNode mark = JSON.createObjectNode();
        mark.put("folder", folder);
        mark.put("snapshot", snapshot);
        mark.put("input", table.fingerprint());
        mark.put("options", options.parameters().toString());
        byte[] bytes = mark.toPrettyString().getBytes(StandardCharsets.UTF_8);
        if (storage.putIfAbsent(MARK, bytes) == Storage.Put.EXISTS) {
            throw new CommitConflictException(
                    storage.location()
                            + ": another process has just begun a build here; let it finish");
        }
        return new BuildStart(folder, snapshot, false);
    }

    private static BuildStart resume(Storage storage, BuildOptions options, TableShape table) {
        JsonNode mark = read(storage);
        require(storage, "input", mark.path("input").asText(), table.fingerprint());
        require(storage, "options", mark.path("options").asText(), options.parameters().toString());
        String folder = mark.path("folder").asText();
        return new BuildStart(folder, mark.path("snapshot").asLong(), true);
    }

    private static void require(Storage storage, String what, String begun, String now) {
        if (!begun.equals(now)) {
            throw new InvalidInputException(
                    storage.location()
                            + ": the unfinished build has other "
                            + what
                            + " ("
                            + begun
                            + ") than this one ("
                            + now
                            + "); use the same again, or --mode overwrite to discard it");
        }
    }

    private static JsonNode read(Storage storage) {
        try {
            return JSON.readTree(Journal.readAll(storage, MARK));
        } catch (JsonProcessingException e) {
            throw new CorruptIndexException(MARK, "json", 0, "it does not describe a build");
        } catch (IOException e) {
            throw new IllegalStateException("Bytes in memory can always be read", e);
        }
    }

    /** Removes the unfinished build. */
    static void discard(Storage storage) {
        String folder = read(storage).path("folder").asText();
        if (folder.startsWith("data/")) {
            storage.delete(folder);
        }
        storage.delete(MARK);
    }
}
