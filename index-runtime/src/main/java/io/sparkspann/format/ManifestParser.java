package io.sparkspann.format;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sparkspann.distance.Metric;
import io.sparkspann.error.CorruptIndexException;
import io.sparkspann.error.InvalidInputException;
import io.sparkspann.error.UnsupportedFormatException;
import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.IdType;
import io.sparkspann.vector.Quantization;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * Reads manifests: first the checksum, then every field; fields that it does not know are ignored.
 */
final class ManifestParser {
    private ManifestParser() {}

    static Manifest parse(String file, byte[] bytes) {
        checkFirstLine(file, bytes);
        JsonFields root = new JsonFields(file, "", tree(file, bytes));
        FormatVersion version = version(root);
        VectorSchema schema = schema(root);
        JsonFields router = root.object("router");
        List<ShardEntry> shards =
                root.objects("shards", Manifest.MAX_ENTRIES).stream()
                        .map(ManifestParser::shard)
                        .toList();
        List<CalibrationRow> calibration =
                root.objects("calibration", Manifest.MAX_ENTRIES).stream()
                        .map(ManifestParser::row)
                        .toList();
        Manifest.Builder builder =
                Manifest.builder()
                        .version(version)
                        .snapshot(root.integer("snapshot", 1, Manifest.MAX_SNAPSHOT))
                        .created(root.parsed("created", ManifestParser::instant))
                        .contentId(root.parsed("contentId", ContentId::parse))
                        .schema(schema)
                        .router(file(router, FileKind.ROUTER))
                        .shards(shards)
                        .parameters(root.object("parameters").texts())
                        .table(root.has("table") ? root.object("table").texts() : Map.of())
                        .registered(
                                root.has("registered")
                                        ? root.object("registered").texts()
                                        : Map.of())
                        .source(root.has("source") ? root.object("source").texts() : Map.of())
                        .statistics((ObjectNode) root.object("statistics").node())
                        .calibration(calibration);
        Manifest manifest = root.checked("shards", builder::build);
        long vectors = root.integer("vectors", 0, Long.MAX_VALUE);
        if (vectors != manifest.vectors()) {
            throw root.corrupt(
                    "vectors", "it is " + vectors + ", but shards have " + manifest.vectors());
        }
        return manifest;
    }

    private static void checkFirstLine(String file, byte[] bytes) {
        int length = ManifestJson.FIRST_LINE_BYTES;
        if (bytes.length < length) {
            throw new CorruptIndexException(
                    file,
                    "crc32c",
                    0,
                    "the file has " + bytes.length + " bytes, less than its first line");
        }
        CRC32C crc = new CRC32C();
        crc.update(bytes, length, bytes.length - length);
        String expected =
                ManifestJson.CRC_BEFORE + Layout.hex((int) crc.getValue()) + ManifestJson.CRC_AFTER;
        String line = new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
        if (!line.equals(expected)) {
            throw new CorruptIndexException(
                    file,
                    "crc32c",
                    0,
                    "CRC32C of the bytes after the first line is "
                            + Layout.hex((int) crc.getValue())
                            + ", which the first line does not say");
        }
    }

    private static JsonNode tree(String file, byte[] bytes) {
        try {
            // The first line, checked before, is the start of an object.
            return ManifestJson.mapper().readTree(bytes);
        } catch (JsonProcessingException e) {
            long offset =
                    e.getLocation() == null ? 0 : Math.max(0, e.getLocation().getByteOffset());
            String problem = e.getOriginalMessage().lines().findFirst().orElse("");
            throw new CorruptIndexException(file, "json", offset, "it is no JSON: " + problem);
        } catch (IOException e) {
            throw new CorruptIndexException(file, "json", 0, "it is no JSON: " + e.getMessage());
        }
    }

    private static FormatVersion version(JsonFields root) {
        int major = (int) root.integer("major", 1, Integer.MAX_VALUE);
        int minor = (int) root.integer("minor", 0, Integer.MAX_VALUE);
        FormatVersion version = new FormatVersion(major, minor);
        if (major > Layout.MAJOR) {
            throw new UnsupportedFormatException(
                    root.file()
                            + ": format version "
                            + version
                            + " is newer than "
                            + FormatVersion.CURRENT
                            + ", the newest that this version reads; use a newer spark-spann");
        }
        return version;
    }

    private static VectorSchema schema(JsonFields root) {
        Metric metric = root.known("metric", Metric::ofLabel);
        boolean codes = root.text("elementType").startsWith(ManifestJson.CODES);
        ElementType elementType =
                root.known(
                        "elementType",
                        label ->
                                ElementType.ofLabel(
                                        codes
                                                ? label.substring(ManifestJson.CODES.length())
                                                : label));
        Quantization quantization = codes ? quantization(root.object("quantization")) : null;
        IdType idType = root.known("idType", IdType::ofLabel);
        int dimensions = (int) root.integer("dimensions", 1, VectorSchema.MAX_DIMENSIONS);
        float norm = (float) root.number("maxSquaredNorm");
        return root.checked(
                "maxSquaredNorm",
                () ->
                        new VectorSchema(
                                metric, elementType, idType, dimensions, norm, quantization));
    }

    private static Quantization quantization(JsonFields fields) {
        double step = fields.number("step");
        double offset = fields.number("offset");
        return fields.checked("step", () -> new Quantization(step, offset));
    }

    private static ShardEntry shard(JsonFields fields) {
        JsonFields list = fields.object("files");
        Map<FileKind, FileEntry> files = new EnumMap<>(FileKind.class);
        for (String name : list.names()) {
            FileKind kind = list.known(name, name, FileKind::ofLabel);
            files.put(kind, file(list.object(name), kind));
        }
        int shard = (int) fields.integer("shard", 0, Integer.MAX_VALUE);
        long vectors = fields.integer("vectors", 0, Long.MAX_VALUE);
        long heads = fields.integer("heads", 0, Long.MAX_VALUE);
        long records = fields.integer("records", 0, Long.MAX_VALUE);
        return fields.checked("files", () -> new ShardEntry(shard, vectors, heads, records, files));
    }

    private static FileEntry file(JsonFields fields, FileKind kind) {
        long length = fields.integer("bytes", 0, Long.MAX_VALUE);
        int crc = fields.parsed("crc32c", ManifestParser::crc);
        return fields.parsed("path", path -> new FileEntry(path, length, crc, kind));
    }

    private static CalibrationRow row(JsonFields fields) {
        int k = (int) fields.integer("k", 1, Integer.MAX_VALUE);
        int probes = (int) fields.integer("probes", 1, Integer.MAX_VALUE);
        double fromDistance = fields.number("fromDistance");
        double epsilon = fields.numberOrInfinity("epsilon");
        double recall = fields.number("recall");
        double postings = fields.number("meanPostings");
        double records = fields.number("meanRecords");
        return fields.checked(
                "recall",
                () ->
                        new CalibrationRow(
                                k, fromDistance, probes, epsilon, recall, postings, records));
    }

    private static int crc(String text) {
        if (!text.matches("[0-9a-f]{8}")) {
            throw new InvalidInputException(
                    "'" + text + "' is not 8 lower-case hexadecimal digits");
        }
        return Integer.parseUnsignedInt(text, 16);
    }

    private static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new InvalidInputException("'" + text + "' is no ISO instant", e);
        }
    }
}
