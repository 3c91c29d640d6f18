package io.sparkspann.spark.join;

import io.sparkspann.posting.PostingFile;
import io.sparkspann.spark.stage.StageName;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * The covering radii of all leaves of an index: what it takes to tell which shards a query has to
 * be compared with.
 *
 * @param radii by the number of the leaf, below 0 where there are no vectors
 */
record LeafRadii(double[] radii) implements Serializable {
    /** Computes them, a shard in each task. */
    static LeafRadii of(JavaSparkContext context, Broadcast<SharedIndex> index, int shards) {
        List<Integer> numbers = new ArrayList<>();
        for (int s = 0; s < shards; s++) {
            numbers.add(s);
        }
        List<double[]> parts =
                StageName.during(
                        context.sc(),
                        JoinSteps.RADII_STAGE,
                        () ->
                                context.parallelize(numbers, shards)
                                        .map(shard -> ofShard(index.value(), shard))
                                        .collect());
        int count = parts.stream().mapToInt(part -> part.length).sum();
        double[] radii = new double[count];
        int at = 0;
        for (double[] part : parts) {
            System.arraycopy(part, 0, radii, at, part.length);
            at += part.length;
        }
        return new LeafRadii(radii);
    }

    private static double[] ofShard(SharedIndex index, int shard) {
        try (PostingFile postings = index.files().postings(shard)) {
            return index.radii(shard, postings).leaves();
        }
    }
}
