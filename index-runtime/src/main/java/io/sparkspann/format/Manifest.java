package io.sparkspann.format;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sparkspann.error.CorruptIndexException;
import io.sparkspann.error.InvalidInputException;
import java.time.Instant;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * One snapshot of an index: the complete list of its files, and what is in them. Immutable, so
 * thread-safe.
 *
 * @param version format version of its writer
 * @param snapshot number of the snapshot, from 1
 * @param created when it was made
 * @param contentId content that all its files belong to
 * @param schema what its vectors are
 * @param router the file of the router
 * @param shards its shards, by ascending number
 * @param parameters what it was built with, in the given order
 * @param table how to read the files of kind {@link FileKind#ROWS}, in the given order; empty if
 *     there are none
 * @param registered the table elsewhere that it answers for, in the given order; empty if there is
 *     none
 * @param source what it was built from, in the given order; empty if its writer did not say
 * @param statistics figures for people and tools, carried as they are; non-finite numbers become
 *     strings
 * @param calibration measured recall of search settings
 */
public record Manifest(
        FormatVersion version,
        long snapshot,
        Instant created,
        ContentId contentId,
        VectorSchema schema,
        FileEntry router,
        List<ShardEntry> shards,
        Map<String, String> parameters,
        Map<String, String> table,
        Map<String, String> registered,
        Map<String, String> source,
        ObjectNode statistics,
        List<CalibrationRow> calibration) {
    /** Greatest number of shards, and of rows of the calibration table. */
    public static final int MAX_ENTRIES = 100_000;

    /** Greatest number of a snapshot. */
    public static final long MAX_SNAPSHOT = 999_999_999_999L;

    /**
     * @throws InvalidInputException if the parts do not make a manifest, naming the part
     */
    public Manifest {
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(created, "created");
        Objects.requireNonNull(contentId, "contentId");
        Objects.requireNonNull(schema, "schema");
        Objects.requireNonNull(router, "router");
        if (snapshot < 1 || snapshot > MAX_SNAPSHOT) {
            throw new InvalidInputException(
                    "Snapshot " + snapshot + " is not in 1 to " + MAX_SNAPSHOT);
        }
        shards = List.copyOf(shards);
        parameters = texts(parameters);
        table = texts(table);
        registered = texts(registered);
        source = texts(source);
        statistics = ManifestJson.normalize(statistics);
        calibration = List.copyOf(calibration);
        checkShards(router, shards);
        checkRows(table, shards);
    }

    private static Map<String, String> texts(Map<String, String> texts) {
        texts.forEach((name, value) -> Objects.requireNonNull(value, name));
        return Collections.unmodifiableMap(new LinkedHashMap<>(texts));
    }

    /** Either all shards have rows, and the table says what they are, or none has. */
    private static void checkRows(Map<String, String> table, List<ShardEntry> shards) {
        for (ShardEntry shard : shards) {
            if (shard.files().containsKey(FileKind.ROWS) == table.isEmpty()) {
                throw new InvalidInputException(
                        "Shard "
                                + shard.shard()
                                + (table.isEmpty()
                                        ? " has rows, but the manifest describes no table"
                                        : " has no rows, but the manifest describes a table"));
            }
        }
    }

    /** Whether the rows of the base table are kept in the index. */
    public boolean hasRows() {
        return !table.isEmpty();
    }

    /** Base vectors of all shards. */
    public long vectors() {
        return shards.stream().mapToLong(ShardEntry::vectors).sum();
    }

    /** A copy, for statistics are a mutable tree. */
    @Override
    public ObjectNode statistics() {
        return statistics.deepCopy();
    }

    /**
     * The bytes of the manifest's file: JSON whose first line is the CRC32C of all that follows.
     */
    public byte[] toBytes() {
        return ManifestJson.write(this);
    }

    /**
     * Reads what {@link #toBytes} wrote.
     *
     * @param file name for messages
     * @throws CorruptIndexException if it is damaged, naming the field
     * @throws io.sparkspann.error.UnsupportedFormatException if a newer version wrote it
     */
    public static Manifest parse(String file, byte[] bytes) {
        return ManifestParser.parse(file, bytes);
    }

    public static Builder builder() {
        return new Builder();
    }

    /** A builder with the content of this manifest, in the current format version. */
    public Builder toBuilder() {
        return new Builder()
                .snapshot(snapshot)
                .created(created)
                .contentId(contentId)
                .schema(schema)
                .router(router)
                .shards(shards)
                .parameters(parameters)
                .table(table)
                .registered(registered)
                .source(source)
                .statistics(statistics)
                .calibration(calibration);
    }

    private static void checkShards(FileEntry router, List<ShardEntry> shards) {
        if (router.kind() != FileKind.ROUTER) {
            throw new InvalidInputException(
                    router.path() + ": kind is " + router.kind().label() + ", expected router");
        }
        if (shards.size() > MAX_ENTRIES) {
            throw new InvalidInputException(shards.size() + " shards are more than " + MAX_ENTRIES);
        }
        Set<String> paths = new HashSet<>();
        paths.add(router.path());
        int before = -1;
        long vectors = 0;
        for (ShardEntry shard : shards) {
            if (shard.shard() <= before) {
                throw new InvalidInputException(
                        "Shard " + shard.shard() + " does not ascend after shard " + before);
            }
            before = shard.shard();
            vectors += shard.vectors();
            if (vectors < 0) {
                throw new InvalidInputException(
                        "Shard " + shard.shard() + ": the sum of vectors overflows");
            }
            for (FileEntry entry : shard.files().values()) {
                if (!paths.add(entry.path())) {
                    throw new InvalidInputException(entry.path() + ": is listed twice");
                }
            }
        }
    }

    /** Collects the parts of a manifest. Not thread-safe. */
    public static final class Builder {
        private FormatVersion version = FormatVersion.CURRENT;
        private long snapshot;
        private Instant created;
        private ContentId contentId;
        private VectorSchema schema;
        private FileEntry router;
        private List<ShardEntry> shards = List.of();
        private Map<String, String> parameters = Map.of();
        private Map<String, String> table = Map.of();
        private Map<String, String> registered = Map.of();
        private Map<String, String> source = Map.of();
        private ObjectNode statistics = JsonNodeFactory.instance.objectNode();
        private List<CalibrationRow> calibration = List.of();

        private Builder() {}

        Builder version(FormatVersion value) {
            version = value;
            return this;
        }

        public Builder snapshot(long value) {
            snapshot = value;
            return this;
        }

        public Builder created(Instant value) {
            created = value;
            return this;
        }

        public Builder contentId(ContentId value) {
            contentId = value;
            return this;
        }

        public Builder schema(VectorSchema value) {
            schema = value;
            return this;
        }

        public Builder router(FileEntry value) {
            router = value;
            return this;
        }

        public Builder shards(List<ShardEntry> value) {
            shards = value;
            return this;
        }

        public Builder parameters(Map<String, String> value) {
            parameters = value;
            return this;
        }

        public Builder table(Map<String, String> value) {
            table = value;
            return this;
        }

        public Builder registered(Map<String, String> value) {
            registered = value;
            return this;
        }

        public Builder source(Map<String, String> value) {
            source = value;
            return this;
        }

        public Builder statistics(ObjectNode value) {
            statistics = value;
            return this;
        }

        public Builder calibration(List<CalibrationRow> value) {
            calibration = value;
            return this;
        }

        /**
         * @throws InvalidInputException if the parts do not make a manifest, naming the part
         */
        public Manifest build() {
            return new Manifest(
                    version,
                    snapshot,
                    created,
                    contentId,
                    schema,
                    router,
                    shards,
                    parameters,
                    table,
                    registered,
                    source,
                    statistics,
                    calibration);
        }
    }
}
