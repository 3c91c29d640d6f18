package io.sparkspann.search;

import io.sparkspann.cluster.CachedForest;
import io.sparkspann.cluster.Forest;
import io.sparkspann.cluster.HeadsFile;
import io.sparkspann.cluster.RouterFile;
import io.sparkspann.cluster.ShardTree;
import io.sparkspann.distance.VectorSpace;
import io.sparkspann.error.CorruptIndexException;
import io.sparkspann.format.FileEntry;
import io.sparkspann.format.FileKind;
import io.sparkspann.format.Manifest;
import io.sparkspann.format.ShardEntry;
import io.sparkspann.format.Snapshots;
import io.sparkspann.format.SpnFile;
import io.sparkspann.graph.HeadGraph;
import io.sparkspann.posting.IdTable;
import io.sparkspann.posting.PostingFile;
import io.sparkspann.posting.PostingLayout;
import io.sparkspann.storage.Storage;
import io.sparkspann.vector.IdBlock;

/**
 * The files of one snapshot, read part by part: what single-node search holds open, and what tasks
 * of a join open for their shard. Thread-safe.
 */
public final class IndexFiles {
    private final Storage storage;
    private final Manifest manifest;
    private final VectorSpace space;
    private final long[] firstOrdinals;

    private IndexFiles(Storage storage, Manifest manifest) {
        this.storage = storage;
        this.manifest = manifest;
        this.space = manifest.schema().space();
        this.firstOrdinals = new long[manifest.shards().size() + 1];
        for (int s = 0; s < manifest.shards().size(); s++) {
            if (manifest.shards().get(s).shard() != s) {
                throw damaged(manifest, "shard " + s + " is missing");
            }
            firstOrdinals[s + 1] = firstOrdinals[s] + manifest.shards().get(s).vectors();
        }
    }

    /**
     * @throws io.sparkspann.error.InvalidInputException if there is no finished index
     */
    public static IndexFiles openCurrent(Storage storage) {
        return new IndexFiles(storage, new Snapshots(storage).requireCurrent());
    }

    /** Opens a snapshot whose manifest is known. */
    public static IndexFiles of(Storage storage, Manifest manifest) {
        return new IndexFiles(storage, manifest);
    }

    public Manifest manifest() {
        return manifest;
    }

    public VectorSpace space() {
        return space;
    }

    public int shards() {
        return manifest.shards().size();
    }

    /** {@code shards + 1} ordinals: vectors are numbered through, shard by shard. */
    public long[] firstOrdinals() {
        return firstOrdinals;
    }

    private static CorruptIndexException damaged(Manifest manifest, String problem) {
        return new CorruptIndexException(
                Snapshots.fileName(manifest.snapshot()), "shards", 0, problem);
    }

    /** A number of the manifest that has to fit memory. */
    private int count(long number, String what) {
        if (number > Integer.MAX_VALUE - 8) {
            throw damaged(manifest, number + " " + what + " are more than an index can have");
        }
        return (int) number;
    }

    private SpnFile open(int shard, FileKind kind) {
        FileEntry entry = manifest.shards().get(shard).files().get(kind);
        if (entry == null) {
            throw damaged(manifest, "shard " + shard + " has no file of kind " + kind.label());
        }
        return SpnFile.open(storage, entry, manifest.contentId(), shard);
    }

    /** Reads the router. */
    public RouterFile.Content router() {
        FileEntry entry = manifest.router();
        try (SpnFile file = SpnFile.open(storage, entry, manifest.contentId(), 0)) {
            RouterFile.Content content = RouterFile.read(file, space.geometry());
            requireManifestHeads(content, entry);
            if (content.router().shardCount() != shards()) {
                throw new CorruptIndexException(
                        entry.path(),
                        "tree",
                        0,
                        content.router().shardCount() + " shards, the manifest has " + shards());
            }
            return content;
        }
    }

    private void requireManifestHeads(RouterFile.Content content, FileEntry entry) {
        for (int s = 0; s < Math.min(shards(), content.firstHeads().length - 1); s++) {
            int heads = content.firstHeads()[s + 1] - content.firstHeads()[s];
            int nodes = content.firstNodes()[s + 1] - content.firstNodes()[s];
            // A node has at least one head, so the manifest bounds both before anything is
            // allocated.
            if (heads != manifest.shards().get(s).heads() || nodes > heads) {
                throw new CorruptIndexException(
                        entry.path(),
                        "tree",
                        0,
                        String.format(
                                "shard %d has %d nodes and %d heads; the manifest has %d heads",
                                s, nodes, heads, manifest.shards().get(s).heads()));
            }
        }
    }

    /** Reads the tree of a shard. */
    public ShardTree tree(int shard) {
        ShardEntry entry = manifest.shards().get(shard);
        try (SpnFile file = open(shard, FileKind.HEADS)) {
            ShardTree tree = HeadsFile.read(file, space, count(entry.vectors(), "vectors"));
            if (tree.headCount() != entry.heads()) {
                throw new CorruptIndexException(
                        file.name(),
                        "tree",
                        0,
                        tree.headCount() + " heads, the manifest has " + entry.heads());
            }
            return tree;
        }
    }

    /** Reads which own vectors of a shard its heads are. */
    public int[] headRows(int shard) {
        ShardEntry entry = manifest.shards().get(shard);
        try (SpnFile file = open(shard, FileKind.HEADS)) {
            int heads = count(entry.heads(), "heads");
            return HeadsFile.readRows(file, heads, count(entry.vectors(), "vectors"));
        }
    }

    /** A forest that reads trees when they are asked for. */
    public Forest forest(long budgetBytes) {
        return new CachedForest(router(), this::tree, budgetBytes);
    }

    /** Reads the RNG graph of a shard. */
    public HeadGraph graph(int shard) {
        int heads = count(manifest.shards().get(shard).heads(), "heads");
        long all = manifest.shards().stream().mapToLong(ShardEntry::heads).sum();
        try (SpnFile file = open(shard, FileKind.GRAPH)) {
            return HeadGraph.read(file, heads, count(all, "heads"));
        }
    }

    /** Opens the postings of a shard; the caller closes them. */
    public PostingFile postings(int shard) {
        int heads = count(manifest.shards().get(shard).heads(), "heads");
        SpnFile file = open(shard, FileKind.POSTINGS);
        try {
            PostingLayout layout = new PostingLayout(space.type(), space.dimensions());
            return PostingFile.open(file, shard, heads, layout);
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /** Reads the ids of a shard's own vectors. */
    public IdBlock ownIds(int shard) {
        int own = count(manifest.shards().get(shard).vectors(), "vectors");
        try (SpnFile file = open(shard, FileKind.IDS)) {
            return IdTable.readOwn(file, manifest.schema().idType(), own);
        }
    }

    /** Reads the ids of all vectors in a shard's postings. */
    public IdTable ids(int shard) {
        ShardEntry entry = manifest.shards().get(shard);
        try (SpnFile file = open(shard, FileKind.IDS)) {
            return IdTable.read(
                    file,
                    manifest.schema().idType(),
                    firstOrdinals[shard],
                    count(entry.vectors(), "vectors"));
        }
    }
}
