package io.sparkspann.format;

import io.sparkspann.error.CommitConflictException;
import io.sparkspann.error.CorruptIndexException;
import io.sparkspann.error.InvalidInputException;
import io.sparkspann.storage.Storage;
import io.sparkspann.vector.ByteSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The snapshots of an index: its files {@code manifest-NNNNNN.json}. Thread-safe; keeps no state.
 */
public final class Snapshots {
    /** Greatest size of a manifest in bytes. */
    private static final int MAX_BYTES = 64 << 20;

    private static final Pattern NAME = Pattern.compile("manifest-([0-9]{6,12})\\.json");

    private final Storage storage;

    public Snapshots(Storage storage) {
        this.storage = storage;
    }

    /** Name of the manifest of a snapshot. */
    public static String fileName(long snapshot) {
        return String.format(Locale.ROOT, "manifest-%06d.json", snapshot);
    }

    /** Numbers of all snapshots, ascending. */
    public List<Long> numbers() {
        return storage.list("").stream()
                .map(Snapshots::number)
                .flatMap(Optional::stream)
                .sorted()
                .toList();
    }

    /**
     * The snapshot with the highest number; empty if there is none.
     *
     * @throws CorruptIndexException if it is damaged: an older one is never taken in its place
     */
    public Optional<Manifest> current() {
        List<Long> numbers = numbers();
        return numbers.isEmpty()
                ? Optional.empty()
                : Optional.of(load(numbers.get(numbers.size() - 1)));
    }

    /**
     * The current snapshot of a directory that must have one.
     *
     * @throws InvalidInputException if there is none, saying whether a build is under way
     */
    public Manifest requireCurrent() {
        return current().orElseThrow(this::absent);
    }

    private InvalidInputException absent() {
        String problem =
                BuildMark.find(storage)
                        .map(
                                mark ->
                                        "the build of this index is not finished (stage "
                                                + mark.stage(storage)
                                                + " of "
                                                + BuildMark.STAGES
                                                + "); if it is not running, continue it with"
                                                + " --mode resume")
                        .orElse(
                                "there is no index here (no manifest); build one first, or check"
                                        + " the path");
        return new InvalidInputException(storage.location() + ": " + problem);
    }

    /**
     * One snapshot.
     *
     * @throws CorruptIndexException if it is damaged
     * @throws InvalidInputException if there is no such snapshot
     */
    public Manifest load(long snapshot) {
        String name = fileName(snapshot);
        if (!storage.exists(name)) {
            List<Long> numbers = numbers();
            String known =
                    numbers.isEmpty()
                            ? "there is none"
                            : "there are "
                                    + numbers.size()
                                    + ", "
                                    + numbers.get(0)
                                    + " to "
                                    + numbers.get(numbers.size() - 1);
            throw new InvalidInputException(
                    "Snapshot "
                            + snapshot
                            + " does not exist in "
                            + storage.location()
                            + "; "
                            + known);
        }
        Manifest manifest = Manifest.parse(name, read(storage, name));
        if (manifest.snapshot() != snapshot) {
            throw new CorruptIndexException(
                    name,
                    "snapshot",
                    0,
                    "it is " + manifest.snapshot() + ", but the file name says " + snapshot);
        }
        return manifest;
    }

    /**
     * Makes {@code manifest} the current snapshot. Its number must follow the highest one.
     *
     * @throws CommitConflictException if the number is taken; nothing has changed
     */
    public void publish(Manifest manifest) {
        List<Long> numbers = numbers();
        long highest = numbers.isEmpty() ? 0 : numbers.get(numbers.size() - 1);
        if (manifest.snapshot() > highest + 1) {
            throw new InvalidInputException(
                    "Snapshot "
                            + manifest.snapshot()
                            + " does not follow "
                            + highest
                            + " in "
                            + storage.location());
        }
        byte[] bytes = manifest.toBytes();
        if (bytes.length > MAX_BYTES) {
            throw new InvalidInputException(
                    "The manifest of snapshot "
                            + manifest.snapshot()
                            + " has "
                            + bytes.length
                            + " bytes, more than "
                            + MAX_BYTES
                            + "; use fewer shards or less statistics");
        }
        // A number at or below the highest lost the race, even if that snapshot has been expired
        // since.
        boolean created =
                manifest.snapshot() > highest
                        && storage.putIfAbsent(fileName(manifest.snapshot()), bytes)
                                == Storage.Put.CREATED;
        if (!created) {
            throw new CommitConflictException(
                    "Snapshot "
                            + manifest.snapshot()
                            + " in "
                            + storage.location()
                            + " was published by another writer; nothing was changed, run the job"
                            + " again on the new snapshot");
        }
    }

    static byte[] read(Storage storage, String name) {
        try (ByteSource source = storage.open(name)) {
            if (source.length() > MAX_BYTES) {
                throw new CorruptIndexException(
                        name,
                        "file",
                        0,
                        "it has " + source.length() + " bytes, more than " + MAX_BYTES);
            }
            byte[] bytes = new byte[(int) source.length()];
            source.readFully(0, bytes, 0, bytes.length);
            return bytes;
        }
    }

    private static Optional<Long> number(String name) {
        Matcher matcher = NAME.matcher(name);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long number = Long.parseLong(matcher.group(1));
        // One name for each number: manifest-0000001.json is no manifest.
        return number >= 1 && fileName(number).equals(name)
                ? Optional.of(number)
                : Optional.empty();
    }
}
