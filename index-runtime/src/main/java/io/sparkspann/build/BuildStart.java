package io.sparkspann.build;

import io.sparkspann.error.CommitConflictException;
import io.sparkspann.error.InvalidInputException;
import io.sparkspann.error.StorageException;
import io.sparkspann.format.BuildMark;
import io.sparkspann.format.Manifest;
import io.sparkspann.format.Snapshots;
import io.sparkspann.storage.Storage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How a build begins: a {@link BuildMark} in the index directory names the build under way, its
 * folder, its input and its options. It is created whole, so of two builders one gets it, and it is
 * removed when the build is committed.
 *
 * @param folder folder of the build's files
 * @param snapshot number of the snapshot that the build will publish
 * @param resumed whether an earlier run began the build
 */
record BuildStart(String folder, long snapshot, boolean resumed) {
    static final String MARK = BuildMark.FILE;

    /** What to do with what is there already. */
    static BuildStart of(Storage storage, BuildMode mode, BuildOptions options, TableShape table) {
        Optional<Manifest> current = new Snapshots(storage).current();
        Optional<BuildMark> unfinished = BuildMark.find(storage);
        if (unfinished.isPresent() && mode == BuildMode.RESUME) {
            return resume(storage, unfinished.get(), options, table);
        }
        if (current.isPresent() && mode == BuildMode.ERROR) {
            throw new InvalidInputException(
                    storage.location()
                            + ": there is an index already; use --mode overwrite to replace it by a"
                            + " new snapshot, or another directory");
        }
        if (unfinished.isPresent() && mode == BuildMode.ERROR) {
            throw new InvalidInputException(
                    storage.location()
                            + ": there is an unfinished build; use --mode resume to continue it, or"
                            + " --mode overwrite to discard it");
        }
        if (unfinished.isPresent()) {
            discard(storage);
        }
        long snapshot = current.map(manifest -> manifest.snapshot() + 1).orElse(1L);
        return begin(storage, options, table, snapshot);
    }

    private static BuildStart begin(
            Storage storage, BuildOptions options, TableShape table, long snapshot) {
        String folder = Leftovers.newFolder();
        BuildMark mark = new BuildMark(folder, snapshot, source(table), options.parameters());
        if (put(storage, mark) == Storage.Put.EXISTS) {
            throw new CommitConflictException(
                    storage.location()
                            + ": another process has just begun a build here; let it finish");
        }
        return new BuildStart(folder, snapshot, false);
    }

    private static Storage.Put put(Storage storage, BuildMark mark) {
        try {
            return storage.putIfAbsent(MARK, mark.toBytes());
        } catch (StorageException e) {
            try {
                Leftovers.removeEmpty(storage);
            } catch (StorageException left) {
                e.addSuppressed(left);
            }
            throw e;
        }
    }

    /** What an index is built from, by the names that messages use. */
    static Map<String, String> source(TableShape table) {
        Map<String, String> source = new LinkedHashMap<>();
        source.put("input", table.fingerprint());
        source.put("rows", Long.toString(table.rows()));
        source.put("dimensions", Integer.toString(table.dimensions()));
        source.put("type", table.elementType().label());
        source.put("id type", table.idType().label());
        return source;
    }

    private static BuildStart resume(
            Storage storage, BuildMark mark, BuildOptions options, TableShape table) {
        String differences = differences(mark.source(), mark.options(), options, table);
        if (!differences.isEmpty()) {
            throw new InvalidInputException(
                    storage.location()
                            + ": the unfinished build has other "
                            + differences
                            + "; use the same again, or --mode overwrite to discard it");
        }
        return started(mark);
    }

    /**
     * The index that a build to be resumed has made already; empty if there is something to do.
     *
     * @throws InvalidInputException if the index is of another input or other options
     */
    static Optional<Manifest> finished(Storage storage, BuildOptions options, TableShape table) {
        if (storage.exists(MARK)) {
            return Optional.empty();
        }
        Optional<Manifest> current = new Snapshots(storage).current();
        current.ifPresent(index -> requireSame(storage, index, options, table));
        return current;
    }

    private static void requireSame(
            Storage storage, Manifest index, BuildOptions options, TableShape table) {
        boolean silent = index.source().isEmpty();
        Map<String, String> source = silent ? source(table) : index.source();
        String differences = differences(source, index.parameters(), options, table);
        if (silent && differences.isEmpty()) {
            differences = "input, perhaps: it does not say which";
        }
        if (!differences.isEmpty()) {
            throw new InvalidInputException(
                    storage.location()
                            + ": the index is complete, and nothing is to be resumed, but it was"
                            + " built with other "
                            + differences
                            + "; use --mode overwrite to replace it, or another directory");
        }
    }

    private static String differences(
            Map<String, String> source,
            Map<String, String> parameters,
            BuildOptions options,
            TableShape table) {
        List<String> parts = new ArrayList<>();
        String input = differences(source, source(table));
        if (!input.isEmpty()) {
            parts.add("input (" + input + ")");
        }
        String changed = differences(parameters, options.parameters());
        if (!changed.isEmpty()) {
            parts.add("options (" + changed + ")");
        }
        return String.join(" and other ", parts);
    }

    private static String differences(Map<String, String> before, Map<String, String> now) {
        Set<String> names = new LinkedHashSet<>(before.keySet());
        names.addAll(now.keySet());
        List<String> differences = new ArrayList<>();
        for (String name : names) {
            String was = before.getOrDefault(name, "unknown");
            String is = now.getOrDefault(name, "unknown");
            if (!was.equals(is)) {
                differences.add(
                        isHash(was) && isHash(is)
                                ? name + ": other files, times of files, or columns than before"
                                : name + ": was " + was + ", now " + is);
            }
        }
        return String.join("; ", differences);
    }

    /** Hashes say nothing to a person. */
    private static boolean isHash(String text) {
        return text.matches("[0-9a-f]{32}");
    }

    /**
     * Makes room for another build. The mark goes first, so that a process that still works on the
     * build notices before its files are gone.
     */
    static void discard(Storage storage) {
        Optional<BuildMark> mark = BuildMark.find(storage);
        if (mark.isEmpty()) {
            return;
        }
        BuildStart begun = started(mark.get());
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

    private static BuildStart started(BuildMark mark) {
        return new BuildStart(mark.folder(), mark.snapshot(), true);
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

    /** Whether a stage is done. */
    boolean hasResults(Storage storage) {
        return !storage.list(folder + "/journal").isEmpty();
    }

    boolean isMarked(Storage storage) {
        return BuildMark.find(storage).filter(mark -> mark.folder().equals(folder)).isPresent();
    }

    /**
     * Removes what no snapshot needs: staging files, journal, files of failed attempts, snapshots
     * before the previous one, what abandoned builds left, the mark.
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
        Leftovers.remove(storage, this);
        if (isMarked(storage)) {
            storage.delete(MARK);
        }
    }
}
