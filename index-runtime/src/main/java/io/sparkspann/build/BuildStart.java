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
import java.util.List;
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
        return started(mark);
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

    /**
     * Makes room for another build. The mark goes first, so that a process that still works on the
     * build notices before its files are gone.
     */
    static void discard(Storage storage) {
        JsonNode mark = read(storage);
        BuildStart begun = started(mark);
        Snapshots snapshots = new Snapshots(storage);
        if (snapshots.numbers().contains(begun.snapshot())) {
            Manifest published = snapshots.load(begun.snapshot());
            if (begun.made(published)) {
                // It is whole: its last run died after publishing.
                begun.tidy(storage, published);
                return;
            }
        }
        storage.delete(MARK);
        if (begun.folder().startsWith("data/")) {
            storage.delete(begun.folder());
        }
    }

    private static BuildStart started(JsonNode mark) {
        return new BuildStart(mark.path("folder").asText(), mark.path("snapshot").asLong(), true);
    }

    /** Whether this build published the snapshot. */
    boolean made(Manifest published) {
        return published.router().path().startsWith(folder + "/");
    }

    /**
     * @throws CommitConflictException if the build has been discarded or finished by another
     *     process
     */
    void requireUnderWay(Storage storage) {
        if (!isMarked(storage)) {
            throw new CommitConflictException(
                    storage.location()
                            + ": another process has discarded or finished this build; nothing was"
                            + " published here");
        }
    }

    private boolean isMarked(Storage storage) {
        return storage.exists(MARK) && started(read(storage)).folder().equals(folder);
    }

    /**
     * Removes what no snapshot needs: staging files, journal, files of failed attempts, the mark.
     */
    void tidy(Storage storage, Manifest published) {
        storage.delete(folder + "/staging");
        storage.delete(folder + "/journal");
        List<String> kept = Assembly.paths(published);
        for (String name : storage.list(folder)) {
            if (!kept.contains(folder + "/" + name)) {
                storage.delete(folder + "/" + name);
            }
        }
        if (isMarked(storage)) {
            storage.delete(MARK);
        }
    }
}
