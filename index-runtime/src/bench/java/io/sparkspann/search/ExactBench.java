package io.sparkspann.search;

import io.sparkspann.distance.KernelProvider;
import io.sparkspann.vector.FileBytes;
import io.sparkspann.vector.VectorBlock;
import io.sparkspann.vector.file.VectorFile;
import io.sparkspann.vector.file.VectorFiles;
import io.sparkspann.vector.file.VectorFormat;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/**
 * Exact search that prunes by the index, against a blocked scan of all home records with the same
 * kernels: milliseconds a query and the share of distances that were computed, in alternating
 * rounds. Both must find the same.
 */
public final class ExactBench {
    private ExactBench() {}

    /**
     * @param args index, file of queries, k, threads, rounds
     */
    public static void main(String[] args) {
        int k = Integer.parseInt(args[2]);
        int threads = Integer.parseInt(args[3]);
        int rounds = Integer.parseInt(args[4]);
        Path file = Path.of(args[1]);
        try (SpannIndex index = SpannIndex.open(Path.of(args[0]));
                VectorFile queries =
                        VectorFiles.open(
                                FileBytes.open(file),
                                VectorFormat.ofFileName(file.toString()).orElseThrow())) {
            VectorBlock block = queries.read(0, (int) queries.size());
            QueryRows rows = QueryRows.of(index.files().space(), block);
            System.out.println(
                    KernelProvider.kernels().name() + ", " + threads + " threads, k " + k);
            for (int round = 0; round <= rounds; round++) {
                ScanStats scanned = new ScanStats();
                long start = System.nanoTime();
                TopK scan = scan(index, rows, k, threads, scanned);
                long middle = System.nanoTime();
                ScanStats pruned = new ScanStats();
                Neighbors exact = new BatchSearch(index, threads, pruned).searchExact(rows, k);
                long end = System.nanoTime();
                requireEqual(index.resolve(scan), exact);
                if (round > 0) {
                    print(rows.size(), middle - start, end - middle, scanned, pruned);
                }
            }
        }
    }

    private static void print(
            int queries, long scanNanos, long exactNanos, ScanStats scanned, ScanStats pruned) {
        System.out.printf(
                Locale.ROOT,
                "scan %.3f ms/query, exact %.3f ms/query, %.1f %% of the distances pruned%n",
                scanNanos / 1e6 / queries,
                exactNanos / 1e6 / queries,
                100 - 100.0 * pruned.distances() / scanned.distances());
    }

    private static void requireEqual(Neighbors scan, Neighbors exact) {
        boolean equal =
                Arrays.equals(scan.distances(), exact.distances())
                        && Arrays.equals(scan.ids().numbers(), exact.ids().numbers());
        if (!equal) {
            throw new IllegalStateException("The exact search and the scan differ");
        }
    }

    private static TopK scan(
            SpannIndex index, QueryRows queries, int k, int threads, ScanStats stats) {
        TopK top = new TopK(queries.size(), k, index.ids()::compare);
        ScanStats[] costs = new ScanStats[threads];
        try (Helpers helpers = new Helpers(threads - 1)) {
            helpers.run(
                    threads,
                    t -> {
                        costs[t] = new ScanStats();
                        int from = (int) ((long) queries.size() * t / threads);
                        int to = (int) ((long) queries.size() * (t + 1) / threads);
                        int[] numbers = new int[to - from];
                        Arrays.setAll(numbers, i -> from + i);
                        for (int s = 0; s < index.files().shards(); s++) {
                            new PostingScanner(
                                            index.files().space(),
                                            index.postings(s),
                                            AllowList.ALL,
                                            costs[t])
                                    .scanHome(queries, WantedPostings.all(numbers), top);
                        }
                    });
        }
        Arrays.stream(costs).forEach(stats::add);
        return top;
    }
}
