package io.sparkspann.spark.bench;

import io.sparkspann.error.InvalidInputException;
import io.sparkspann.search.OpenOptions;
import io.sparkspann.search.ScanStats;
import io.sparkspann.search.SearchOptions;
import io.sparkspann.search.SpannIndex;
import io.sparkspann.vector.VectorBlock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures single queries that find none of their postings in memory. */
@Command(
        name = "bench cold",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Times single queries on one thread, with no cache of postings, and counts what they"
                    + " read. Before each query the system is told to drop the files of the index"
                    + " from its page cache.",
            "Needs a local index, and 'dd' of the GNU coreutils."
        })
final class ColdBench implements Callable<Integer> {
    private static final int PAGE = 4096;

    @Option(names = "--index", required = true, paramLabel = "DIR", description = "An index.")
    private Path index;

    @Option(
            names = "--queries",
            required = true,
            paramLabel = "FILE",
            description = "fvecs or bvecs; the last ones warm the JVM up, the first are timed.")
    private String queries;

    @Option(names = "--count", defaultValue = "300", description = "Timed (default 300).")
    private int count;

    @Option(names = "--k", defaultValue = "10", description = "Neighbours (default 10).")
    private int k;

    @Option(
            names = "--recall-target",
            split = ",",
            defaultValue = "0.9,0.95,0.99",
            description = "(default ${DEFAULT-VALUE})")
    private List<Double> targets;

    public static void main(String[] args) {
        System.exit(ScaleBench.commandLine(new ColdBench()).execute(args));
    }

    @Override
    public Integer call() throws Exception {
        VectorBlock block = DataFiles.all(queries);
        if (count < 1 || count > block.size() / 2) {
            throw new InvalidInputException(
                    "count is "
                            + count
                            + "; use 1 to "
                            + block.size() / 2
                            + ", half of the queries of "
                            + queries);
        }
        List<Path> files = indexFiles();
        try (SpannIndex open = SpannIndex.open(index, OpenOptions.defaults().withCacheBytes(0))) {
            for (double target : targets) {
                SearchOptions options = SearchOptions.ofRecall(k, target);
                for (int q = block.size() - 1; q >= count; q--) {
                    open.search(block.slice(q, q + 1), options);
                }
                print(open, files, block, options);
            }
        }
        return 0;
    }

    private void print(SpannIndex open, List<Path> files, VectorBlock block, SearchOptions options)
            throws IOException, InterruptedException {
        long[] nanos = new long[count];
        ScanStats stats = new ScanStats();
        long pages = 0;
        for (int q = 0; q < count; q++) {
            dropFromPageCache(files);
            long readBefore = stats.reads();
            long bytesBefore = stats.bytesRead();
            long start = System.nanoTime();
            open.search(block.slice(q, q + 1), options, stats);
            nanos[q] = System.nanoTime() - start;
            // A read begins anywhere in its first page.
            pages += (stats.bytesRead() - bytesBefore) / PAGE + stats.reads() - readBefore;
        }
        Arrays.sort(nanos);
        System.out.printf(
                Locale.ROOT,
                "recall target %.2f: median %,.0f us, p90 %,.0f us, p99 %,.0f us; a query has %.1f"
                        + " postings, %.2f batches of %.1f reads, %,.0f bytes, about %.0f pages%n",
                options.recallTarget(),
                nanos[count / 2] / 1e3,
                nanos[count * 9 / 10] / 1e3,
                nanos[count * 99 / 100] / 1e3,
                stats.postingsRead() / (double) count,
                stats.readBatches() / (double) count,
                stats.reads() / (double) Math.max(1, stats.readBatches()),
                stats.bytesRead() / (double) count,
                pages / (double) count);
    }

    private List<Path> indexFiles() throws IOException {
        try (Stream<Path> found = Files.walk(index)) {
            return found.filter(Files::isRegularFile).toList();
        }
    }

    /** Asks the system to forget what it holds of the index, which needs no special rights. */
    private static void dropFromPageCache(List<Path> files)
            throws IOException, InterruptedException {
        for (Path file : files) {
            Process dd =
                    new ProcessBuilder("dd", "if=" + file, "iflag=nocache", "count=0")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
            if (dd.waitFor() != 0) {
                throw new InvalidInputException(
                        "'dd if=" + file + " iflag=nocache count=0' failed; is it of GNU?");
            }
        }
    }
}
