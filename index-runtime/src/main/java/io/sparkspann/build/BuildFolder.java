package io.sparkspann.build;

import io.sparkspann.error.StorageException;
import io.sparkspann.storage.Storage;
import io.sparkspann.vector.ByteSource;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The folder of one build in an index directory. While no snapshot names it, a file in it says that
 * this program made it; without that file it may be a user's, and is not removed. What is in it is
 * removed by name: entries that no build makes stay. Immutable.
 *
 * @param path such as {@code data/<UUID>}
 */
record BuildFolder(String path) {
    /** Folder of all folders of builds. */
    static final String DATA = "data";

    /** The file that says whose the folder is. */
    static final String OWNER = "owner.json";

    private static final String STAGING = "staging";
    private static final String JOURNAL = "journal";

    private static final Pattern UUIDS =
            Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    /** Files of an index; storages may keep checksums and unfinished files beside them. */
    private static final Pattern INDEX_FILES =
            Pattern.compile(
                    "\\.?(router|shard-[0-9]{5,10}-[a-z]+)\\.[0-9a-f]{8}"
                            + "\\.(spn|parquet)(\\.crc)?");

    private static final Pattern STAGING_FILES =
            Pattern.compile("\\.?[a-z-]+(-[0-9]{5,10})?(\\.[0-9a-f]{8})?\\.spn(\\.crc)?");
    private static final Pattern JOURNAL_FILES = putFiles("[0-9]-[0-9a-z-]+\\.json");
    private static final Pattern OWNER_FILES = putFiles("owner\\.json");

    /** Files that are created whole, and what storages may leave when that fails. */
    private static Pattern putFiles(String name) {
        return Pattern.compile("\\.?" + name + "(\\.[0-9a-f-]{36}\\.tmp)?|\\.tmp-[0-9a-f-]{36}");
    }

    /** A folder that nobody has yet. */
    static BuildFolder create() {
        return new BuildFolder(DATA + "/" + UUID.randomUUID());
    }

    /** The folder of this path, if it may be one of a build. */
    static Optional<BuildFolder> of(String path) {
        String[] parts = path.split("/", 3);
        boolean named = parts.length >= 2 && parts[0].equals(DATA);
        return named && UUIDS.matcher(parts[1]).matches()
                ? Optional.of(new BuildFolder(DATA + "/" + parts[1]))
                : Optional.empty();
    }

    /** All folders that may be of builds, by their names. */
    static List<BuildFolder> all(Storage storage) {
        return storage.list(DATA).stream()
                .map(name -> of(DATA + "/" + name))
                .flatMap(Optional::stream)
                .toList();
    }

    String file(String name) {
        return path + "/" + name;
    }

    /** States that the folder is a build's, before anything else is written into it. */
    void claim(Storage storage) {
        storage.putIfAbsent(file(OWNER), owner());
    }

    /** Whether the folder says that it is a build's, and has not been copied from elsewhere. */
    boolean isClaimed(Storage storage) {
        if (!storage.list(path).contains(OWNER)) {
            return false;
        }
        byte[] expected = owner();
        try (ByteSource source = storage.open(file(OWNER))) {
            if (source.length() != expected.length) {
                return false;
            }
            byte[] bytes = new byte[expected.length];
            source.readFully(0, bytes, 0, bytes.length);
            return Arrays.equals(bytes, expected);
        }
    }

    private byte[] owner() {
        return ("{\"spark-spann build\": \"" + path + "\"}\n").getBytes(StandardCharsets.UTF_8);
    }

    /** Removes what stages leave to each other, the files that {@code kept} lacks, the claim. */
    void tidy(Storage storage, List<String> kept) {
        remove(storage, STAGING, STAGING_FILES);
        remove(storage, JOURNAL, JOURNAL_FILES);
        for (String name : storage.list(path)) {
            if (INDEX_FILES.matcher(name).matches() && !kept.contains(file(name))) {
                storage.delete(file(name));
            }
        }
        storage.delete(file(OWNER));
    }

    /** Removes all that a build makes, and the folder if nothing else is in it. */
    void remove(Storage storage) {
        remove(storage, STAGING, STAGING_FILES);
        remove(storage, JOURNAL, JOURNAL_FILES);
        List<String> names = storage.list(path);
        List<String> made = names.stream().filter(BuildFolder::isMade).toList();
        if (made.size() == names.size()) {
            storage.delete(path);
            return;
        }
        made.forEach(name -> storage.delete(file(name)));
    }

    private static boolean isEmptyFolder(Storage storage, String path) {
        return storage.exists(path) && !isFile(storage, path);
    }

    static boolean isFile(Storage storage, String path) {
        if (!storage.exists(path) || !storage.list(path).isEmpty()) {
            return false;
        }
        try (ByteSource source = storage.open(path)) {
            return source.length() >= 0;
        } catch (StorageException e) {
            // Folders cannot be opened. A file that cannot be read either fails the first write.
            return false;
        }
    }

    private static boolean isMade(String name) {
        return INDEX_FILES.matcher(name).matches() || OWNER_FILES.matcher(name).matches();
    }

    private void remove(Storage storage, String folder, Pattern made) {
        List<String> names = storage.list(file(folder));
        boolean all = names.stream().allMatch(name -> made.matcher(name).matches());
        boolean isFolder = !names.isEmpty() || isEmptyFolder(storage, file(folder));
        if (all && isFolder) {
            // One call for what may be many files. A task that was stopped leaves an empty folder.
            storage.delete(file(folder));
            return;
        }
        names.stream()
                .filter(name -> made.matcher(name).matches())
                .forEach(name -> storage.delete(file(folder) + "/" + name));
    }
}
