package io.sparkspann.build;

import io.sparkspann.format.FileEntry;
import io.sparkspann.format.FileKind;
import io.sparkspann.format.SpnWriter;
import io.sparkspann.posting.IdTable;
import io.sparkspann.posting.PostingLayout;
import io.sparkspann.posting.PostingWriter;
import io.sparkspann.vector.IdBlock;
import io.sparkspann.vector.IdBlockBuilder;
import io.sparkspann.vector.VectorBlock;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Stage 5: writes the postings of each shard, and the ids of the vectors in them. A task holds the
 * vectors of its shard, and of what other shards send no more than its {@link MemoryBudget}: it
 * writes ranges of postings in several passes where that is needed.
 */
final class PostingsStage {
    /** Width of a bin of the histogram of posting sizes. */
    static final int BIN = 8;

    /** Bins of the histogram; the last one takes all larger postings. */
    static final int BINS = 512;

    private PostingsStage() {}

    /**
     * What was written for a shard.
     *
     * @param records records of all postings
     * @param sizes number of postings of each bin of sizes
     * @param largest records of the largest posting
     */
    record Shard(long records, int[] sizes, int largest, FileEntry postings, FileEntry ids)
            implements Serializable, TaskOutput {
        @Override
        public long writtenBytes() {
            return TaskOutput.bytes(postings, ids);
        }
    }

    static List<Shard> run(
            BuildContext context,
            BuildEngine engine,
            List<HeadsStage.Shard> shards,
            List<ClosureStage.Shard> closures) {
        return engine.run(
                "5/7: postings", shards.size(), shard -> write(context, shards, closures, shard));
    }

    /** {@code shards + 1} ordinals: vectors are numbered through, shard by shard. */
    static long[] firstOrdinals(List<HeadsStage.Shard> shards) {
        long[] first = new long[shards.size() + 1];
        for (int s = 0; s < shards.size(); s++) {
            first[s + 1] = first[s] + shards.get(s).vectors();
        }
        return first;
    }

    private static Shard write(
            BuildContext context,
            List<HeadsStage.Shard> shards,
            List<ClosureStage.Shard> closures,
            int shard) {
        BaseFile base = BaseFile.read(context, shards.get(shard).base());
        long[] firstOrdinals = firstOrdinals(shards);
        IdBlockBuilder ids = new IdBlockBuilder(context.table().idType());
        for (int i = 0; i < base.ids().size(); i++) {
            ids.add(base.ids(), i);
        }
        List<Incoming> sources = new ArrayList<>();
        for (int s = 0; s < closures.size(); s++) {
            int target = Arrays.binarySearch(closures.get(s).targets(), shard);
            if (target >= 0) {
                Incoming source =
                        new Incoming(
                                context, closures.get(s), target, firstOrdinals[s], s == shard);
                source.readSummary(ids);
                sources.add(source);
            }
        }
        FileEntry idFile = writeIds(context, shard, firstOrdinals, sources, ids.build());
        PassPlan.Load load = new PassPlan.Load(shards.get(shard).headCount(), context.table());
        sources.forEach(source -> source.addTo(load));
        PassPlan plan = load.plan(context.budget().passBytes());
        Passes passes = new Passes(plan, sources, base.vectors());
        return writePostings(context, shard, passes, idFile);
    }

    private static FileEntry writeIds(
            BuildContext context,
            int shard,
            long[] firstOrdinals,
            List<Incoming> sources,
            IdBlock ids) {
        int own = (int) (firstOrdinals[shard + 1] - firstOrdinals[shard]);
        int[] foreign = new int[ids.size() - own];
        int count = 0;
        for (Incoming source : sources) {
            count = source.takeOrdinals(foreign, count);
        }
        IdTable table = new IdTable(firstOrdinals[shard], own, foreign, ids);
        try (SpnWriter out =
                SpnWriter.create(
                        context.storage(),
                        context.shardPath(shard, FileKind.IDS),
                        context.header(FileKind.IDS, shard))) {
            table.write(out);
            return out.finish();
        }
    }

    /** Postings of a shard on their way to its file. */
    private static final class Output {
        private final PostingWriter writer;
        private final int[] sizes = new int[BINS];
        private long records;
        private int largest;

        Output(PostingWriter writer) {
            this.writer = writer;
        }

        void append(PostingWriter.Records posting) {
            writer.append(posting);
            records += posting.size();
            sizes[Math.min(BINS - 1, posting.size() / BIN)]++;
            largest = Math.max(largest, posting.size());
        }
    }

    /** All that postings are made of, pass by pass. */
    private record Passes(PassPlan plan, List<Incoming> sources, VectorBlock ownVectors) {
        void write(Output out) {
            for (int pass = 0; pass < plan.passes(); pass++) {
                ShardRecords records = plan.pass(pass);
                for (Incoming source : sources) {
                    source.read(ownVectors, records);
                }
                for (int head = records.firstHead(); head < records.endHead(); head++) {
                    out.append(records.posting(head));
                }
            }
        }
    }

    private static Shard writePostings(
            BuildContext context, int shard, Passes passes, FileEntry ids) {
        TableShape table = context.table();
        PostingLayout layout = new PostingLayout(table.elementType(), table.dimensions());
        try (SpnWriter file =
                SpnWriter.create(
                        context.storage(),
                        context.shardPath(shard, FileKind.POSTINGS),
                        context.header(FileKind.POSTINGS, shard))) {
            PostingWriter writer = new PostingWriter(file, layout, shard, passes.plan().heads());
            Output out = new Output(writer);
            passes.write(out);
            writer.finish();
            return new Shard(out.records, out.sizes, out.largest, file.finish(), ids);
        }
    }
}
