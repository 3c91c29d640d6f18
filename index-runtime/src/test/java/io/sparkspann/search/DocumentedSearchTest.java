package io.sparkspann.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sparkspann.distance.Metric;
import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.VectorBlock;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The documented example of NGT: 5,000 SIFT descriptors, three queries and the 20 nearest of each,
 * as its manual prints them. They are in the folder of {@code -Dspann.data} or {@code SPANN_DATA}.
 */
class DocumentedSearchTest {
    private static final int D = 128;
    private static final int K = 20;

    private record Printed(int query, long id, String distance) {
        static Printed of(String line) {
            String[] cells = line.split("\t");
            return new Printed(
                    Integer.parseInt(cells[0]) - 1, Long.parseLong(cells[2]) - 1, cells[3]);
        }
    }

    private static Path data(String name) {
        String environment = System.getenv().getOrDefault("SPANN_DATA", "../../shared/data");
        Path path = Path.of(System.getProperty("spann.data", environment)).resolve("ngt/" + name);
        if (!Files.exists(path)) {
            System.out.println(
                    "SKIPPED: no sample data at " + path + "; set -Dspann.data or SPANN_DATA");
        }
        assumeTrue(Files.exists(path), "no sample data at " + path);
        return path;
    }

    /** The first 128 columns; further ones are attributes. */
    private static VectorBlock vectors(String name) throws IOException {
        List<String> lines = Files.readAllLines(data(name));
        byte[] components = new byte[lines.size() * D];
        for (int i = 0; i < lines.size(); i++) {
            String[] cells = lines.get(i).split("[\t ]");
            for (int j = 0; j < D; j++) {
                components[i * D + j] = (byte) Integer.parseInt(cells[j]);
            }
        }
        return VectorBlock.ofBytes(ElementType.UINT8, D, components);
    }

    @Test
    void exactSearchPrintsTheSame(@TempDir Path folder) throws IOException {
        VectorBlock base = vectors("sift-dataset-5k.tsv");
        VectorBlock queries = vectors("sift-query-3.tsv");
        List<Printed> printed =
                Files.readAllLines(data("documented-top20.tsv")).stream()
                        .skip(1)
                        .map(Printed::of)
                        .toList();
        assertThat(printed).hasSize(3 * K);
        try (SpannIndex index = SpannIndex.open(SampleIndex.build(base, Metric.L2, 2, folder))) {
            Neighbors exact = index.searchExact(queries, K);
            for (int i = 0; i < printed.size(); i++) {
                Printed wanted = printed.get(i);
                assertThat(exact.id(wanted.query(), i % K)).isEqualTo(wanted.id());
                assertThat(sixDigits(exact.distance(wanted.query(), i % K)))
                        .isEqualByComparingTo(wanted.distance());
            }
            for (int q = 0; q < 3; q++) {
                VectorBlock query = queries.slice(q, q + 1);
                double radius = exact.distance(q, K - 1);
                Neighbors within = index.searchRange(query, RangeOptions.of(radius)).neighbors();
                assertThat(within.count(0)).isEqualTo(K);
                for (int r = 0; r < K; r++) {
                    assertThat(within.id(0, r)).isEqualTo(exact.id(q, r));
                }
            }
        }
    }

    private static BigDecimal sixDigits(float distance) {
        return new BigDecimal(distance).round(new MathContext(6));
    }
}
