package io.sparkspann.build;

import io.sparkspann.format.Manifest;
import io.sparkspann.format.Snapshots;
import io.sparkspann.storage.Storage;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * What builds leave in an index directory. A snapshot is kept until the second one after it is
 * published, so that readers that opened it can go on.
 */
final class Leftovers {
    private static final String DATA = "data";
    private static final Pattern UUIDS =
            Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private Leftovers() {}

    /** A name for the folder of a new build. */
    static String newFolder() {
        return DATA + "/" + UUID.randomUUID();
    }

    /**
     * Removes snapshots before the previous one, and folders of builds that no other snapshot
     * names.
     *
     * <p>Builders hold the mark before they make their folder. Folders are listed before the mark
     * is looked at: if it is still that of {@code committed}, no other builder that may go on has
     * made one of them.
     *
     * @param committed a build that has published its snapshot and still holds the mark
     */
    static void remove(Storage storage, BuildStart committed) {
        List<String> folders = storage.list(DATA);
        Snapshots snapshots = new Snapshots(storage);
        List<Long> numbers = snapshots.numbers();
        boolean newest =
                !numbers.isEmpty() && numbers.get(numbers.size() - 1) == committed.snapshot();
        if (!newest || !committed.isMarked(storage)) {
            return;
        }
        int firstKept = Math.max(0, numbers.size() - 2);
        Set<String> named = new HashSet<>();
        for (long number : numbers.subList(firstKept, numbers.size())) {
            named.addAll(Assembly.paths(snapshots.load(number)));
        }
        // Manifests first: none may ever name a file that is gone.
        for (long number : numbers.subList(0, firstKept)) {
            storage.delete(Snapshots.fileName(number));
        }
        for (String folder : folders) {
            String path = DATA + "/" + folder;
            boolean needed = named.stream().anyMatch(file -> file.startsWith(path + "/"));
            if (UUIDS.matcher(folder).matches() && !needed) {
                storage.delete(path);
            }
        }
    }

    /** Removes the directory if nothing is in it. */
    static void removeEmpty(Storage storage) {
        if (storage.list(DATA).isEmpty()) {
            storage.delete(DATA);
        }
        storage.removeIfUnused();
    }

    /** Bytes that older snapshots hold beside the files of {@code current}. */
    static long olderBytes(Storage storage, Manifest current) {
        Snapshots snapshots = new Snapshots(storage);
        Set<String> counted = new HashSet<>(Assembly.paths(current));
        long bytes = 0;
        for (long number : snapshots.numbers()) {
            if (number < current.snapshot()) {
                bytes += BuildReport.newBytes(snapshots.load(number), counted);
            }
        }
        return bytes;
    }
}
