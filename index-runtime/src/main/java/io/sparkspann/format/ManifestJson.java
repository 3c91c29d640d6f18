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
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * Writes manifests as JSON, in a fixed order of fields, so that equal manifests have equal bytes.
 */
final class ManifestJson {
    /** What precedes and follows the 8 digits of the checksum in the first line. */
    /** Before the element type of codes. */
    static final String CODES = "codes-";

    static final String CRC_BEFORE = "{\"crc32c\":\"";

    static final String CRC_AFTER = "\",\n";
    static final int FIRST_LINE_BYTES =
            CRC_BEFORE.length() + 2 * Integer.BYTES + CRC_AFTER.length();

    static final String INFINITY = "Infinity";

    private static final int MAX_NESTING = 64;
    private static final int OPENING_BYTES = "{\n".length();

    private ManifestJson() {}

    /** Refuses duplicate fields, text after the end, and nesting that would exhaust the stack. */
    static ObjectMapper mapper() {
        JsonFactory factory =
                JsonFactory.builder()
                        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                        .streamReadConstraints(
                                StreamReadConstraints.builder()
                                        .maxNestingDepth(MAX_NESTING)
                                        .build())
                        .build();
        return new ObjectMapper(factory).enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    }

    /** The tree as a reader of its text sees it: one class for each kind of number. */
    static ObjectNode normalize(ObjectNode tree) {
        try {
            ObjectMapper mapper = mapper();
            return (ObjectNode) mapper.readTree(mapper.writeValueAsBytes(tree));
        } catch (IOException e) {
            throw new InvalidInputException("Statistics are no JSON: " + e.getMessage(), e);
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
        VectorSchema schema = manifest.schema();
        boolean codes = schema.quantization() != null;
        // A reader that does not know codes must not take them for values.
        root.put("elementType", (codes ? CODES : "") + schema.elementType().label());
        if (codes) {
            root.putObject("quantization")
                    .put("step", schema.quantization().step())
                    .put("offset", schema.quantization().offset());
        }
        root.put("idType", manifest.schema().idType().label());
        root.put("dimensions", manifest.schema().dimensions());
        root.put("maxSquaredNorm", (double) manifest.schema().maxSquaredNorm());
        root.put("vectors", manifest.vectors());
        putFile(root.putObject("router"), manifest.router());
        ArrayNode shards = root.putArray("shards");
        manifest.shards().forEach(shard -> putShard(shards.addObject(), shard));
        manifest.parameters().forEach(root.putObject("parameters")::put);
        if (manifest.hasRows()) {
            manifest.table().forEach(root.putObject("table")::put);
        }
        if (!manifest.registered().isEmpty()) {
            manifest.registered().forEach(root.putObject("registered")::put);
        }
        if (!manifest.source().isEmpty()) {
            manifest.source().forEach(root.putObject("source")::put);
        }
        root.set("statistics", manifest.statistics());
        ArrayNode calibration = root.putArray("calibration");
        manifest.calibration().forEach(row -> putRow(calibration.addObject(), row));
        return withChecksum(body(mapper, root));
    }

    /** Completes the body of a manifest, from its first field to its last brace. */
    static byte[] withChecksum(byte[] body) {
        CRC32C crc = new CRC32C();
        crc.update(body);
        String line = CRC_BEFORE + Layout.hex((int) crc.getValue()) + CRC_AFTER;
        byte[] first = line.getBytes(StandardCharsets.US_ASCII);
        byte[] bytes = Arrays.copyOf(first, FIRST_LINE_BYTES + body.length);
        System.arraycopy(body, 0, bytes, FIRST_LINE_BYTES, body.length);
        return bytes;
    }

    /** The tree without its opening brace, which belongs to the first line. */
    private static byte[] body(ObjectMapper mapper, ObjectNode root) {
        DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
        DefaultPrettyPrinter printer =
                new DefaultPrettyPrinter().withObjectIndenter(indenter).withArrayIndenter(indenter);
        try {
            byte[] text = mapper.writer(printer).writeValueAsBytes(root);
            byte[] body = Arrays.copyOfRange(text, OPENING_BYTES, text.length + 1);
            body[body.length - 1] = '\n';
            return body;
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
        node.put("fromDistance", row.fromDistance());
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
