package io.sparkspann.build;

import io.sparkspann.format.FileEntry;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Where the rows of each router leaf are: in the files of one layer, a segment in each. The first
 * layer is what the input was routed to; every round of {@link DivideStage} adds one with the rows
 * of the leaves that it divided. Immutable.
 *
 * @param layers oldest first
 */
record LeafCatalogue(List<Layer> layers) implements Serializable {
    /**
     * Stands for the leaf of a segment whose rows have moved to the next layer, or that has none.
     */
    static final int NO_LEAF = -1;

    /**
     * Files with the same segments.
     *
     * @param leaves leaf of each segment, ascending, or {@link #NO_LEAF}
     */
    record Layer(List<FileEntry> files, int[] leaves) implements Serializable {}

    /** The catalogue of files with a segment for each leaf. */
    static LeafCatalogue of(List<FileEntry> files, int leafCount) {
        return new LeafCatalogue(List.of(new Layer(files, RowOrder.identity(leafCount))));
    }

    /** The newest layer: all leaves that are still to be divided are there. */
    Layer newest() {
        return layers.get(layers.size() - 1);
    }

    /** Segments of some leaves in the newest layer; leaves ascend. */
    int[] newestSegments(int[] leaves) {
        int[] segments = new int[leaves.length];
        int found = 0;
        int[] all = newest().leaves();
        for (int s = 0; s < all.length && found < leaves.length; s++) {
            if (all[s] == leaves[found]) {
                segments[found++] = s;
            }
        }
        if (found < leaves.length) {
            throw new IllegalStateException("Leaf " + leaves[found] + " is in an older layer");
        }
        return segments;
    }

    /**
     * The catalogue after some leaves have been divided.
     *
     * @param numbers new number of each leaf, {@link #NO_LEAF} for divided ones
     * @param added the layer of their parts
     */
    LeafCatalogue divided(int[] numbers, Layer added) {
        List<Layer> changed = new ArrayList<>();
        for (Layer layer : layers) {
            int[] leaves =
                    Arrays.stream(layer.leaves())
                            .map(leaf -> leaf == NO_LEAF ? NO_LEAF : numbers[leaf])
                            .toArray();
            changed.add(new Layer(layer.files(), leaves));
        }
        changed.add(added);
        return new LeafCatalogue(changed);
    }

    /**
     * Passes the rows of leaves {@code [firstLeaf, endLeaf)} on: the numbers of leaves with their
     * encoded rows, file by file. What belongs to other leaves is not read.
     */
    void forEach(BuildContext context, int firstLeaf, int endLeaf, SegmentFile.Consumer consumer) {
        for (Layer layer : layers) {
            List<Run> runs = runs(layer.leaves(), firstLeaf, endLeaf);
            if (runs.isEmpty()) {
                continue;
            }
            for (FileEntry file : layer.files()) {
                try (SegmentFile segments = context.segments(file)) {
                    for (Run run : runs) {
                        segments.forEach(
                                run.from(),
                                run.to(),
                                (s, bytes) -> consumer.accept(layer.leaves()[s], bytes));
                    }
                }
            }
        }
    }

    /** Segments {@code [from, to)}. */
    private record Run(int from, int to) {}

    private static List<Run> runs(int[] leaves, int firstLeaf, int endLeaf) {
        List<Run> runs = new ArrayList<>();
        int from = 0;
        while (from < leaves.length) {
            int to = from;
            while (to < leaves.length && leaves[to] >= firstLeaf && leaves[to] < endLeaf) {
                to++;
            }
            if (to > from) {
                runs.add(new Run(from, to));
            }
            from = to + 1;
        }
        return runs;
    }
}
