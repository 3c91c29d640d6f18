package io.sparkspann.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sparkspann.error.CorruptIndexException;
import io.sparkspann.error.InvalidInputException;
import io.sparkspann.error.SpannException;
import io.sparkspann.error.UnsupportedFormatException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.NotBlank;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestTest {
    private static final String NAME = "manifest-000007.json";

    @Test
    void comesBackWithAllParts() {
        Manifest manifest = SampleManifest.of(7);
        Manifest read = Manifest.parse(NAME, manifest.toBytes());
        assertThat(read).isEqualTo(manifest);
        assertThat(read.toBytes()).isEqualTo(manifest.toBytes());
        assertThat(read.vectors()).isEqualTo(3_000_000_007L);
        assertThat(read.parameters().keySet())
                .containsExactly("seed", "replicas", "a \"quoted\" name");
        assertThat(read.calibration().get(1).epsilon()).isInfinite();
        assertThat(read.shards().get(1).file(FileKind.IDS).path())
                .isEqualTo("data/b/shard-00004-ids.spn");
        assertThat(read.toBuilder().build()).isEqualTo(manifest);
    }

    @Test
    void firstLineIsTheChecksumOfTheRest() {
        String text = new String(SampleManifest.of(7).toBytes(), StandardCharsets.UTF_8);
        assertThat(text)
                .matches("(?s)\\{\"crc32c\":\"[0-9a-f]{8}\",\n.*\n}\n")
                .doesNotContain("\r");
    }

    @Test
    void everyOtherValueOfEveryByteIsFound() {
        byte[] intact = SampleManifest.of(7).toBytes();
        for (int at = 0; at < intact.length; at++) {
            for (int mask : new int[] {1, 2, 4, 8, 16, 32, 64, 128, 255}) {
                byte[] bytes = intact.clone();
                bytes[at] ^= (byte) mask;
                assertThatThrownBy(() -> Manifest.parse(NAME, bytes))
                        .as("byte %d xor %d", at, mask)
                        .isInstanceOf(CorruptIndexException.class);
            }
        }
    }

    @Test
    void everyTruncationAndExtensionIsFound() {
        byte[] intact = SampleManifest.of(7).toBytes();
        for (int length = 0; length <= intact.length + 64; length++) {
            if (length != intact.length) {
                byte[] bytes = Arrays.copyOf(intact, length);
                assertThatThrownBy(() -> Manifest.parse(NAME, bytes))
                        .as("length %d", length)
                        .isInstanceOf(CorruptIndexException.class);
            }
        }
    }

    @Test
    void unknownFieldsAndNewerMinorVersionAreRead() {
        Manifest read =
                parse(
                        edited(
                                root -> {
                                    root.put("minor", 12);
                                    root.putObject("future").put("x", 1);
                                    ((ObjectNode) root.get("router")).put("future", true);
                                    ((ObjectNode) root.get("shards").get(0)).putArray("future");
                                }));
        assertThat(read.version()).isEqualTo(new FormatVersion(1, 12));
        assertThat(read.toBuilder().build()).isEqualTo(SampleManifest.of(7));
    }

    @Test
    void theSourceIsOptional() {
        Manifest silent = SampleManifest.of(7).toBuilder().source(Map.of()).build();
        assertThat(new String(silent.toBytes(), StandardCharsets.UTF_8)).doesNotContain("source");
        assertThat(parse(silent.toBytes())).isEqualTo(silent);
        byte[] wrong = edited(root -> root.putObject("source").put("rows", 5));
        assertThatThrownBy(() -> parse(wrong))
                .isInstanceOf(CorruptIndexException.class)
                .hasMessageContaining("source.rows");
    }

    @Test
    void newerMajorVersionIsRefusedByName() {
        byte[] bytes = edited(root -> root.put("major", 2).put("minor", 3).remove("shards"));
        assertThatThrownBy(() -> parse(bytes))
                .isInstanceOf(UnsupportedFormatException.class)
                .hasMessageContaining("format version 2.3 is newer than 1.1");
    }

    @ParameterizedTest
    @CsvSource({"metric, hellinger", "elementType, float64", "idType, uuid"})
    void unknownNameIsOfANewerVersion(String field, String value) {
        byte[] bytes = edited(root -> root.put(field, value));
        assertThatThrownBy(() -> parse(bytes))
                .isInstanceOf(UnsupportedFormatException.class)
                .hasMessageContaining(field)
                .hasMessageContaining(value);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "major",
                "minor",
                "snapshot",
                "created",
                "contentId",
                "metric",
                "elementType",
                "idType",
                "dimensions",
                "vectors",
                "router",
                "shards",
                "parameters",
                "statistics",
                "calibration"
            })
    void everyFieldIsNeededAndTyped(String field) {
        for (String value :
                List.of("", "null", "true", "\"x\"", "[1]", "-1", "1.5", "1e400", "{\"x\":[]}")) {
            byte[] bytes =
                    edited(
                            root -> {
                                if (value.isEmpty()) {
                                    root.remove(field);
                                } else {
                                    root.set(field, tree(value));
                                }
                            });
            boolean statisticsMayBeAnyObject = field.equals("statistics") && value.startsWith("{");
            if (!statisticsMayBeAnyObject) {
                assertThatThrownBy(() -> parse(bytes))
                        .as("%s = %s", field, value)
                        .isInstanceOfAny(
                                CorruptIndexException.class, UnsupportedFormatException.class)
                        .hasMessageContaining(NAME)
                        .hasMessageContaining(field)
                        .hasMessageNotContaining("\n");
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "dimensions                           | 0",
                "dimensions                           | 65537",
                "dimensions                           | 99999999999999999999",
                "snapshot                             | 0",
                "snapshot                             | 1000000000000",
                "vectors                              | 3000000006",
                "router/path                          | \"../router.spn\"",
                "router/path                          | \"/etc/passwd\"",
                "router/path                          | \"s3://b/router.spn\"",
                "router/path                          | \"data/b/shard-00004-ids.spn\"",
                "router/bytes                         | -1",
                "router/crc32c                        | \"0000000G\"",
                "router/crc32c                        | \"+1234567\"",
                "router/crc32c                        | \"123456789\"",
                "shards/0/shard                       | 4",
                "shards/0/shard                       | 5",
                "shards/0/shard                       | 2147483648",
                "shards/0/vectors                     | -1",
                "shards/0/vectors                     | 9223372036854775807",
                "shards/0/heads                       | 9223372036854775808",
                "shards/0/records                     | 1.0",
                "shards/0/files/heads/path            | \"data/b/shard-00003-postings.spn\"",
                "shards/0/files/router                |"
                        + " {\"path\":\"r\",\"bytes\":1,\"crc32c\":\"00000000\"}",
                "shards/0/files/heads                 | 5",
                "shards/0                             | null",
                "parameters/seed                      | 42",
                "calibration/0/k                      | 0",
                "calibration/0/probes                 | 0",
                "calibration/0/epsilon                | -0.1",
                "calibration/0/epsilon                | \"NaN\"",
                "calibration/0/recall                 | 1.01",
                "calibration/0/recall                 | \"Infinity\"",
                "calibration/0/meanPostings           | -1",
                "calibration/0/meanRecords            | 1e999",
                "contentId                            | \"00\"",
                "created                              | \"yesterday\""
            })
    void valuesOutOfRangeAreRefused(String field, String value) {
        byte[] bytes = edited(root -> set(root, field, value));
        assertThatThrownBy(() -> parse(bytes))
                .isInstanceOf(CorruptIndexException.class)
                .hasMessageStartingWith(NAME + ": section ")
                .hasMessageNotContaining("\n");
    }

    @Test
    void tooManyShardsAreRefused() {
        byte[] bytes =
                edited(
                        root -> {
                            for (int i = 0; i < Manifest.MAX_ENTRIES; i++) {
                                root.withArray("shards").addNull();
                            }
                        });
        assertThatThrownBy(() -> parse(bytes))
                .isInstanceOf(CorruptIndexException.class)
                .hasMessageContaining("section shards");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "}",
                "\"major\":1",
                "\"major\":1,\"major\":1}",
                "\"crc32c\":\"0\"}",
                "\"a\":1}}",
                "\"a\":1}x",
                "\"a\":01}",
                "\"a\":NaN}",
                "\"a\":\"\u0001\"}",
                "\"a\":/*c*/1}"
            })
    void textThatIsNoManifestIsRefused(String fields) {
        assertThatThrownBy(() -> parse(withChecksum(fields)))
                .isInstanceOf(CorruptIndexException.class)
                .hasMessageNotContaining("\n");
    }

    @Test
    void namesOfFieldsCannotBreakTheLine() {
        byte[] bytes = edited(root -> ((ObjectNode) root.get("parameters")).put("a\nb\u2028c", 1));
        assertThatThrownBy(() -> parse(bytes))
                .isInstanceOf(CorruptIndexException.class)
                .hasMessageContaining("section parameters.a?b?c");
    }

    @Property(tries = 200)
    void anyParametersAndNumbersComeBack(
            @ForAll Map<@NotBlank String, String> parameters,
            @ForAll @LongRange(min = 1, max = Manifest.MAX_SNAPSHOT) long snapshot,
            @ForAll int crc32c,
            @ForAll @DoubleRange(min = 0, max = 1) double recall) {
        Manifest manifest =
                SampleManifest.of(snapshot).toBuilder()
                        .parameters(parameters)
                        .router(new FileEntry("r", Long.MAX_VALUE, crc32c, FileKind.ROUTER))
                        .calibration(
                                List.of(
                                        new CalibrationRow(
                                                1, recall, 1, recall, recall, 1 / 3d, 1e300)))
                        .build();
        assertThat(parse(manifest.toBytes())).isEqualTo(manifest);
    }

    @Test
    void anyCharacterComesBack() {
        Map<String, String> parameters =
                Map.of("\ud83d\ude00", "\ud83d\ude00 \0\n \"\\", "half", "\ud800");
        Manifest manifest = SampleManifest.of(1).toBuilder().parameters(parameters).build();
        assertThat(parse(manifest.toBytes()).parameters()).isEqualTo(parameters);
    }

    @Test
    void fieldsMayNotOccurTwice() {
        String intact = new String(SampleManifest.of(7).toBytes(), StandardCharsets.UTF_8);
        String fields = intact.substring(ManifestJson.FIRST_LINE_BYTES);
        for (String field : List.of("\"minor\" : 1,", "\"seed\" : \"42\",", "\"heads\" : 100,")) {
            assertThat(fields).contains(field);
            byte[] bytes = withChecksum(fields.replace(field, field + field));
            assertThatThrownBy(() -> parse(bytes))
                    .isInstanceOf(CorruptIndexException.class)
                    .hasMessageContaining("Duplicate field");
        }
    }

    @Test
    void deepNestingIsRefused() {
        String deep = "\"a\":" + "[".repeat(1_000_000);
        assertThatThrownBy(() -> parse(withChecksum(deep)))
                .isInstanceOf(CorruptIndexException.class);
    }

    @Test
    void statisticsAreACopy() {
        Manifest manifest = SampleManifest.of(7);
        manifest.statistics().put("changed", true);
        assertThat(manifest.statistics().has("changed")).isFalse();
    }

    @Test
    void builderRefusesWhatAReaderWouldRefuse() {
        Manifest manifest = SampleManifest.of(7);
        ShardEntry shard = manifest.shards().get(0);
        assertRefused(() -> manifest.toBuilder().snapshot(0).build());
        assertRefused(() -> manifest.toBuilder().shards(List.of(shard, shard)).build());
        assertRefused(() -> manifest.toBuilder().router(shard.file(FileKind.HEADS)).build());
        assertRefused(() -> shard.file(FileKind.VECTORS));
        assertRefused(
                () -> new ShardEntry(0, 1, 1, 1, Map.of(FileKind.IDS, shard.file(FileKind.HEADS))));
        assertRefused(() -> new FileEntry("a/../b", 1, 0, FileKind.IDS));
        assertRefused(() -> new CalibrationRow(10, 0, 1, Double.NaN, 1, 1, 1));
    }

    @Test
    void changedTextUnderAFittingChecksumNeverGivesAnotherError() {
        String intact = new String(SampleManifest.of(7).toBytes(), StandardCharsets.ISO_8859_1);
        String fields = intact.substring(ManifestJson.FIRST_LINE_BYTES);
        int refused = 0;
        for (int at = 0; at < fields.length(); at++) {
            for (char c : new char[] {'0', '9', '-', '"', '}', ']', '.', 'e', '\\', ' ', 0, 0xFF}) {
                String changed = fields.substring(0, at) + c + fields.substring(at + 1);
                try {
                    parse(withChecksum(changed));
                } catch (SpannException e) {
                    refused++;
                    assertThat(e.getMessage()).startsWith(NAME).doesNotContain("\n");
                }
            }
        }
        assertThat(refused).isGreaterThan(fields.length());
    }

    private static Manifest parse(byte[] bytes) {
        return Manifest.parse(NAME, bytes);
    }

    private static void assertRefused(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(InvalidInputException.class);
    }

    private static byte[] withChecksum(String body) {
        return ManifestJson.withChecksum(body.getBytes(StandardCharsets.UTF_8));
    }

    private static JsonNode tree(String json) {
        try {
            return new ObjectMapper().readTree(json);
        } catch (JsonProcessingException e) {
            throw new AssertionError(json, e);
        }
    }

    private static void set(ObjectNode root, String path, String json) {
        int slash = path.lastIndexOf('/');
        JsonNode parent = slash < 0 ? root : root.at("/" + path.substring(0, slash));
        String field = path.substring(slash + 1);
        if (parent.isArray()) {
            ((ArrayNode) parent).set(Integer.parseInt(field), tree(json));
        } else {
            ((ObjectNode) parent).set(field, tree(json));
        }
    }

    /** The sample with another tree, under a checksum that fits. */
    private static byte[] edited(Consumer<ObjectNode> edit) {
        ObjectNode root =
                (ObjectNode)
                        tree(new String(SampleManifest.of(7).toBytes(), StandardCharsets.UTF_8));
        root.remove("crc32c");
        edit.accept(root);
        return withChecksum(root.toString().substring(1));
    }
}
