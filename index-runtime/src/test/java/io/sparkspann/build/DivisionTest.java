package io.sparkspann.build;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkspann.cluster.Clusters;
import io.sparkspann.cluster.Router;
import io.sparkspann.distance.Geometry;
import io.sparkspann.distance.Metric;
import io.sparkspann.distance.VectorSpace;
import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.VectorBlock;
import org.junit.jupiter.api.Test;

class DivisionTest {
    private static final ShardSizes SIZES = new ShardSizes(10, 300, 100);
    private static final VectorSpace SPACE =
            new VectorSpace(Metric.L2, ElementType.FLOAT32, 1, 100);

    @Test
    void clusters_become_parts() {
        Clusters clusters = new Clusters(new int[] {0, 40, 70, 100}, new float[] {1, 2, 3});
        Division division = Division.of(clusters, 16, 1000, SIZES);
        assertThat(division.copies()).containsExactly(1, 1, 1);
        VectorBlock vectors = VectorBlock.ofFloats(1, new float[] {2.9f, 0, 2.1f});
        assertThat(division.partsOf(SPACE, vectors, row -> 0.99)).containsExactly(2, 0, 1);
    }

    @Test
    void a_cluster_that_kept_most_of_many_seeds_is_divided_by_hash() {
        Clusters clusters = new Clusters(new int[] {5, 15, 95, 105}, new float[] {1, 2, 3});
        Division division = Division.of(clusters, 16, 1000, SIZES);
        // 800 rows in parts of three quarters of 300.
        assertThat(division.copies()).containsExactly(1, 4, 1);
        assertThat(division.clusterOfParts()).containsExactly(0, 1, 1, 1, 1, 2);
        VectorBlock vectors = VectorBlock.ofFloats(1, new float[] {3, 2, 2, 2, 1});
        double[] draws = {0.99, 0, 0.5, 0.99, 0.99};
        assertThat(division.partsOf(SPACE, vectors, row -> draws[row]))
                .containsExactly(5, 1, 3, 4, 0);
    }

    @Test
    void a_cluster_that_is_small_enough_is_left_whole() {
        Clusters clusters = new Clusters(new int[] {0, 10, 90, 100}, new float[] {1, 2, 3});
        assertThat(Division.of(clusters, 16, 350, SIZES).copies()).containsExactly(1, 1, 1);
    }

    @Test
    void a_cluster_that_had_few_seeds_may_be_divided_by_the_next_round() {
        Clusters clusters = new Clusters(new int[] {0, 90, 100}, new float[] {1, 2});
        assertThat(Division.of(clusters, 2, 1000, SIZES).copies()).containsExactly(1, 1);
    }

    @Test
    void one_cluster_is_divided_by_hash() {
        Clusters clusters = new Clusters(new int[] {0, 100}, new float[] {7});
        assertThat(Division.of(clusters, 8, 310, SIZES).copies()).containsExactly(2);
    }

    @Test
    void a_leaf_without_a_sample_is_divided_around_its_own_centroid() {
        Router router = RouterStage.flatRouter(Geometry.euclidean(1), new float[] {4, 5, 6});
        Division division = Division.even(900, SIZES).withCentroid(router, 1);
        assertThat(division.centroids()).containsExactly(5);
        assertThat(division.parts()).isEqualTo(4);
    }
}
