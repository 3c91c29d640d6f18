package io.sparkspann.build;

import io.sparkspann.error.CorruptIndexException;
import io.sparkspann.error.SpannException;
import io.sparkspann.error.UnsupportedFormatException;
import io.sparkspann.format.Manifest;
import io.sparkspann.format.Snapshots;
import io.sparkspann.storage.Storage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What builds leave in an index directory. A snapshot is kept until the second one after it is
 * published, so that readers that opened it can go on.
 */
final class Leftovers {
    private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);

    private Leftovers() {}

    /**
     * Removes snapshots before the previous one, and folders of builds that no other snapshot
     * names. Where a manifest that counts cannot be read, nothing is removed.
     *
     * <p>Builders hold the mark before they make their folder. Folders are listed before the mark
     * is looked at: if it is still that of {@code committed}, no other builder that may go on has
     * made one of them.
     *
     * @param committed a build that has published its snapshot and still holds the mark
     */
    static void remove(Storage storage, BuildStart committed) {
        List<BuildFolder> folders = BuildFolder.all(storage);
        Snapshots snapshots = new Snapshots(storage);
        List<Long> numbers = snapshots.numbers();
        boolean newest =
                !numbers.isEmpty() && numbers.get(numbers.size() - 1) == committed.snapshot();
        if (!newest || !committed.isMarked(storage)) {
            return;
        }
        int firstKept = Math.max(0, numbers.size() - 2);
        Set<BuildFolder> named = new HashSet<>();
        for (long number : numbers.subList(firstKept, numbers.size())) {
            Optional<Manifest> manifest = readable(snapshots, number);
            if (manifest.isEmpty()) {
                return;
            }
            named.addAll(folders(manifest.get()));
        }
        for (long number : numbers.subList(0, firstKept)) {
            readable(snapshots, number).ifPresent(manifest -> expire(storage, manifest, named));
        }
        for (BuildFolder folder : folders) {
            if (!named.contains(folder) && folder.isClaimed(storage)) {
                folder.remove(storage);
            }
        }
    }

    /**
     * Deletes a manifest, for none may ever name a file that is gone. Its folders are claimed
     * before, for then nothing else says whose they are.
     */
    private static void expire(Storage storage, Manifest manifest, Set<BuildFolder> named) {
        for (BuildFolder folder : folders(manifest)) {
            if (!named.contains(folder)) {
                folder.claim(storage);
            }
        }
        storage.delete(Snapshots.fileName(manifest.snapshot()));
    }

    private static Set<BuildFolder> folders(Manifest manifest) {
        Set<BuildFolder> folders = new HashSet<>();
        for (String path : Assembly.paths(manifest)) {
            BuildFolder.of(path).ifPresent(folders::add);
        }
        return folders;
    }

    /** A manifest that need not be whole for the work at hand. */
    private static Optional<Manifest> readable(Snapshots snapshots, long number) {
        try {
            return Optional.of(snapshots.load(number));
        } catch (CorruptIndexException | UnsupportedFormatException e) {
            LOG.warn("{}; what it names is not removed", e.getMessage());
            return Optional.empty();
        }
    }

    /**
     * What older snapshots hold beside the files of the current one.
     *
     * @param bytes of their files
     * @param unreadable snapshots that are not counted, for their manifests cannot be read
     */
    record Older(long bytes, List<Long> unreadable) {
        /** A line for the user; empty if all could be read. */
        String note() {
            return unreadable.isEmpty()
                    ? ""
                    : "older snapshots whose manifests cannot be read are not counted: "
                            + unreadable;
        }
    }

    /** Looks at the snapshots before {@code current}; damage of them is no error. */
    static Older older(Storage storage, Manifest current) {
        Snapshots snapshots = new Snapshots(storage);
        Set<String> counted = new HashSet<>(Assembly.paths(current));
        List<Long> unreadable = new ArrayList<>();
        long bytes = 0;
        for (long number : snapshots.numbers()) {
            if (number < current.snapshot()) {
                try {
                    bytes += BuildReport.newBytes(snapshots.load(number), counted);
                } catch (SpannException e) {
                    LOG.debug("snapshot {} is not counted", number, e);
                    unreadable.add(number);
                }
            }
        }
        return new Older(bytes, unreadable);
    }
}
