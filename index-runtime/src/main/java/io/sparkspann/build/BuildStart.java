package io.sparkspann.build;

import io.sparkspann.error.CommitConflictException;
import io.sparkspann.error.CorruptIndexException;
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
 * @param first whether there was no folder of builds before this one
 */
record BuildStart(String folder, long snapshot, boolean resumed, boolean first) {
    static final String MARK = BuildMark.FILE;

    /** What to do with what is there already. */
    static BuildStart of(Storage storage, BuildMode mode, BuildOptions options, TableShape table) {
        options.metric().requireType(table.elementType());
        Optional<Manifest> current = new Snapshots(storage).current();
        requireFolder(storage);
        if (mode == BuildMode.OVERWRITE) {
            discardUnfinished(storage);
            return begin(storage, options, table, next(current));
        }
        Optional<BuildMark> unfinished = unfinished(storage);
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
        return begin(storage, options, table, next(current));
    }

    private static long next(Optional<Manifest> current) {
        return current.map(manifest -> manifest.snapshot() + 1).orElse(1L);
    }

    /** A file in the place of the folder of builds is a user's. */
    private static void requireFolder(Storage storage) {
        if (BuildFolder.isFile(storage, BuildFolder.DATA)) {
            throw new InvalidInputException(
                    storage.location()
                            + ": an index keeps its files in a folder 'data', but there is a file"
                            + " of this name; use another directory");
        }
    }

    private static Optional<BuildMark> unfinished(Storage storage) {
        try {
            return BuildMark.find(storage);
        } catch (CorruptIndexException e) {
            throw isOurs(storage)
                    ? e.withAdvice("use --mode overwrite to discard the build and to begin anew")
                    : foreign(storage);
        }
    }

    /** Makes room for another build. */
    private static void discardUnfinished(Storage storage) {
        Optional<BuildMark> unfinished;
        try {
            unfinished = BuildMark.find(storage);
        } catch (CorruptIndexException e) {
            if (!isOurs(storage)) {
                throw foreign(storage);
            }
            // Its folder, whichever it is, is claimed, and goes when this build is committed.
            storage.delete(MARK);
            return;
        }
        unfinished.ifPresent(mark -> started(mark).discard(storage));
    }

    /** Whether a mark that cannot be read is certainly one. */
    private static boolean isOurs(Storage storage) {
        return BuildMark.isBegun(storage)
                || !new Snapshots(storage).numbers().isEmpty()
                || BuildFolder.all(storage).stream().anyMatch(folder -> folder.isClaimed(storage));
    }

    private static InvalidInputException foreign(Storage storage) {
        return new InvalidInputException(
                storage.location()
                        + ": the file "
                        + MARK
                        + " there is none of an index, which needs that name; use another"
                        + " directory, or remove the file");
    }

    private static BuildStart begin(
            Storage storage, BuildOptions options, TableShape table, long snapshot) {
        BuildFolder folder = BuildFolder.create();
        BuildMark mark =
                new BuildMark(folder.path(), snapshot, source(table), options.parameters());
        if (put(storage, mark) == Storage.Put.EXISTS) {
            throw new CommitConflictException(
                    storage.location()
                            + ": another process has just begun a build here; let it finish");
        }
        boolean first = !storage.exists(BuildFolder.DATA);
        BuildStart begun = new BuildStart(folder.path(), snapshot, false, first);
        begun.claim(storage);
        return begun;
    }

    private void claim(Storage storage) {
        try {
            new BuildFolder(folder).claim(storage);
        } catch (StorageException e) {
            if (!resumed) {
                try {
                    abandon(storage);
                } catch (StorageException left) {
                    e.addSuppressed(left);
                }
            }
            throw e;
        }
    }

    private static Storage.Put put(Storage storage, BuildMark mark) {
        try {
            return storage.putIfAbsent(MARK, mark.toBytes());
        } catch (StorageException e) {
            try {
                storage.removeIfUnused();
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
        if (!mark.isOfThisVersion()) {
            throw new InvalidInputException(
                    storage.location()
                            + ": the unfinished build was begun by another version of spark-spann;"
                            + " start anew with --mode overwrite");
        }
        String differences = differences(mark.source(), mark.options(), options, table);
        if (!differences.isEmpty()) {
            throw new InvalidInputException(
                    storage.location()
                            + ": the unfinished build has other "
                            + differences
                            + "; use the same again, or --mode overwrite to discard it");
        }
        BuildStart begun = started(mark);
        begun.claim(storage);
        return begun;
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
     * Gives the build up, so that another one can begin. The mark goes first, so that a process
     * that still works on the build notices before its files are gone.
     */
    private void discard(Storage storage) {
        Snapshots snapshots = new Snapshots(storage);
        if (snapshots.numbers().contains(snapshot)) {
            Manifest published = snapshots.load(snapshot);
            if (made(published)) {
                // It is whole: its last run died after publishing.
                tidy(storage, published);
                return;
            }
        }
        deleteMark(storage);
        buildFolder().ifPresent(made -> made.remove(storage));
    }

    /**
     * Removes what this build made, and the directory if it made that. The mark goes last, so that
     * no other builder works in a folder that is removed because it was empty.
     */
    void abandon(Storage storage) {
        buildFolder().ifPresent(made -> made.remove(storage));
        boolean empty = storage.list(BuildFolder.DATA).isEmpty();
        if (first && empty && isMarked(storage)) {
            storage.delete(BuildFolder.DATA);
        }
        deleteMark(storage);
        storage.removeIfUnused();
    }

    /** Deletes the mark if it is that of this build. */
    private void deleteMark(Storage storage) {
        if (isMarked(storage)) {
            storage.delete(MARK);
        }
    }

    /** Empty if another program than this one chose it. */
    private Optional<BuildFolder> buildFolder() {
        return BuildFolder.of(folder).filter(made -> made.path().equals(folder));
    }

    private static BuildStart started(BuildMark mark) {
        return new BuildStart(mark.folder(), mark.snapshot(), true, false);
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
        String journal = folder + "/journal";
        return storage.exists(journal) && !storage.list(journal).isEmpty();
    }

    boolean isMarked(Storage storage) {
        return BuildMark.find(storage).filter(mark -> mark.folder().equals(folder)).isPresent();
    }

    /**
     * Removes what no snapshot needs: staging files, journal, files of failed attempts, snapshots
     * before the previous one, what abandoned builds left, the mark.
     */
    void tidy(Storage storage, Manifest published) {
        List<String> kept = Assembly.paths(published);
        buildFolder().ifPresent(made -> made.tidy(storage, kept));
        Leftovers.remove(storage, this);
        deleteMark(storage);
    }
}
