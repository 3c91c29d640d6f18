package io.sparkspann.spark.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkspann.distance.Metric;
import io.sparkspann.distance.VectorSpace;
import io.sparkspann.search.BlockScan;
import io.sparkspann.search.QueryRows;
import io.sparkspann.search.TopK;
import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.VectorBlock;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GrowerTest {
    private static final int DIMENSIONS = 32;

    /** Dimensions in which the vectors vary. */
    private static final int LATENT = 8;

    private static final int NEIGHBOUR = 10;
    private static final int FAR_NEIGHBOUR = 100;

    /** Vectors near a random linear image of a few dimensions. */
    private static VectorBlock real(int rows, long seed) {
        Random shape = new Random(1);
        float[][] axes = new float[LATENT][DIMENSIONS];
        for (float[] axis : axes) {
            for (int j = 0; j < DIMENSIONS; j++) {
                axis[j] = (float) shape.nextGaussian();
            }
        }
        Random random = new Random(seed);
        float[] values = new float[rows * DIMENSIONS];
        for (int i = 0; i < rows; i++) {
            for (float[] axis : axes) {
                float weight = (float) random.nextGaussian();
                for (int j = 0; j < DIMENSIONS; j++) {
                    values[i * DIMENSIONS + j] += weight * axis[j];
                }
            }
        }
        return VectorBlock.ofFloats(DIMENSIONS, values);
    }

    /**
     * Of queries among vectors.
     *
     * @param neighbour mean distance to the tenth neighbour
     * @param dimension estimate of the local intrinsic dimension
     */
    private record Shape(double neighbour, double dimension) {
        static Shape of(VectorBlock queries, VectorBlock vectors) {
            VectorSpace space = new VectorSpace(Metric.L2, ElementType.FLOAT32, DIMENSIONS, 0);
            QueryRows rows = QueryRows.of(space, queries);
            TopK top = new TopK(rows.size(), FAR_NEIGHBOUR, Long::compare);
            BlockScan.scan(rows, vectors, 0, top);
            double sum = 0;
            double logs = 0;
            for (int q = 0; q < rows.size(); q++) {
                double far = space.reported(top.key(q, FAR_NEIGHBOUR - 1));
                double near = space.reported(top.key(q, NEIGHBOUR - 1));
                sum += near;
                logs += Math.log(far / near);
            }
            double ratio = Math.log((double) FAR_NEIGHBOUR / NEIGHBOUR);
            return new Shape(sum / rows.size(), ratio * rows.size() / logs);
        }
    }

    @Test
    void a_larger_set_looks_like_a_larger_real_sample() {
        VectorBlock queries = real(300, 2);
        Shape small = Shape.of(queries, real(4_000, 3));
        Shape large = Shape.of(queries, real(32_000, 3));
        Grower grower = new Grower(real(4_000, 3), 7);
        Shape grown = Shape.of(queries, grower.rows(0, 32_000));
        assertThat(large.neighbour()).isLessThan(0.85 * small.neighbour());
        assertThat(grown.neighbour()).isBetween(0.9 * large.neighbour(), 1.15 * large.neighbour());
        assertThat(grown.dimension()).isBetween(0.8 * large.dimension(), 1.25 * large.dimension());
    }

    @Test
    void new_queries_are_as_far_from_the_vectors_as_real_ones() {
        Shape real = Shape.of(real(300, 2), real(32_000, 3));
        VectorBlock base = real(4_000, 3);
        VectorBlock vectors = new Grower(base, 7).rows(0, 32_000);
        Shape grown = Shape.of(new Grower(base, 8).newRows(0, 300), vectors);
        assertThat(grown.neighbour()).isBetween(0.8 * real.neighbour(), 1.25 * real.neighbour());
    }

    @Test
    void the_base_comes_first() {
        VectorBlock base = real(500, 3);
        VectorBlock rows = new Grower(base, 7).rows(100, 600);
        assertThat(rows.slice(0, 400).floats()).containsExactly(base.slice(100, 500).floats());
    }

    @Test
    void a_vector_depends_on_its_number_and_the_seed_alone() {
        VectorBlock base = real(500, 3);
        VectorBlock whole = new Grower(base, 7).newRows(0, 1_000);
        VectorBlock part = new Grower(base, 7).newRows(990, 10);
        assertThat(part.floats()).isEqualTo(whole.slice(990, 1_000).floats());
        VectorBlock other = new Grower(base, 8).newRows(990, 10);
        assertThat(other.floats()).isNotEqualTo(part.floats());
    }

    @Test
    void bytes_stay_in_their_range() {
        byte[] values = new byte[200 * DIMENSIONS];
        Random random = new Random(4);
        for (int i = 0; i < values.length; i++) {
            values[i] = (byte) (random.nextBoolean() ? 0 : 255);
        }
        VectorBlock base = VectorBlock.ofBytes(ElementType.UINT8, DIMENSIONS, values);
        VectorBlock grown = new Grower(base, 7).newRows(0, 500);
        int middle = 0;
        for (byte value : grown.bytes()) {
            middle += value > 40 && value < 90 ? 1 : 0;
        }
        // Values wrapped around instead of cut off would lie anywhere.
        assertThat(grown.type()).isEqualTo(ElementType.UINT8);
        assertThat(middle).isLessThan(grown.bytes().length / 4);
    }
}
