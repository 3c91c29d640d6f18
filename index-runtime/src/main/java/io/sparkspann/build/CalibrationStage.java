package io.sparkspann.build;

import io.sparkspann.cluster.Forest;
import io.sparkspann.cluster.Router;
import io.sparkspann.format.CalibrationRow;
import io.sparkspann.format.FileEntry;
import io.sparkspann.search.BlockScan;
import io.sparkspann.search.QueryRows;
import io.sparkspann.search.TileScorer;
import io.sparkspann.search.TopK;
import io.sparkspann.vector.IdBlock;
import io.sparkspann.vector.VectorBlock;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Stage 6: recall of search settings, measured on base vectors that were held out of training, each
 * searched for without itself. Their exact neighbours come from every shard; a neighbour is found
 * by a setting if one of its postings is read, so the table needs no search.
 */
final class CalibrationStage {
    /** Neighbours whose recall is measured, at most. */
    static final int DEPTH = 100;

    /** Fewer queries than this that are not tied leave the tied ones in. */
    private static final int LEAST_QUERIES = 50;

    /** Queries that are equal, at most. */
    private static final int MOST_EQUAL = 16;

    /** Tasks that measure the table: each loads all trees, so there are few. */
    static final int TABLE_TASKS = 4;

    private final BuildContext context;
    private final BuildEngine engine;
    private final List<HeadsStage.Shard> shards;
    private final FileEntry queries;
    private final long[] firstOrdinals;

    private CalibrationStage(
            BuildContext context,
            BuildEngine engine,
            List<HeadsStage.Shard> shards,
            FileEntry queries) {
        this.context = context;
        this.engine = engine;
        this.shards = shards;
        this.queries = queries;
        this.firstOrdinals = PostingsStage.firstOrdinals(shards);
    }

    static List<CalibrationRow> run(
            BuildContext context,
            BuildEngine engine,
            FileEntry router,
            List<HeadsStage.Shard> shards,
            List<ClosureStage.Shard> closures,
            double meanPosting) {
        FileEntry queries = gatherQueries(context);
        if (queries == null) {
            int heads = shards.stream().mapToInt(HeadsStage.Shard::headCount).sum();
            boolean wished = context.options().calibrationQueries() > 0;
            return wished ? CalibrationTable.ofAllPostings(heads, meanPosting) : List.of();
        }
        CalibrationStage stage = new CalibrationStage(context, engine, shards, queries);
        long[][] truth = stage.truth(router);
        int[][][] heads =
                stage.heads(truth, closures.stream().map(ClosureStage.Shard::file).toList());
        HeadMatrix shared = new HeadMatrix(heads);
        List<ArrayList<CalibrationRow>> parts =
                engine.run(
                        "6/7: calibrate",
                        TABLE_TASKS,
                        task -> {
                            Forest forest = ClosureStage.forest(context, router, shards);
                            QueryRows rows = rows(context, queries);
                            CalibrationTable table =
                                    new CalibrationTable(forest, rows, shared.heads(), meanPosting);
                            ArrayList<CalibrationRow> result = new ArrayList<>();
                            for (int s = task; s < CalibrationTable.settings(); s += TABLE_TASKS) {
                                result.addAll(table.rows(s));
                            }
                            return result;
                        });
        List<CalibrationRow> rows =
                parts.stream()
                        .flatMap(List::stream)
                        .sorted(Comparator.comparingInt(CalibrationRow::probes))
                        .toList();
        return CalibrationTable.untilEnough(rows);
    }

    /** Heads of the postings of each query's true neighbours, on the way to the tasks. */
    private record HeadMatrix(int[][][] heads) implements Serializable {}

    private static QueryRows rows(BuildContext context, FileEntry queries) {
        return QueryRows.ofStored(context.space(), BaseFile.read(context, queries).vectors());
    }

    /**
     * Collects the held-out rows in one file, in the order of their hashes; null if there are none.
     */
    private static FileEntry gatherQueries(BuildContext context) {
        RowBuffer buffer = new RowBuffer(RowCodec.of(context.table()));
        for (FileEntry file : context.scan().samples()) {
            try (SegmentFile segments = context.segments(file)) {
                segments.forEach(
                        ScanStage.CALIBRATION_SEGMENT,
                        ScanStage.CALIBRATION_SEGMENT + 1,
                        (segment, bytes) -> buffer.add(bytes));
            }
        }
        if (buffer.size() == 0 || context.scan().rows() < 2) {
            return null;
        }
        IdBlock ids = buffer.ids();
        VectorBlock vectors = buffer.takeVectors();
        int[] order = withoutCrowd(vectors, RowOrder.byHash(ids, vectors));
        return BaseFile.write(context, 0, new BaseFile(ids.gather(order), vectors.gather(order)));
    }

    /**
     * Leaves out queries that equal many others: they tell nothing new, and each of them ties with
     * all the vectors that are equal to it, which must all be looked at.
     */
    static int[] withoutCrowd(VectorBlock vectors, int[] rows) {
        Map<Long, Integer> counts = new HashMap<>();
        return Arrays.stream(rows)
                .filter(
                        row ->
                                counts.merge(Sampling.vectorHash(vectors, row), 1, Integer::sum)
                                        <= MOST_EQUAL)
                .toArray();
    }

    /** Ordinals of the exact neighbours of each query, nearest first, without itself. */
    private long[][] truth(FileEntry router) {
        int k = (int) Math.min(DEPTH + 1L, context.scan().rows());
        int[] homes = homes(router);
        List<Neighbours> near = neighbours("6/7: truth, home shards", k, homes, null);
        float[] bounds = new float[homes.length];
        Arrays.fill(bounds, Float.POSITIVE_INFINITY);
        for (Neighbours part : near) {
            int at = 0;
            for (int q = 0; q < homes.length; q++) {
                if (part.sizes()[q] == k) {
                    bounds[q] = part.keys()[at + k - 1];
                }
                at += part.sizes()[q];
            }
        }
        List<Neighbours> parts = neighbours("6/7: truth, all shards", k, homes, bounds);
        return merge(parts, homes.length, k);
    }

    private int[] homes(FileEntry router) {
        Router tree = RouterStaging.read(context, router);
        var vectors = BaseFile.read(context, queries).vectors();
        int[] leaves = RouterStage.nearestLeaves(tree, context.space(), vectors);
        int[] homes = new int[leaves.length];
        for (int i = 0; i < leaves.length; i++) {
            homes[i] = tree.shardOf(leaves[i]);
        }
        return homes;
    }

    private static int[] only(int[] homes, int shard) {
        int[] numbers = new int[homes.length];
        int count = 0;
        for (int q = 0; q < homes.length; q++) {
            if (homes[q] == shard) {
                numbers[count++] = q;
            }
        }
        return Arrays.copyOf(numbers, count);
    }

    /** Searches one shard after another; tasks must not carry this object along. */
    private List<Neighbours> neighbours(String stage, int k, int[] homes, float[] bounds) {
        BuildContext tasksContext = context;
        FileEntry tasksQueries = queries;
        long[] first = firstOrdinals;
        List<FileEntry> bases = shards.stream().map(HeadsStage.Shard::base).toList();
        return engine.run(
                stage,
                bases.size(),
                shard -> {
                    int[] numbers =
                            bounds == null ? only(homes, shard) : RowOrder.identity(homes.length);
                    return neighbours(
                            tasksContext,
                            bases.get(shard),
                            tasksQueries,
                            first[shard],
                            k,
                            numbers,
                            bounds);
                });
    }

    private static Neighbours neighbours(
            BuildContext context,
            FileEntry baseFile,
            FileEntry queries,
            long firstOrdinal,
            int k,
            int[] numbers,
            float[] bounds) {
        BaseFile base = BaseFile.read(context, baseFile);
        BaseFile calibration = BaseFile.read(context, queries);
        QueryRows rows = QueryRows.ofStored(context.space(), calibration.vectors());
        TopK top = new TopK(rows.size(), k, Long::compare);
        for (int q = 0; bounds != null && q < rows.size(); q++) {
            top.bound(q, bounds[q]);
        }
        BlockScan.scan(
                rows,
                new TileScorer.Numbers(numbers, 0, numbers.length),
                base.vectors(),
                firstOrdinal,
                top);
        long distances = (long) numbers.length * base.vectors().size();
        return Neighbours.of(top, self(base.ids(), calibration.ids(), firstOrdinal), distances);
    }

    private static long[] self(IdBlock base, IdBlock queries, long firstOrdinal) {
        long[] self = new long[queries.size()];
        for (int q = 0; q < self.length; q++) {
            int low = 0;
            int high = base.size() - 1;
            self[q] = -1;
            while (low <= high && self[q] < 0) {
                int middle = (low + high) >>> 1;
                int order = base.compare(middle, queries, q);
                if (order == 0) {
                    self[q] = firstOrdinal + middle;
                } else if (order < 0) {
                    low = middle + 1;
                } else {
                    high = middle - 1;
                }
            }
        }
        return self;
    }

    private static long[][] merge(List<Neighbours> parts, int queryCount, int k) {
        TopK top = new TopK(queryCount, k, Long::compare);
        long[] self = new long[queryCount];
        for (Neighbours part : parts) {
            int at = 0;
            for (int q = 0; q < queryCount; q++) {
                for (int r = 0; r < part.sizes()[q]; r++, at++) {
                    top.offer(q, part.keys()[at], part.ordinals()[at]);
                }
                if (part.self()[q] >= 0) {
                    self[q] = part.self()[q];
                }
            }
        }
        boolean[] isTied = tied(top, k);
        long[][] truth = new long[queryCount][];
        for (int q = 0; q < queryCount; q++) {
            if (isTied[q]) {
                truth[q] = new long[0];
                continue;
            }
            long[] found = new long[top.size(q)];
            int count = 0;
            for (int r = 0; r < found.length; r++) {
                if (top.ordinal(q, r) != self[q]) {
                    found[count++] = top.ordinal(q, r);
                }
            }
            truth[q] = Arrays.copyOf(found, Math.min(count, DEPTH));
        }
        return truth;
    }

    /**
     * Queries that tell nothing, for all their neighbours are equally near: any of the many vectors
     * like them would do, but only the first few by number are known. None if hardly any other
     * query is left.
     */
    private static boolean[] tied(TopK top, int k) {
        boolean[] tied = new boolean[top.queries()];
        int others = 0;
        for (int q = 0; q < tied.length; q++) {
            tied[q] = top.size(q) == k && k > 1 && top.key(q, 0) == top.key(q, k - 1);
            others += tied[q] ? 0 : 1;
        }
        return others >= LEAST_QUERIES ? tied : new boolean[tied.length];
    }

    /** Heads of the postings that hold each true neighbour. */
    private int[][][] heads(long[][] truth, List<FileEntry> closures) {
        long[] wanted =
                Arrays.stream(truth).flatMapToLong(Arrays::stream).sorted().distinct().toArray();
        BuildContext tasksContext = context;
        long[] first = firstOrdinals;
        List<HeadLists> parts =
                engine.run(
                        "6/7: replicas",
                        shards.size(),
                        shard ->
                                HeadLists.read(
                                        tasksContext,
                                        closures.get(shard),
                                        within(wanted, first[shard], first[shard + 1])));
        int[][] byPosition = new int[wanted.length][];
        int at = 0;
        for (HeadLists part : parts) {
            for (int i = 0; i + 1 < part.starts().length; i++) {
                byPosition[at++] =
                        Arrays.copyOfRange(part.heads(), part.starts()[i], part.starts()[i + 1]);
            }
        }
        int[][][] heads = new int[truth.length][][];
        for (int q = 0; q < truth.length; q++) {
            heads[q] = new int[truth[q].length][];
            for (int r = 0; r < truth[q].length; r++) {
                heads[q][r] = byPosition[Arrays.binarySearch(wanted, truth[q][r])];
            }
        }
        return heads;
    }

    /** Rows of a shard whose ordinals are wanted, ascending. */
    private static int[] within(long[] wanted, long first, long end) {
        return Arrays.stream(wanted)
                .filter(ordinal -> ordinal >= first && ordinal < end)
                .mapToInt(ordinal -> (int) (ordinal - first))
                .toArray();
    }

    /** The heads of some rows of a shard, row after row. */
    record HeadLists(int[] starts, int[] heads) implements Serializable {
        static HeadLists read(BuildContext context, FileEntry closure, int[] rows) {
            int[] starts = new int[rows.length + 1];
            int[][] lists = new int[rows.length][];
            try (SegmentFile file = context.segments(closure)) {
                int last = file.count() - 1;
                file.forEach(last, last + 1, (segment, bytes) -> pick(bytes, rows, lists));
            }
            for (int i = 0; i < rows.length; i++) {
                starts[i + 1] = starts[i] + lists[i].length;
            }
            return new HeadLists(
                    starts, Arrays.stream(lists).flatMapToInt(Arrays::stream).toArray());
        }

        private static void pick(ByteBuffer bytes, int[] rows, int[][] lists) {
            int row = 0;
            for (int i = 0; i < rows.length; i++) {
                for (; row < rows[i]; row++) {
                    int skipped = bytes.getInt();
                    bytes.position(bytes.position() + Integer.BYTES * skipped);
                }
                lists[i] = new int[bytes.getInt()];
                for (int h = 0; h < lists[i].length; h++) {
                    lists[i][h] = bytes.getInt();
                }
                row++;
            }
        }
    }
}
