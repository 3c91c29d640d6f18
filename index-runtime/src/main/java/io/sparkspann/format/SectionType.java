package io.sparkspann.format;

import java.util.Locale;
import java.util.Optional;

/**
 * The sections that this version of the format knows, by kind of file. A section that is required and not listed for
 * its kind makes a file unreadable; an optional one is skipped.
 */
public enum SectionType {
    ROUTER_NODES(FileKind.ROUTER, 0x0101, "nodes"),
    ROUTER_CENTROIDS(FileKind.ROUTER, 0x0102, "centroids"),
    HEADS_VECTORS(FileKind.HEADS, 0x0201, "vectors"),
    POSTINGS_DIRECTORY(FileKind.POSTINGS, 0x0301, "directory"),
    POSTINGS_RECORDS(FileKind.POSTINGS, 0x0302, "postings"),
    IDS_VALUES(FileKind.IDS, 0x0401, "ids"),
    VECTORS_VALUES(FileKind.VECTORS, 0x0501, "vectors"),
    STAGING_VECTORS(FileKind.STAGING, 0x0601, "vectors"),
    STAGING_IDS(FileKind.STAGING, 0x0602, "ids");

    private final FileKind kind;
    private final int code;
    private final String label;

    SectionType(FileKind kind, int code, String label) {
        this.kind = kind;
        this.code = code;
        this.label = label;
    }

    public FileKind kind() {
        return kind;
    }

    /** Stable number of the section in index files; the number of the kind times 256, plus 1 to 255; never reused. */
    public int code() {
        return code;
    }

    /** Name in messages, such as {@code directory}. */
    public String label() {
        return label;
    }

    /** The section of this number in a file of this kind, if this version knows it. */
    public static Optional<SectionType> find(FileKind kind, int code) {
        for (SectionType type : values()) {
            if (type.code == code && type.kind == kind) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    /** Name of a section for messages, for an unknown one its number. */
    public static String nameOf(FileKind kind, int code) {
        return find(kind, code).map(SectionType::label).orElseGet(() -> String.format(Locale.ROOT, "0x%04x", code));
    }
}
