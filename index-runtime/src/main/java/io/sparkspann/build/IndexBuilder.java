package io.sparkspann.build;

import com.fasterxml.jackson.core.type.TypeReference;
import io.sparkspann.cluster.Router;
import io.sparkspann.cluster.RouterFile;
import io.sparkspann.error.CommitConflictException;
import io.sparkspann.error.CorruptIndexException;
import io.sparkspann.error.InvalidInputException;
import io.sparkspann.error.SpannException;
import io.sparkspann.error.StorageException;
import io.sparkspann.format.CalibrationRow;
import io.sparkspann.format.ContentId;
import io.sparkspann.format.FileEntry;
import io.sparkspann.format.Manifest;
import io.sparkspann.format.Snapshots;
import io.sparkspann.format.VectorSchema;
import io.sparkspann.storage.Storage;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Builds an index: the seven stages, one after another, each on the engine's tasks. Finished stages
 * are journalled in the index directory, so that a build that died is resumed at the first
 * unfinished stage. The same input, options and seed give the same files whatever the engine, its
 * parallelism, the split of the input or retried tasks.
 */
public final class IndexBuilder {
    private final CountingEngine engine;
    private final StorageOpener opener;
    private final BuildOptions options;
    private final StageListener listener;
    private final MemoryBudget budget;

    /** Hears of finished stages. */
    @FunctionalInterface
    public interface StageListener {
        void finished(String stage, double seconds);
    }

    /**
     * @param opener opens the index directory, wherever tasks run
     */
    public IndexBuilder(
            BuildEngine engine,
            StorageOpener opener,
            BuildOptions options,
            StageListener listener) {
        this(engine, opener, options, listener, MemoryBudget.ofHeap(engine.taskHeapBytes()));
    }

    IndexBuilder(
            BuildEngine engine,
            StorageOpener opener,
            BuildOptions options,
            StageListener listener,
            MemoryBudget budget) {
        this.budget = budget;
        this.engine = new CountingEngine(ConvertingEngine.of(engine, options));
        this.opener = opener;
        this.options = options;
        this.listener = listener;
    }

    /** Opens a storage where a task runs; travels to the tasks. */
    @FunctionalInterface
    public interface StorageOpener extends java.io.Serializable {
        Storage open();
    }

    /**
     * Builds and publishes.
     *
     * @throws InvalidInputException if input, options or what is in the directory do not allow it
     * @throws CommitConflictException if another writer published or discarded this build meanwhile
     */
    public BuildReport build(BuildMode mode) {
        Instant started = Instant.now();
        long start = System.nanoTime();
        Storage storage = opener.open();
        TableShape table = engine.table();
        if (mode == BuildMode.RESUME) {
            Optional<Manifest> finished = BuildStart.finished(storage, options, table);
            if (finished.isPresent()) {
                String note =
                        "index "
                                + storage.location()
                                + " is complete: built from this input; nothing to do";
                return report(storage, finished.get(), start, note);
            }
        }
        BuildStart begun = BuildStart.of(storage, mode, options, table);
        Stages stages = new Stages(begun, storage, engine, listener);
        BuildContext context = context(begun, table);
        Snapshots snapshots = new Snapshots(storage);
        Manifest manifest;
        if (begun.resumed() && snapshots.numbers().contains(begun.snapshot())) {
            // An earlier run died after publishing.
            manifest = snapshots.load(begun.snapshot());
            requireOwn(manifest, begun, storage);
        } else {
            manifest = runOrDiscard(storage, context, stages, begun);
            begun.requireUnderWay(storage);
            snapshots.publish(manifest);
        }
        boolean known =
                stages.runs().isEmpty() && ReportFile.read(storage, manifest).run().isPresent();
        List<StageRun> runs = stages.runs().isEmpty() ? BuildRun.stagesOf(manifest) : stages.runs();
        BuildRun run = BuildRun.until(started, start, runs);
        // While the mark is there, no other build writes a report.
        String note = known ? "" : ReportFile.write(storage, manifest, run);
        begun.tidy(storage, manifest);
        return report(storage, manifest, start, note);
    }

    private static BuildReport report(
            Storage storage, Manifest manifest, long startNanos, String note) {
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        Leftovers.Older older = Leftovers.older(storage, manifest);
        String notes =
                Stream.of(note, older.note())
                        .filter(text -> !text.isEmpty())
                        .collect(Collectors.joining("; "));
        return new BuildReport(manifest, seconds, older.bytes(), notes);
    }

    /**
     * Runs the stages. Input that cannot be used must change before the build can succeed, so what
     * was made of it is of no use to a resumed build, and would stand in the way of a new one.
     * Neither is a build of use that did not finish anything.
     */
    private Manifest runOrDiscard(
            Storage storage, BuildContext context, Stages stages, BuildStart begun) {
        try {
            return run(context, stages, begun);
        } catch (InvalidInputException e) {
            discard(storage, begun, e);
            throw e;
        } catch (CorruptIndexException e) {
            throw e.file().startsWith(begun.folder() + "/")
                    ? e.withAdvice(
                            "the build cannot go on with this file; use --mode overwrite to begin"
                                    + " anew")
                    : e;
        } catch (StorageException e) {
            discard(storage, begun, e);
            throw e;
        }
    }

    private static void discard(Storage storage, BuildStart begun, SpannException reason) {
        try {
            begun.requireUnderWay(storage);
            boolean useless = reason instanceof InvalidInputException;
            if (!useless && (begun.resumed() || begun.hasResults(storage))) {
                return;
            }
            begun.abandon(storage);
        } catch (SpannException left) {
            reason.addSuppressed(left);
        }
    }

    private static void requireOwn(Manifest published, BuildStart begun, Storage storage) {
        if (!begun.made(published)) {
            throw new CommitConflictException(
                    storage.location()
                            + ": another writer published snapshot "
                            + published.snapshot()
                            + " meanwhile; use --mode overwrite to build a new one");
        }
    }

    private BuildContext context(BuildStart begun, TableShape table) {
        long leaves = ShardSizes.of(options, table, table.rows()).leaves();
        Sampling sampling =
                Sampling.of(
                        options.seed(),
                        table.rows(),
                        options.calibrationQueries(),
                        leaves * RouterStage.SAMPLES_PER_LEAF);
        ContentId stagingId = ContentId.of(begun.folder().getBytes(StandardCharsets.UTF_8));
        ScanResult none = new ScanResult(0, 0, 0, stagingId, List.of());
        return new BuildContext(
                opener, options, table, begun.folder(), stagingId, sampling, none, budget);
    }

    private Manifest run(BuildContext begun, Stages stages, BuildStart start) {
        ScanResult scan =
                stages.run("1-scan", new TypeReference<>() {}, () -> ScanStage.run(begun, engine));
        BuildContext context = begun.withScan(scan);
        ShardSizes sizes = ShardSizes.of(options, context.table(), scan.rows());
        FileEntry trained =
                stages.run("1-router", new TypeReference<>() {}, () -> trainRouter(context, sizes));
        RouteStage.Routed routed =
                divided(context, stages, sizes, routed(context, stages, trained));
        int[] shardStarts = ShardCuts.of(routed.counts(), sizes.shards());
        List<HeadsStage.Shard> shards =
                stages.run(
                        "3-heads",
                        new TypeReference<>() {},
                        () -> HeadsStage.run(context, engine, routed, shardStarts));
        FileEntry router =
                stages.run(
                        "3-router",
                        new TypeReference<>() {},
                        () -> finishRouter(context, routed.router(), shardStarts, shards));
        int[] firstHeads = RouterStaging.readContent(context, router).firstHeads();
        List<ClosureStage.Shard> closures =
                stages.run(
                        "4-closure",
                        new TypeReference<>() {},
                        () -> ClosureStage.run(context, engine, router, shards));
        List<PostingsStage.Shard> postings =
                stages.run(
                        "5-postings",
                        new TypeReference<>() {},
                        () -> PostingsStage.run(context, engine, shards, closures));
        List<FileEntry> rows = keepRows(context, stages, shards, postings);
        long records = postings.stream().mapToLong(PostingsStage.Shard::records).sum();
        double meanPosting = (double) records / firstHeads[shards.size()];
        List<CalibrationRow> calibration =
                stages.run(
                        "6-calibration",
                        new TypeReference<>() {},
                        () ->
                                CalibrationStage.run(
                                        context, engine, router, shards, closures, meanPosting));
        Map<String, String> described = engine.rows().map(RowKeeper::table).orElse(Map.of());
        Assembly assembly = new Assembly(context, shards, closures, postings, rows, described);
        return assembly.manifest(start.snapshot(), router, calibration, stages.seconds());
    }

    /** Files of the rows of each shard; none if the table is not kept. */
    private List<FileEntry> keepRows(
            BuildContext context,
            Stages stages,
            List<HeadsStage.Shard> shards,
            List<PostingsStage.Shard> postings) {
        if (engine.rows().isEmpty()) {
            return List.of();
        }
        RowKeeper keeper = engine.rows().get();
        RowFiles files = new RowFiles(context, shards, postings);
        return stages.run(
                "5-rows", new TypeReference<>() {}, () -> engine.written(keeper.write(files)));
    }

    private FileEntry trainRouter(BuildContext context, ShardSizes sizes) {
        return RouterStaging.write(context, RouterStage.run(context, engine, sizes.leaves()));
    }

    private RouteStage.Routed routed(BuildContext context, Stages stages, FileEntry trained) {
        return stages.run("2-route", new TypeReference<>() {}, () -> route(context, trained));
    }

    private RouteStage.Routed route(BuildContext context, FileEntry trained) {
        boolean check = !context.table().rowNumberIds();
        int buckets = check ? DuplicateStage.buckets(context.scan().rows()) : 0;
        List<RouteStage.Split> splits = RouteStage.run(context, engine, trained, buckets);
        RouteStage.requireUnchanged(context, splits);
        List<RouteStage.Part> parts = RouteStage.parts(splits);
        if (check) {
            List<FileEntry> ids = parts.stream().map(RouteStage.Part::ids).toList();
            DuplicateStage.run(context, engine, ids, buckets);
        }
        int leaves = RouterStaging.read(context, trained).leafCount();
        List<FileEntry> files = parts.stream().map(RouteStage.Part::file).toList();
        long[] counts = RouteStage.leafCounts(splits, leaves);
        return new RouteStage.Routed(trained, LeafCatalogue.of(files, leaves), counts);
    }

    /** Divides leaves that are too large, round by round; in most builds there are none. */
    private RouteStage.Routed divided(
            BuildContext context, Stages stages, ShardSizes sizes, RouteStage.Routed routed) {
        RouteStage.Routed result = routed;
        for (int r = 1; r <= DivideStage.ROUNDS && DivideStage.isNeeded(result, sizes); r++) {
            int round = r;
            RouteStage.Routed before = result;
            result =
                    stages.run(
                            "2-divide-" + round,
                            new TypeReference<>() {},
                            () -> DivideStage.run(context, engine, before, sizes, round));
        }
        return result;
    }

    private FileEntry finishRouter(
            BuildContext context,
            FileEntry routerFile,
            int[] shardStarts,
            List<HeadsStage.Shard> shards) {
        Router router = RouterStaging.read(context, routerFile).withShards(shardStarts);
        int[] firstNodes = new int[shards.size() + 1];
        int[] firstHeads = new int[shards.size() + 1];
        for (int s = 0; s < shards.size(); s++) {
            firstNodes[s + 1] = Math.addExact(firstNodes[s], shards.get(s).nodeCount());
            firstHeads[s + 1] = Math.addExact(firstHeads[s], shards.get(s).headCount());
        }
        return RouterStaging.write(context, new RouterFile.Content(router, firstNodes, firstHeads));
    }

    /** The schema that the manifest states. */
    static VectorSchema schema(BuildContext context) {
        return new VectorSchema(
                context.options().metric(),
                context.table().elementType(),
                context.table().idType(),
                context.table().dimensions(),
                context.scan().maxSquaredNorm(),
                context.table().quantization());
    }
}
