package io.sparkspann.graph;

import io.sparkspann.cluster.IntReader;
import io.sparkspann.format.SectionType;
import io.sparkspann.format.SpnFile;
import io.sparkspann.format.SpnWriter;

/**
 * The out-edges of the heads of one shard in the RNG graph; they may lead to heads of other shards.
 * In the file: section {@code starts}: {@code heads + 1} positions, u32; section {@code edges}:
 * head numbers of the whole index, u32, nearest first. Immutable.
 *
 * @param starts {@code heads + 1} ascending positions in {@code edges}
 * @param edges head numbers of the whole index
 */
public record HeadGraph(int[] starts, int[] edges) {
    public void write(SpnWriter out) {
        out.begin(SectionType.GRAPH_STARTS);
        out.writeInts(starts, 0, starts.length);
        out.end();
        out.begin(SectionType.GRAPH_EDGES);
        out.writeInts(edges, 0, edges.length);
        out.end();
    }

    /**
     * @param heads heads of the shard
     * @param allHeads heads of the index
     */
    public static HeadGraph read(SpnFile file, int heads, int allHeads) {
        IntReader startReader = new IntReader(file, SectionType.GRAPH_STARTS);
        int[] starts = startReader.starts(heads, Integer.MAX_VALUE);
        startReader.requireEnd();
        IntReader edgeReader = new IntReader(file, SectionType.GRAPH_EDGES);
        int[] edges = edgeReader.below(starts[heads], allHeads);
        edgeReader.requireEnd();
        return new HeadGraph(starts, edges);
    }
}
