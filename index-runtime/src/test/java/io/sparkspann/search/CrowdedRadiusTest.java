package io.sparkspann.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkspann.distance.Metric;
import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.VectorBlock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tables of vectors that are nearly equal: their heads are a crowd, their distances are not 0. */
class CrowdedRadiusTest {
    private static final int D = 784;
    private static final int N = 3000;
    private static final int CHANGED = 6;

    @TempDir Path folder;

    private static VectorBlock nearlyEqual() {
        SplittableRandom random = new SplittableRandom(5);
        byte[] page = new byte[D];
        for (int j = 0; j < D; j++) {
            page[j] = (byte) random.nextInt(1, 255);
        }
        byte[] rows = new byte[N * D];
        for (int i = 0; i < N; i++) {
            System.arraycopy(page, 0, rows, i * D, D);
            for (int c = 0; c < CHANGED; c++) {
                rows[i * D + random.nextInt(D)] += (byte) (random.nextBoolean() ? 1 : -1);
            }
        }
        return VectorBlock.ofBytes(ElementType.UINT8, D, rows);
    }

    @ParameterizedTest
    @EnumSource(names = {"L1", "L2"})
    void every_vector_is_within_the_radius_of_its_posting(Metric metric) throws IOException {
        VectorBlock base = nearlyEqual();
        VectorBlock queries = base.slice(0, 300);
        try (SpannIndex index = SpannIndex.open(SampleIndex.build(base, metric, 1, folder))) {
            Neighbors found = index.searchRange(queries, RangeOptions.of(0)).neighbors();
            for (int q = 0; q < queries.size(); q++) {
                int query = q;
                assertThat(IntStream.range(0, found.count(q)))
                        .anyMatch(rank -> found.id(query, rank) == query);
            }
        }
    }
}
