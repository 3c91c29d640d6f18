package io.sparkspann.cluster;

import io.sparkspann.distance.NearestLists;

/**
 * Finds the nearest heads of one query: the same heads as {@link TreeSearch} finds for it among
 * many, without what it takes to bring many queries together. One instance serves one thread.
 */
public final class TreeDescent {
    /** Nodes whose heads are brought from memory together. */
    private static final int TOUCHED_NODES = 8;

    private final ResidentForest resident;
    private final TreeSearch.Beam beam;
    private final Router router;
    private final OneRow row;
    private final NearestLists groups;
    private final NearestLists leaves;
    private final NearestLists nodes;
    private int touched;

    public TreeDescent(ResidentForest resident, TreeSearch.Beam beam) {
        this.resident = resident;
        this.beam = beam;
        this.router = resident.forest().router();
        this.row = new OneRow(router.geometry());
        this.leaves = new NearestLists(Math.min(beam.leaves(), router.leafCount()));
        this.groups =
                new NearestLists(Router.groupsSearched(router.groupCount(), leaves.capacity()));
        int[] firstNodes = resident.forest().firstNodes();
        int allNodes = firstNodes[firstNodes.length - 1];
        this.nodes = new NearestLists(Math.max(1, Math.min(beam.nodes(), allNodes)));
    }

    /**
     * Finds as many heads as the query needs.
     *
     * @param query embedded
     * @param heads list 0 receives head numbers, sorted, and squared distances without the query's
     *     squared norm
     * @param demand how many, at most as many as the list holds; asked for query 0
     */
    public void search(float[] query, NearestLists heads, TreeSearch.Demand demand) {
        row.use(query);
        router.nearestLeaves(row, groups, leaves);
        nodes.reset(1);
        for (int r = 0; r < leaves.size(0); r++) {
            resident.scoreLeaf(leaves.number(0, r), row, nodes);
        }
        nodes.select(0, 0, TreeSearch.FIRST_NODES);
        heads.reset(1);
        int first = Math.min(TreeSearch.FIRST_NODES, nodes.size(0));
        scoreNodes(0, first, heads);
        int count = Math.min(nodes.size(0), narrow(heads, demand));
        nodes.select(0, first, count);
        scoreNodes(first, count, heads);
        if (heads.size(0) == 0 && beam.leaves() < router.leafCount()) {
            // All leaves in the beam are empty, which is rare.
            TreeSearch.Beam all = new TreeSearch.Beam(router.leafCount(), beam.nodes());
            new TreeSearch(resident.forest(), all).search(query, 1, heads);
        } else {
            heads.sort(0);
        }
    }

    private void scoreNodes(int from, int to, NearestLists heads) {
        for (int start = from; start < to; start += TOUCHED_NODES) {
            int end = Math.min(to, start + TOUCHED_NODES);
            for (int r = start; r < end; r++) {
                touched += resident.touchNode(nodes.number(0, r));
            }
            for (int r = start; r < end; r++) {
                resident.scoreNode(nodes.number(0, r), row, heads);
            }
        }
    }

    /** Cuts the list down to the demand, and returns how many nodes that takes. */
    private int narrow(NearestLists heads, TreeSearch.Demand demand) {
        int length = heads.capacity();
        if (heads.size(0) > 0) {
            length = Math.min(length, demand.heads(0, heads.least(0)));
        }
        heads.shorten(0, length);
        return length == heads.capacity()
                ? beam.nodes()
                : Math.min(beam.nodes(), TreeSearch.Beam.of(length).nodes());
    }
}
