package io.sparkspann.spark.bench;

import io.sparkspann.search.BatchSearch;
import io.sparkspann.search.Neighbors;
import io.sparkspann.search.QueryRows;
import io.sparkspann.search.ScanStats;
import io.sparkspann.search.SearchOptions;
import io.sparkspann.search.SpannIndex;
import io.sparkspann.spark.bench.Point.Asked;
import io.sparkspann.vector.VectorBlock;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** Searches the index in a fresh JVM without Spark: batches, single queries, small batches. */
final class OurSearch {
    private static final List<Double> TARGETS = List.of(0.90, 0.95, 0.99);
    private static final double MIDDLE = 0.95;
    private static final int BATCH = 1000;

    private final Settings settings;
    private final Consumer<Point> points;
    private final Point.Measured system =
            Point.Measured.here(Point.Measured.OURS, OurBuild.VERSION);
    private final VectorBlock block;
    private final float[][] queries;

    OurSearch(Settings settings, Consumer<Point> points) {
        this.settings = settings;
        this.points = points;
        this.block = DataFiles.all(settings.queries());
        this.queries = new float[block.size()][block.dimensions()];
        for (int q = 0; q < queries.length; q++) {
            block.copyTo(q, queries[q], 0);
        }
    }

    void run() throws Exception {
        float[][] scaled = DataFiles.rows(settings.queries(), settings.metricValue());
        try (SpannIndex index = SpannIndex.open(OurBuild.index(settings));
                Recall recall = new Recall(settings, scaled)) {
            for (int k : settings.ks()) {
                boolean first = k == settings.ks().get(0);
                for (double target : first ? TARGETS : List.of(MIDDLE)) {
                    if (recall.covers(k)) {
                        measure(index, recall, SearchOptions.ofRecall(k, target));
                    }
                }
            }
            smallBatches(index, recall);
        }
    }

    private void measure(SpannIndex index, Recall recall, SearchOptions options) throws Exception {
        Passes.warmUp(() -> batch(index, block, options, settings.threads()));
        Neighbors[] found = new Neighbors[1];
        double seconds =
                Passes.fastest(() -> found[0] = batch(index, block, options, settings.threads()));
        double reached = recall.of(ids(found[0]), options.k());
        points.accept(
                Point.throughput(
                        system, Point.BATCH, asked(options, settings.threads()), reached, seconds));
        Passes.warmUp(() -> oneByOne(index, options, 1));
        Latency latency = Latency.measure(queries.length, q -> index.search(queries[q], options));
        points.accept(
                Point.latency(
                        system,
                        asked(options, 1),
                        recallOfSingle(index, recall, options),
                        latency));
    }

    /** Single queries find their heads in another way than batches, so theirs may differ. */
    private double recallOfSingle(SpannIndex index, Recall recall, SearchOptions options)
            throws Exception {
        int[][] found = new int[queries.length][];
        Passes.parallel(
                queries.length,
                settings.threads(),
                () -> q -> found[q] = ids(index.search(queries[q], options))[0]);
        return recall.of(found, options.k());
    }

    /** Batches of 1,000 against a loop of single queries, on one thread and on all. */
    private void smallBatches(SpannIndex index, Recall recall) throws Exception {
        if (queries.length < BATCH) {
            System.err.println("fewer than " + BATCH + " queries: no batches of so many");
            return;
        }
        int k = settings.ks().get(0);
        SearchOptions options = SearchOptions.ofRecall(k, MIDDLE);
        double reached =
                recall.of(ids(batch(index, block, options, settings.threads())), options.k());
        double single = recallOfSingle(index, recall, options);
        for (int threads : settings.threads() == 1 ? List.of(1) : List.of(1, settings.threads())) {
            Passes.warmUp(() -> inBatches(index, options, threads));
            double batches = Passes.fastest(() -> inBatches(index, options, threads));
            points.accept(
                    Point.throughput(
                            system, Point.BATCHES, asked(options, threads), reached, batches));
            Passes.warmUp(() -> oneByOne(index, options, threads));
            double loop = Passes.fastest(() -> oneByOne(index, options, threads));
            points.accept(
                    Point.throughput(system, Point.LOOP, asked(options, threads), single, loop));
        }
    }

    private void oneByOne(SpannIndex index, SearchOptions options, int threads) throws Exception {
        Passes.parallel(queries.length, threads, () -> q -> index.search(queries[q], options));
    }

    private void inBatches(SpannIndex index, SearchOptions options, int threads) {
        for (int from = 0; from < block.size(); from += BATCH) {
            int to = Math.min(block.size(), from + BATCH);
            batch(index, block.slice(from, to), options, threads);
        }
    }

    private static Neighbors batch(
            SpannIndex index, VectorBlock block, SearchOptions options, int threads) {
        QueryRows rows = QueryRows.of(index.manifest().schema().space(), block);
        return new BatchSearch(index, threads, new ScanStats()).search(rows, options);
    }

    private Asked asked(SearchOptions options, int threads) {
        return new Asked(
                options.k(), "recall target " + options.recallTarget(), threads, block.size());
    }

    static int[][] ids(Neighbors found) {
        int[][] ids = new int[found.queries()][];
        for (int q = 0; q < ids.length; q++) {
            int query = q;
            ids[q] = new int[found.count(q)];
            Arrays.setAll(ids[q], r -> (int) found.id(query, r));
        }
        return ids;
    }
}
