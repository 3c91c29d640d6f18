package io.sparkspann.spark.bench;

import io.sparkspann.spark.bench.Point.Asked;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** Builds a peer's index and sweeps the width of its searches upward. */
final class PeerPart {
    private static final int[] WIDTHS = {
        1, 2, 4, 6, 10, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024, 1536, 2048
    };

    /** The whole curve ends above this recall; more than 0.99, so that 0.99 has a neighbour. */
    private static final double CURVE_END = 0.995;

    /** The other values of k are compared at a recall target of 0.95. */
    private static final double SHORT_END = 0.975;

    private final Settings settings;
    private final Consumer<Point> points;

    PeerPart(Settings settings, Consumer<Point> points) {
        this.settings = settings;
        this.points = points;
    }

    void run(PeerIndex peer) throws Exception {
        float[][] queries = DataFiles.rows(settings.queries(), settings.metricValue());
        try (peer;
                Recall recall = new Recall(settings, queries)) {
            build(peer);
            for (int k : settings.ks()) {
                if (!recall.covers(k)) {
                    System.err.println("skipped k = " + k + ": the ground truth has fewer");
                    continue;
                }
                sweep(peer, queries, recall, k);
            }
        }
    }

    private void build(PeerIndex peer) throws Exception {
        float[][] base = DataFiles.rows(settings.base(), settings.metricValue());
        double seconds = Passes.seconds(() -> peer.build(base, settings.threads()));
        points.accept(Point.build(peer.system(), settings.threads(), seconds, peer.note()));
    }

    private void sweep(PeerIndex peer, float[][] queries, Recall recall, int k) throws Exception {
        boolean first = k == settings.ks().get(0);
        List<Integer> widths = widths(k);
        Passes.warmUp(() -> search(peer, queries, k, Math.max(k, 64)));
        for (int ef : widths) {
            int[][][] found = new int[1][][];
            double seconds = Passes.fastest(() -> found[0] = search(peer, queries, k, ef));
            double reached = recall.of(found[0], k);
            Asked asked =
                    new Asked(
                            k,
                            String.format(Locale.ROOT, "ef %d", ef),
                            settings.threads(),
                            queries.length);
            points.accept(Point.throughput(peer.system(), Point.BATCH, asked, reached, seconds));
            PeerIndex.Searcher searcher = peer.searcher(ef);
            Latency latency = Latency.measure(queries.length, i -> searcher.search(queries[i], k));
            points.accept(Point.latency(peer.system(), asked, reached, latency));
            if (reached > (first ? CURVE_END : SHORT_END)) {
                break;
            }
        }
    }

    private static List<Integer> widths(int k) {
        List<Integer> widths = new ArrayList<>();
        widths.add(k);
        for (int width : WIDTHS) {
            if (width > k) {
                widths.add(width);
            }
        }
        return widths;
    }

    private int[][] search(PeerIndex peer, float[][] queries, int k, int ef) throws Exception {
        int[][] found = new int[queries.length][];
        Passes.parallel(
                queries.length,
                settings.threads(),
                () -> {
                    PeerIndex.Searcher searcher = peer.searcher(ef);
                    return i -> found[i] = searcher.search(queries[i], k);
                });
        return found;
    }
}
