package io.sparkspann.format;

import io.sparkspann.error.InvalidInputException;

/** What an index file holds. */
public enum FileKind {
    /** Top of the tree, which sends vectors and queries to shards. */
    ROUTER(1, "router"),
    /** Heads of one shard with their tree. */
    HEADS(2, "heads"),
    /** Postings of one shard. */
    POSTINGS(3, "postings"),
    /** External ids of one shard, in ordinal order. */
    IDS(4, "ids"),
    /** Full vectors of one shard, for re-ranking. */
    VECTORS(5, "vectors"),
    /** Finished output of a build stage; never part of a snapshot. */
    STAGING(6, "staging"),
    /** RNG graph over the heads of one shard. */
    GRAPH(7, "graph"),
    /** Rows of the base table, of one shard: Parquet, not in the container of the other kinds. */
    ROWS(8, "rows");

    private final int code;
    private final String label;

    FileKind(int code, String label) {
        this.code = code;
        this.label = label;
    }

    /** Stable number of the kind in file headers; never reused. */
    public int code() {
        return code;
    }

    /** Name in manifests and messages, such as {@code postings}. */
    public String label() {
        return label;
    }

    /**
     * @throws InvalidInputException if no kind has this label
     */
    public static FileKind ofLabel(String label) {
        for (FileKind kind : values()) {
            if (kind.label.equals(label)) {
                return kind;
            }
        }
        throw new InvalidInputException(
                "Unknown kind of index file '"
                        + label
                        + "'; use router, heads, graph, postings, ids, vectors or rows");
    }

    static String describe(int code) {
        for (FileKind kind : values()) {
            if (kind.code == code) {
                return kind.label;
            }
        }
        return "unknown kind " + code;
    }
}
