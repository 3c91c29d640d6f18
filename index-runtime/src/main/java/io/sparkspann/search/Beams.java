package io.sparkspann.search;

import io.sparkspann.cluster.TreeSearch;

/** How wide the tree is searched for a number of probes. */
public final class Beams {
    private Beams() {}

    /**
     * Wide enough that the heads found are nearly all among the nearest {@code probes}; calibration
     * measures recall with the same beam, so what is missed is accounted for.
     */
    public static TreeSearch.Beam of(int probes) {
        return new TreeSearch.Beam(8 + probes / 8, 8 + probes + probes / 4);
    }
}
