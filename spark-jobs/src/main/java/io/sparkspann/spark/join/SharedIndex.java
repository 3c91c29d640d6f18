package io.sparkspann.spark.join;

import io.sparkspann.cluster.CoveringRadii;
import io.sparkspann.cluster.Forest;
import io.sparkspann.format.Manifest;
import io.sparkspann.posting.PostingFile;
import io.sparkspann.search.ExactSearch;
import io.sparkspann.search.IndexFiles;
import io.sparkspann.search.IndexIds;
import io.sparkspann.spark.storage.HadoopConf;
import io.sparkspann.spark.storage.Storages;
import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;

/**
 * A snapshot that all tasks of a join read. It travels as a broadcast, so that the tasks of an
 * executor share one instance and what it has loaded.
 */
final class SharedIndex implements Serializable {
    private static final long serialVersionUID = 1L;

    private final String uri;
    private final HadoopConf conf;
    private final String manifestName;
    private final byte[] manifest;
    private final long forestBytes;
    private transient IndexFiles files;
    private transient Forest forest;
    private transient IndexIds ids;
    private transient Map<Integer, CoveringRadii> radii;

    /**
     * @param forestBytes memory of an executor for the trees of shards
     */
    SharedIndex(
            String uri, HadoopConf conf, String manifestName, Manifest manifest, long forestBytes) {
        this.uri = uri;
        this.conf = conf;
        this.manifestName = manifestName;
        this.manifest = manifest.toBytes();
        this.forestBytes = forestBytes;
    }

    synchronized IndexFiles files() {
        if (files == null) {
            Manifest parsed = Manifest.parse(manifestName, manifest);
            files = IndexFiles.of(Storages.open(uri, conf.value()), parsed);
        }
        return files;
    }

    /** Ids of all shards, for joins that hold the whole index's. */
    synchronized IndexIds ids() {
        if (ids == null) {
            ids = IndexIds.read(files());
        }
        return ids;
    }

    /** The covering radii of a shard; small beside its tree, so they are kept. */
    synchronized CoveringRadii radii(int shard, PostingFile postings) {
        if (radii == null) {
            radii = new HashMap<>();
        }
        return radii.computeIfAbsent(shard, s -> ExactSearch.radii(forest(), s, postings));
    }

    synchronized Forest forest() {
        if (forest == null) {
            forest = files().forest(forestBytes);
        }
        return forest;
    }
}
