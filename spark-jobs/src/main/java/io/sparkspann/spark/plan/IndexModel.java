package io.sparkspann.spark.plan;

import io.sparkspann.build.BuildOptions;
import io.sparkspann.build.BuildOutline;
import io.sparkspann.build.TableShape;
import io.sparkspann.cluster.Router;
import io.sparkspann.cluster.ShardTree;
import io.sparkspann.distance.VectorSpace;
import io.sparkspann.error.InvalidInputException;
import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.IdType;

/**
 * An index that is to be: how many shards, heads and records it has, and what its files take. Ids
 * are numbers. Immutable.
 */
public final class IndexModel {
    private static final int MOST_HEADS = Integer.MAX_VALUE;
    private static final int MOST_FLOATS = Integer.MAX_VALUE - 8;

    private final BuildOutline outline;
    private final VectorSpace space;
    private final Measurements measured;
    private final FileSizes sizes;

    /**
     * @throws InvalidInputException if no index can have so many vectors, dimensions or heads
     */
    public IndexModel(
            long vectors,
            int dimensions,
            ElementType type,
            BuildOptions options,
            Measurements measured) {
        if (vectors < 1 || vectors > BuildOutline.MAX_ROWS) {
            throw new InvalidInputException(
                    "vectors is " + vectors + "; an index holds 1 to 2^32 - 1");
        }
        TableShape table = new TableShape(type, dimensions, IdType.LONG, true, vectors, "");
        this.outline = new BuildOutline(table, options);
        this.space = new VectorSpace(options.metric(), type, dimensions, 1);
        this.measured = measured;
        this.sizes = new FileSizes(space);
        requirePossible();
    }

    private void requirePossible() {
        if (heads() > MOST_HEADS) {
            throw new InvalidInputException(
                    String.format(
                            "an index has at most 2^31 - 1 heads, this one would have %.0f; use a"
                                    + " smaller head-ratio",
                            heads()));
        }
        if ((double) outline.leaves() * space.embeddedDimensions() > MOST_FLOATS) {
            throw new InvalidInputException(
                    "the router would have "
                            + outline.leaves()
                            + " leaves of "
                            + space.embeddedDimensions()
                            + " dimensions, more than one array holds; use fewer shards");
        }
    }

    BuildOutline outline() {
        return outline;
    }

    VectorSpace space() {
        return space;
    }

    double vectors() {
        return outline.table().rows();
    }

    int dimensions() {
        return outline.table().dimensions();
    }

    /** Bytes of a vector and its id. */
    double rowBytes() {
        return (double) dimensions() * space.type().bytes() + Long.BYTES;
    }

    int shards() {
        return outline.shards();
    }

    double heads() {
        double trained = vectors() - outline.calibrationQueries();
        double least = outline.leaves();
        return Math.max(least, Math.round(trained * outline.options().headRatio()));
    }

    double nodes() {
        return (double) outline.leaves() * outline.nodesOfLeaf();
    }

    /** Postings that hold a vector, mean. */
    double replicas() {
        int most = outline.options().replicas();
        // A small index has too few heads to choose from.
        double wished = measured.count("replicas").at(most, vectors());
        return Math.max(1, Math.min(Math.min(most, heads()), wished));
    }

    /** Records of all postings. */
    double records() {
        return vectors() * replicas();
    }

    /** Records of a posting, mean. */
    double postingRecords() {
        return records() / heads();
    }

    /** Vectors that come along from other shards, for each vector of a shard. */
    double foreignShare() {
        return shards() == 1 ? 0 : measured.count("foreign").at(shards(), vectors());
    }

    double shardVectors() {
        return vectors() / shards();
    }

    /** Centroids that a row is compared with in the router to find so many leaves. */
    double routerDistances(int leavesWished) {
        int groups = outline.groups();
        double leaves = outline.leaves();
        return groups == 1
                ? leaves
                : groups + Router.groupsSearched(groups, leavesWished) * leaves / groups;
    }

    /** Groups of the router that are looked into for a row, none if it has one level. */
    double routerGroups(int leavesWished) {
        int groups = outline.groups();
        return groups == 1 ? 0 : Router.groupsSearched(groups, leavesWished);
    }

    double routerBytes() {
        return sizes.router(outline.groups(), outline.leaves(), shards());
    }

    double headsBytes() {
        return shards()
                * sizes.heads(perShard(outline.leaves()), perShard(nodes()), perShard(heads()));
    }

    double graphBytes() {
        double edges = heads() * measured.count("graph-edges").at(1, vectors());
        return shards()
                * sizes.graph(perShard(heads()), perShard(Math.min(edges, heads() * heads())));
    }

    double idsBytes() {
        double own = shardVectors();
        return shards() * sizes.ids(own, own * foreignShare());
    }

    double postingsBytes() {
        return shards() * sizes.postings(perShard(heads()), perShard(records()));
    }

    /** All files of the index, without the manifest. */
    double indexBytes() {
        return routerBytes() + headsBytes() + graphBytes() + idsBytes() + postingsBytes();
    }

    /** Bytes of a posting, mean. */
    double postingBytes() {
        return sizes.posting(postingRecords());
    }

    /** Memory of the tree of a shard. */
    double treeMemory() {
        return perShard(heads()) * ShardTree.bytesOfHead(space);
    }

    /** Memory of the router: as it is read, its centroids, and packed for the kernels. */
    double routerMemory() {
        return 3 * routerBytes();
    }

    private double perShard(double all) {
        return all / shards();
    }
}
