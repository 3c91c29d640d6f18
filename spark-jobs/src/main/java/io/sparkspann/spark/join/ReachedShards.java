package io.sparkspann.spark.join;

import io.sparkspann.cluster.BoundedDescent;
import io.sparkspann.cluster.Router;
import io.sparkspann.distance.VectorSpace;
import io.sparkspann.search.QueryRows;
import java.util.Arrays;

/** Which queries have to be compared with vectors of which shards. For one thread. */
final class ReachedShards {
    private final Router router;
    private final LeafRadii radii;

    ReachedShards(Router router, LeafRadii radii) {
        this.router = router;
        this.radii = radii;
    }

    /**
     * The queries that may find something in a shard.
     *
     * @param bounds for each query a rank key; nothing above it is of interest
     */
    int[] of(int shard, QueryRows queries, float[] bounds) {
        VectorSpace space = queries.space();
        int[] numbers = new int[queries.size()];
        Arrays.setAll(numbers, i -> i);
        return new BoundedDescent(space.geometry(), queries.embedded(), queries.magnitudes())
                .reaching(
                        router,
                        shard,
                        leaf -> radii.radii()[leaf],
                        numbers,
                        q -> space.trueDistanceWithin(bounds[q], queries.term(q)));
    }
}
