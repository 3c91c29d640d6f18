package io.sparkspann.format;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sparkspann.error.InvalidInputException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/** Writes manifests as JSON, in a fixed order of fields, so that equal manifests have equal bytes. */
final class ManifestJson {
    /** What precedes and follows the 8 digits of the checksum in the first line. */
    static final String CRC_BEFORE = "{\"crc32c\":\"";

    static final String CRC_AFTER = "\",\n";
    static final int FIRST_LINE_BYTES = CRC_BEFORE.length() + 2 * Integer.BYTES + CRC_AFTER.length();

    static final String INFINITY = "Infinity";

    private static final int MAX_NESTING = 64;

    private ManifestJson() {}

    /** Refuses duplicate fields, text after the end, and nesting that would exhaust the stack. */
    static ObjectMapper mapper() {
        JsonFactory factory =
                JsonFactory.builder()
                        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                        .streamReadConstraints(
                                StreamReadConstraints.builder().maxNestingDepth(MAX_NESTING).build())
                        .build();
        return new ObjectMapper(factory).enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    }

    /** The tree as a reader of its text sees it: one class for each kind of number. */
    static ObjectNode normalize(ObjectNode tree) {
        try {
            ObjectMapper mapper = mapper();
            return (ObjectNode) mapper.readTree(mapper.writeValueAsString(tree));
        } catch (JsonProcessingException e) {
            throw new InvalidInputException("Statistics are no JSON: " + e.getOriginalMessage(), e);
        }
    }

    static byte[] write(Manifest manifest) {
        ObjectMapper mapper = mapper();
        ObjectNode root = mapper.createObjectNode();
        root.put("major", manifest.version().major());
        root.put("minor", manifest.version().minor());
        root.put("snapshot", manifest.snapshot());
        root.put("created", manifest.created().toString());
        root.put("contentId", manifest.contentId().toString());
        root.put("metric", manifest.schema().metric().label());
        root.put("elementType", manifest.schema().elementType().label());
        root.put("idType", manifest.schema().idType().label());
        root.put("dimensions", manifest.schema().dimensions());
        root.put("vectors", manifest.vectors());
        putFile(root.putObject("router"), manifest.router());
        ArrayNode shards = root.putArray("shards");
        manifest.shards().forEach(shard -> putShard(shards.addObject(), shard));
        manifest.parameters().forEach(root.putObject("parameters")::put);
        root.set("statistics", manifest.statistics());
        ArrayNode calibration = root.putArray("calibration");
        manifest.calibration().forEach(row -> putRow(calibration.addObject(), row));
        return withChecksum(text(mapper, root));
    }

    /** Completes the text of a manifest, from its first field to its last brace, by the first line. */
    static byte[] withChecksum(String fields) {
        byte[] body = fields.getBytes(StandardCharsets.UTF_8);
        CRC32C crc = new CRC32C();
        crc.update(body);
        String line = CRC_BEFORE + Layout.hex((int) crc.getValue()) + CRC_AFTER;
        byte[] bytes = new byte[FIRST_LINE_BYTES + body.length];
        System.arraycopy(line.getBytes(StandardCharsets.US_ASCII), 0, bytes, 0, FIRST_LINE_BYTES);
        System.arraycopy(body, 0, bytes, FIRST_LINE_BYTES, body.length);
        return bytes;
    }

    private static String text(ObjectMapper mapper, ObjectNode root) {
        DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
        DefaultPrettyPrinter printer =
                new DefaultPrettyPrinter().withObjectIndenter(indenter).withArrayIndenter(indenter);
        try {
            String text = mapper.writer(printer).writeValueAsString(root);
            return text.substring(text.indexOf('\n') + 1) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A tree of plain values can always be written", e);
        }
    }

    private static void putShard(ObjectNode node, ShardEntry shard) {
        node.put("shard", shard.shard());
        node.put("vectors", shard.vectors());
        node.put("heads", shard.heads());
        node.put("records", shard.records());
        ObjectNode files = node.putObject("files");
        shard.files().forEach((kind, entry) -> putFile(files.putObject(kind.label()), entry));
    }

    private static void putFile(ObjectNode node, FileEntry entry) {
        node.put("path", entry.path());
        node.put("bytes", entry.lengthBytes());
        node.put("crc32c", entry.crc32cHex());
    }

    private static void putRow(ObjectNode node, CalibrationRow row) {
        node.put("k", row.k());
        node.put("probes", row.probes());
        if (Double.isInfinite(row.epsilon())) {
            node.put("epsilon", INFINITY);
        } else {
            node.put("epsilon", row.epsilon());
        }
        node.put("recall", row.recall());
        node.put("meanPostings", row.meanPostings());
        node.put("meanRecords", row.meanRecords());
    }
}
