package io.sparkspann.search;

import io.sparkspann.cluster.RouterFile;
import io.sparkspann.cluster.ShardTree;
import io.sparkspann.error.CorruptIndexException;
import io.sparkspann.error.SpannException;
import io.sparkspann.error.StorageException;
import io.sparkspann.error.UnsupportedFormatException;
import io.sparkspann.format.FileEntry;
import io.sparkspann.format.FileKind;
import io.sparkspann.format.Manifest;
import io.sparkspann.format.ShardEntry;
import io.sparkspann.format.Snapshots;
import io.sparkspann.format.SpnFile;
import io.sparkspann.posting.IdTable;
import io.sparkspann.posting.PostingFile;
import io.sparkspann.storage.Storage;
import io.sparkspann.vector.ByteSource;
import java.nio.file.AccessDeniedException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/**
 * Checks every byte of the current snapshot: manifest, containers, checksums and padding of all
 * files, and that router, heads, graph, ids and postings agree with the manifest and with each
 * other. Goes on after a damage. Memory: the parts of one shard without its postings, which stream,
 * and a bit for each vector.
 */
public final class IndexVerifier {
    /** An advice of errors that makes no sense in what the advice names. */
    private static final String ADVICE =
            "; run 'spann verify' and restore the file or rebuild the index";

    private static final int READ_BYTES = 1 << 20;

    private final Storage storage;
    private final Consumer<String> listener;
    private IndexFiles files;
    private RouterFile.Content router;
    private HomeRecords homes;
    private long damages;
    private long fileCount;
    private long bytes;
    private long postings;
    private long records;

    private IndexVerifier(Storage storage, Consumer<String> listener) {
        this.storage = storage;
        this.listener = listener;
    }

    /**
     * What was checked.
     *
     * @param snapshot its number, 0 if the manifest is damaged
     * @param damages number of lines that were reported
     * @param files files examined, without the manifest
     * @param bytes their length by the manifest
     * @param vectors number of vectors by the manifest
     * @param postings postings whose content was checked
     * @param records their records, replicas included
     */
    public record Result(
            long snapshot,
            long damages,
            long files,
            long bytes,
            long vectors,
            long postings,
            long records) {}

    /**
     * Checks the current snapshot.
     *
     * @param damage receives one line for each damage, which names file, section and offset
     * @throws io.sparkspann.error.InvalidInputException if there is no index
     */
    public static Result verify(Storage storage, Consumer<String> damage) {
        return new IndexVerifier(storage, damage).verify();
    }

    private Result verify() {
        try {
            files = IndexFiles.openCurrent(storage);
        } catch (CorruptIndexException | UnsupportedFormatException e) {
            report(strip(e));
            return new Result(0, damages, 0, 0, 0, 0, 0);
        }
        Manifest manifest = files.manifest();
        homes = new HomeRecords(manifest.vectors());
        checkManifest(manifest);
        checkFile(manifest.router(), 0, () -> router = files.router());
        if (router != null) {
            checkFirstHeads(manifest);
        }
        for (int s = 0; s < files.shards(); s++) {
            checkShard(s);
        }
        // A damaged posting hides its home records, which is no second damage.
        if (damages == 0 && homes.count() != manifest.vectors()) {
            reportManifest(
                    (manifest.vectors() - homes.count())
                            + " vectors have no home record in any posting, the first is ordinal "
                            + homes.firstMissing());
        }
        return new Result(
                manifest.snapshot(),
                damages,
                fileCount,
                bytes,
                manifest.vectors(),
                postings,
                records);
    }

    private void checkManifest(Manifest manifest) {
        for (int s = 0; s < manifest.shards().size(); s++) {
            ShardEntry shard = manifest.shards().get(s);
            if (shard.shard() != s) {
                reportManifest("shard " + s + " has the number " + shard.shard());
            }
            for (FileKind kind :
                    List.of(FileKind.HEADS, FileKind.GRAPH, FileKind.IDS, FileKind.POSTINGS)) {
                if (!shard.files().containsKey(kind)) {
                    reportManifest("shard " + s + " has no file of kind " + kind.label());
                }
            }
        }
    }

    private void checkFirstHeads(Manifest manifest) {
        for (int s = 0; s < files.shards(); s++) {
            long heads = router.firstHeads()[s + 1] - router.firstHeads()[s];
            if (heads != manifest.shards().get(s).heads()) {
                report(
                        line(
                                manifest.router().path(),
                                "tree",
                                "shard "
                                        + s
                                        + " has "
                                        + heads
                                        + " heads, the manifest has "
                                        + manifest.shards().get(s).heads()));
            }
        }
    }

    /** Reads what all parts of a shard are. */
    private void checkShard(int shard) {
        ShardEntry entry = files.manifest().shards().get(shard);
        IdTable[] ids = new IdTable[1];
        entry.files()
                .forEach(
                        (kind, file) -> {
                            switch (kind) {
                                case HEADS -> checkFile(file, shard, () -> checkTree(shard, file));
                                case GRAPH -> checkFile(file, shard, () -> files.graph(shard));
                                case IDS ->
                                        checkFile(
                                                file, shard, () -> ids[0] = checkIds(shard, file));
                                case POSTINGS -> {}
                                case ROWS -> checkWhole(file);
                                default -> checkFile(file, shard, () -> {});
                            }
                        });
        // After the ids, for the records name ordinals that the ids must hold.
        FileEntry file = entry.files().get(FileKind.POSTINGS);
        if (file != null) {
            checkPostings(shard, file, ids[0]);
        }
    }

    private void checkTree(int shard, FileEntry file) {
        ShardTree tree = files.tree(shard);
        if (router == null) {
            return;
        }
        int[] leafStarts = router.router().shardStarts();
        int leaves = leafStarts[shard + 1] - leafStarts[shard];
        int nodes = router.firstNodes()[shard + 1] - router.firstNodes()[shard];
        if (tree.leafCount() != leaves || tree.nodeCount() != nodes) {
            report(
                    line(
                            file.path(),
                            "tree",
                            tree.leafCount()
                                    + " leaves and "
                                    + tree.nodeCount()
                                    + " nodes, the router has "
                                    + leaves
                                    + " and "
                                    + nodes));
        }
    }

    private IdTable checkIds(int shard, FileEntry file) {
        IdTable table = files.ids(shard);
        for (int i = 1; i < table.own(); i++) {
            if (table.ids().compare(i - 1, table.ids(), i) >= 0) {
                report(
                        line(
                                file.path(),
                                "values",
                                "id "
                                        + table.ids().text(i)
                                        + " at position "
                                        + i
                                        + " does not ascend"));
                break;
            }
        }
        return table;
    }

    private void checkPostings(int shard, FileEntry file, IdTable ids) {
        List<String> sectionLines = new ArrayList<>();
        List<String> recordLines = new ArrayList<>();
        long before = damages;
        guard(file, () -> verifyContainer(file, shard, sectionLines::add));
        if (damages == before) {
            Set<String> contentLines = new LinkedHashSet<>();
            guard(file, contentLines::add, () -> streamPostings(shard, file, ids, recordLines));
            contentLines.stream()
                    .filter(text -> !sectionLines.contains(text))
                    .forEach(this::report);
        }
        // Lines about postings say the same as the one about their section, and more.
        String records = file.path() + ": section records ";
        sectionLines.stream()
                .filter(text -> recordLines.isEmpty() || !text.startsWith(records))
                .forEach(this::report);
        recordLines.forEach(this::report);
    }

    private void streamPostings(int shard, FileEntry file, IdTable ids, List<String> lines) {
        try (PostingFile open = files.postings(shard)) {
            PostingVerifier verifier = new PostingVerifier(open, file, homes, ids);
            verifier.run(text -> addBounded(lines, text));
            postings += open.directory().size();
            records += verifier.records();
            ShardEntry entry = files.manifest().shards().get(shard);
            if (verifier.records() != entry.records()) {
                addBounded(
                        lines,
                        line(
                                file.path(),
                                "directory",
                                verifier.records()
                                        + " records, the manifest has "
                                        + entry.records()));
            }
        }
    }

    /** Lines are passed on early, so that a file of nothing but damage fits the memory. */
    private void addBounded(List<String> lines, String text) {
        lines.add(text);
        if (lines.size() > 1000) {
            lines.subList(1, lines.size()).forEach(this::report);
            lines.subList(1, lines.size()).clear();
        }
    }

    /**
     * Checks the container, then what {@code content} reads of it, without saying a thing twice.
     */
    private void checkFile(FileEntry file, int shard, Runnable content) {
        Set<String> lines = new LinkedHashSet<>();
        guard(file, lines::add, () -> verifyContainer(file, shard, lines::add));
        guard(file, lines::add, content);
        lines.forEach(this::report);
    }

    /** Checks length and checksum of a file that is in no container. */
    private void checkWhole(FileEntry file) {
        fileCount++;
        bytes += file.lengthBytes();
        guard(
                file,
                () -> {
                    try (ByteSource source = storage.open(file.path())) {
                        if (source.length() != file.lengthBytes()) {
                            report(
                                    line(
                                            file.path(),
                                            "file",
                                            "it has "
                                                    + source.length()
                                                    + " bytes, the manifest has "
                                                    + file.lengthBytes()));
                        } else if (crc(source) != file.crc32c()) {
                            report(line(file.path(), "file", "its CRC32C is not the manifest's"));
                        }
                    }
                });
    }

    private static int crc(ByteSource source) {
        CRC32C crc = new CRC32C();
        byte[] buffer = new byte[READ_BYTES];
        for (long at = 0; at < source.length(); at += buffer.length) {
            int count = (int) Math.min(buffer.length, source.length() - at);
            source.readFully(at, buffer, 0, count);
            crc.update(buffer, 0, count);
        }
        return (int) crc.getValue();
    }

    private void verifyContainer(FileEntry file, int shard, Consumer<String> lines) {
        fileCount++;
        bytes += file.lengthBytes();
        try (SpnFile open = SpnFile.open(storage, file, files.manifest().contentId(), shard)) {
            open.verify(text -> lines.accept(strip(text)));
        }
    }

    private void guard(FileEntry file, Runnable work) {
        guard(file, this::report, work);
    }

    /** Turns every failure into a line. */
    private void guard(FileEntry file, Consumer<String> lines, Runnable work) {
        try {
            work.run();
        } catch (CorruptIndexException e) {
            lines.accept(strip(e));
        } catch (StorageException e) {
            if (e.getCause() instanceof AccessDeniedException) {
                // Nothing is known of a file that must not be read.
                throw e;
            }
            lines.accept(line(file.path(), "file", e.getMessage()));
        } catch (UnsupportedFormatException e) {
            lines.accept(line(file.path(), "file", e.getMessage()));
        } catch (RuntimeException e) {
            // Checked numbers that are impossible together: a damage that its writer checksummed.
            String problem =
                    e instanceof SpannException ? e.getMessage() : "it makes no sense: " + e;
            lines.accept(line(file.path(), "content", problem));
        }
    }

    private void reportManifest(String problem) {
        long snapshot = files.manifest().snapshot();
        report(line(Snapshots.fileName(snapshot), "shards", problem));
    }

    private void report(String text) {
        damages++;
        listener.accept(text.strip().replaceAll("\\s*\\R\\s*", " "));
    }

    static String line(String file, String section, String problem) {
        return file + ": section " + section + " is damaged: " + problem;
    }

    static String strip(RuntimeException e) {
        return strip(e.getMessage());
    }

    private static String strip(String message) {
        return message.endsWith(ADVICE)
                ? message.substring(0, message.length() - ADVICE.length())
                : message;
    }
}
