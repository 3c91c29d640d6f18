package io.sparkspann.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sparkspann.distance.Metric;
import io.sparkspann.search.Neighbors;
import io.sparkspann.search.SpannIndex;
import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.VectorBlock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Vectors that become another type as the index is created. */
class ElementTypeTest {
    private static final int K = 10;

    @TempDir Path folder;

    private Outcome create(Path input, String index, Object... more) {
        Object[] all = new Object[5 + more.length];
        all[0] = "create";
        all[1] = "--input";
        all[2] = input;
        all[3] = "--index";
        all[4] = folder.resolve(index);
        System.arraycopy(more, 0, all, 5, more.length);
        return Outcome.of(all);
    }

    private static VectorBlock converted(VectorBlock block, ElementType type) {
        VectorBlock result = VectorBlock.allocate(type, block.dimensions(), block.size());
        float[] row = new float[block.dimensions()];
        for (int i = 0; i < block.size(); i++) {
            block.copyTo(i, row, 0);
            assertThat(result.set(i, row)).isEqualTo(-1);
        }
        return result;
    }

    @ParameterizedTest
    @EnumSource(names = {"L2", "IP", "COSINE"})
    void floats_that_become_halfs_are_searched_as_halfs(Metric metric) {
        VectorBlock floats = SampleVectors.clustered(ElementType.FLOAT32, 12, 1500, 3);
        VectorBlock halfs = converted(floats, ElementType.FLOAT16);
        VectorBlock queries = SampleVectors.clustered(ElementType.FLOAT32, 12, 40, 4);
        create(
                        SampleVectors.write(folder, "floats", floats),
                        "a",
                        "--element-type",
                        "float16",
                        "--metric",
                        metric.label())
                .done();
        create(SampleVectors.write(folder, "halfs", halfs), "b", "--metric", metric.label()).done();
        BruteForce truth = new BruteForce(metric, halfs, queries);
        try (SpannIndex a = SpannIndex.open(folder.resolve("a"));
                SpannIndex b = SpannIndex.open(folder.resolve("b"))) {
            assertThat(a.manifest().schema().elementType()).isEqualTo(ElementType.FLOAT16);
            assertThat(a.manifest().schema()).isEqualTo(b.manifest().schema());
            assertThat(a.manifest().parameters()).containsEntry("element-type", "float16");
            assertThat(b.manifest().parameters()).doesNotContainKey("element-type");
            Neighbors found = a.searchExact(queries, K);
            assertThat(b.searchExact(queries, K).ids().numbers()).isEqualTo(found.ids().numbers());
            for (int q = 0; q < queries.size(); q++) {
                int[] nearest = truth.nearest(q, K);
                for (int r = 0; r < K; r++) {
                    double wanted = truth.distance(q, nearest[r]);
                    assertThat((double) found.distances()[q * K + r])
                            .isCloseTo(wanted, within(1e-6 * (1 + Math.abs(wanted))));
                }
            }
        }
        assertThat(Outcome.of("verify", "--index", folder.resolve("a")).done().out())
                .startsWith("ok: ");
    }

    @Test
    void queries_may_be_of_any_type() {
        VectorBlock bytes = SampleVectors.clustered(ElementType.UINT8, 8, 600, 5);
        create(SampleVectors.write(folder, "u8", bytes), "halfs", "--element-type", "float16")
                .done();
        create(SampleVectors.write(folder, "u8", bytes), "floats", "--element-type", "float32")
                .done();
        create(SampleVectors.write(folder, "u8", bytes), "bytes").done();
        VectorBlock queries = SampleVectors.clustered(ElementType.UINT8, 8, 20, 6);
        long[] wanted = null;
        for (String index : new String[] {"bytes", "halfs", "floats"}) {
            try (SpannIndex open = SpannIndex.open(folder.resolve(index))) {
                for (ElementType type :
                        new ElementType[] {
                            ElementType.UINT8, ElementType.FLOAT16, ElementType.FLOAT32
                        }) {
                    long[] ids = open.searchExact(converted(queries, type), K).ids().numbers();
                    wanted = wanted == null ? ids : wanted;
                    assertThat(ids).as(index + " " + type).isEqualTo(wanted);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"postings", "heads"})
    void a_flipped_bit_of_a_half_is_damage(String kind) throws IOException {
        VectorBlock halfs = SampleVectors.clustered(ElementType.FLOAT16, 8, 500, 7);
        create(SampleVectors.write(folder, "halfs", halfs), "index").done();
        Path file;
        try (Stream<Path> files = Files.walk(folder.resolve("index"))) {
            file = files.filter(f -> f.toString().contains("-" + kind)).findFirst().orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 4;
        Files.write(file, bytes);
        Outcome outcome = Outcome.of("verify", "--index", folder.resolve("index"));
        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.out()).contains(file.getFileName().toString(), "section");
    }

    @Test
    void a_value_that_does_not_fit_is_an_error_or_left_out() {
        float[][] rows = new float[300][2];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = new float[] {i % 250, i / 250};
        }
        rows[7][1] = 70000;
        Path input = SampleVectors.write(folder, "rows", rows);
        String problem = "row 7 cannot be used as %s: component 1 is 70000.0, which %s cannot hold";
        for (String type : new String[] {"float16", "uint8"}) {
            Outcome failed = create(input, type, "--element-type", type);
            assertThat(failed.code()).isEqualTo(1);
            assertThat(failed.err()).contains(String.format(problem, type, type));
            Outcome built = create(input, type, "--element-type", type, "--on-bad-row", "skip");
            assertThat(built.done().lastJson().path("vectors").asInt()).isEqualTo(299);
        }
        Outcome unknown = create(input, "other", "--element-type", "float64");
        assertThat(unknown.code()).isEqualTo(2);
        assertThat(unknown.err()).contains("use " + ElementType.LABELS);
    }
}
