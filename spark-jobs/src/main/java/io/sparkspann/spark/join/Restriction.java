package io.sparkspann.spark.join;

import io.sparkspann.format.Manifest;
import io.sparkspann.format.ShardEntry;
import io.sparkspann.format.VectorSchema;
import io.sparkspann.search.AllowList;
import io.sparkspann.search.AllowedCost;
import io.sparkspann.search.ProbePolicy;
import io.sparkspann.search.SearchOptions;
import io.sparkspann.spark.input.BadRows;
import io.sparkspann.spark.input.InputSpec;
import io.sparkspann.spark.input.VectorTable;
import io.sparkspann.vector.ElementType;
import java.io.Serializable;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What a join may find.
 *
 * @param allowed vectors of the index
 * @param listed these vectors themselves, where they are so few that comparing each query with all
 *     of them is the least work, and exact; null where the index is searched
 * @param widening postings that are read for each that counts, about
 */
record Restriction(Broadcast<AllowList> allowed, Broadcast<ListedVectors> listed, double widening)
        implements Serializable {
    /** Most bytes of vectors that are brought to the driver and to all executors. */
    private static final long MOST_LISTED_BYTES = 256L << 20;

    static Restriction none(JavaSparkContext context) {
        return new Restriction(context.broadcast(AllowList.ALL), null, 1);
    }

    /**
     * Some rows of the table. Runs jobs that find out which vectors they are.
     *
     * @param memory of an executor for vectors
     */
    static Restriction to(
            JoinOptions options, JoinSetup setup, Broadcast<SharedIndex> index, long memory) {
        JavaSparkContext context = JavaSparkContext.fromSparkContext(setup.spark().sparkContext());
        SearchOptions search = options.search();
        Candidates candidates = options.condition() == null ? options.candidates() : null;
        ProbePolicy policy = search.policy(setup.manifest());
        AllowedRows rows = new AllowedRows(setup, index);
        long[] vectors = rows.vectors(options);
        long count = AllowList.of(vectors, new long[0]).count();
        // Vectors that are stored converted are not those of the table.
        ElementType type = setup.manifest().schema().elementType();
        boolean same =
                setup.manifest().schema().quantization() == null
                        && (type == ElementType.FLOAT32 || type.isByte());
        boolean mayList = count == 0 || candidates != null && candidates.vectors() != null && same;
        if (mayList && prefersList(setup.manifest(), count, search.k(), policy, memory)) {
            ListedVectors listed =
                    count == 0 ? ListedVectors.none(codec(setup)) : list(candidates, setup, rows);
            // All are in the index; if a vector is missing, or an id is there twice, the index
            // knows better.
            if (listed.size() == count && listed.distinct() == count) {
                return new Restriction(
                        context.broadcast(AllowList.ALL), context.broadcast(listed), 1);
            }
        }
        AllowList allowed = AllowList.of(vectors, rows.heads(vectors));
        double share = Math.max(1.0, allowed.headCount()) / heads(setup.manifest());
        Manifest manifest = setup.manifest();
        long heads = heads(manifest);
        double least = ProbePolicy.leastHeads(search.k(), manifest.vectors(), heads);
        double probes = policy.filteredProbes(share, least, heads);
        double widening = Math.max(1, probes / policy.maxProbes());
        return new Restriction(context.broadcast(allowed), null, widening);
    }

    /** What a range join may find, of which it asks nothing else. */
    static Broadcast<AllowList> allowed(
            JoinOptions options, JoinSetup setup, Broadcast<SharedIndex> index) {
        JavaSparkContext context = JavaSparkContext.fromSparkContext(setup.spark().sparkContext());
        if (!options.isRestricted()) {
            return context.broadcast(AllowList.ALL);
        }
        AllowedRows rows = new AllowedRows(setup, index);
        long[] vectors = rows.vectors(options);
        return context.broadcast(AllowList.of(vectors, rows.heads(vectors)));
    }

    /** Whether comparing queries with all these vectors is less work than looking for them. */
    static boolean prefersList(
            Manifest manifest, long count, int k, ProbePolicy policy, long memory) {
        long bytesOfVector =
                (long) manifest.schema().dimensions() * manifest.schema().elementType().bytes()
                        + Long.BYTES;
        if (count * bytesOfVector > Math.min(memory, MOST_LISTED_BYTES)) {
            return false;
        }
        return AllowedCost.scanIsLess(manifest, count, k, policy);
    }

    private static long heads(Manifest manifest) {
        return manifest.shards().stream().mapToLong(ShardEntry::heads).sum();
    }

    private static QueryBlock.Codec codec(JoinSetup setup) {
        VectorSchema schema = setup.manifest().schema();
        return new QueryBlock.Codec(schema.idType(), schema.elementType(), schema.dimensions());
    }

    private static ListedVectors list(Candidates candidates, JoinSetup setup, AllowedRows allowed) {
        String id = candidates.schema().fieldNames()[0];
        String vector = candidates.schema().fieldNames()[1];
        InputSpec spec =
                setup.spec(
                        InputSpec.of("allowed rows")
                                .withColumns(id, vector)
                                .withBadRows(BadRows.SKIP));
        Dataset<Row> rows = setup.rows(candidates.vectors().get().toJavaRDD(), candidates.schema());
        VectorTable table = VectorTable.of(allowed.indexed(rows, id), spec);
        return ListedVectors.of(table.batches(), QueryBlock.Codec.of(table));
    }
}
