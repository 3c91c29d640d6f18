package io.sparkspann.build;

import io.sparkspann.format.FileEntry;
import io.sparkspann.format.FileKind;
import io.sparkspann.format.SpnWriter;
import io.sparkspann.posting.IdTable;
import io.sparkspann.posting.PostingLayout;
import io.sparkspann.posting.PostingWriter;
import io.sparkspann.vector.IdBlockBuilder;
import java.io.Serializable;
import java.util.List;

/** Stage 5: writes the postings of each shard, and the ids of the vectors in them. */
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
            implements Serializable {}

    static List<Shard> run(
            BuildContext context,
            BuildEngine engine,
            int[] firstHeads,
            List<HeadsStage.Shard> shards,
            List<ClosureStage.Shard> closures) {
        long[] firstOrdinals = firstOrdinals(shards);
        return engine.run(
                "5/7: postings",
                shards.size(),
                shard -> write(context, firstHeads, shards, closures, firstOrdinals, shard));
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
            int[] firstHeads,
            List<HeadsStage.Shard> shards,
            List<ClosureStage.Shard> closures,
            long[] firstOrdinals,
            int shard) {
        BaseFile base = BaseFile.read(context, shards.get(shard).base());
        ShardRecords records =
                new ShardRecords(
                        shards.get(shard).headCount(), base.vectors(), firstOrdinals[shard]);
        IdBlockBuilder ids = new IdBlockBuilder(context.table().idType());
        for (int i = 0; i < base.ids().size(); i++) {
            ids.add(base.ids(), i);
        }
        AssignmentCodec codec = new AssignmentCodec(context, firstHeads);
        for (int source = 0; source < closures.size(); source++) {
            boolean own = source == shard;
            ShardRecords.Source sink = own ? records.own() : records.foreign(firstOrdinals[source]);
            for (int target : closures.get(source).targets()) {
                if (target == shard) {
                    try (SegmentFile file = context.segments(closures.get(source).file())) {
                        file.forEach(
                                shard,
                                shard + 1,
                                (segment, bytes) -> codec.read(bytes, own, ids, sink));
                    }
                }
            }
        }
        FileEntry idFile = writeIds(context, shard, base, records, ids);
        return writePostings(context, shard, records, idFile);
    }

    private static FileEntry writeIds(
            BuildContext context,
            int shard,
            BaseFile base,
            ShardRecords records,
            IdBlockBuilder ids) {
        IdTable table =
                new IdTable(
                        records.firstOrdinal(),
                        base.ids().size(),
                        records.foreignOrdinals(),
                        ids.build());
        try (SpnWriter out =
                SpnWriter.create(
                        context.storage(),
                        context.shardPath(shard, FileKind.IDS),
                        context.header(FileKind.IDS, shard))) {
            table.write(out);
            return out.finish();
        }
    }

    private static Shard writePostings(
            BuildContext context, int shard, ShardRecords records, FileEntry ids) {
        TableShape table = context.table();
        PostingLayout layout = new PostingLayout(table.elementType(), table.dimensions());
        int[] sizes = new int[BINS];
        int largest = 0;
        try (SpnWriter out =
                SpnWriter.create(
                        context.storage(),
                        context.shardPath(shard, FileKind.POSTINGS),
                        context.header(FileKind.POSTINGS, shard))) {
            PostingWriter writer = new PostingWriter(out, layout, shard, records.postings());
            for (int p = 0; p < records.postings(); p++) {
                PostingWriter.Records posting = records.posting(p);
                writer.append(posting);
                sizes[Math.min(BINS - 1, posting.size() / BIN)]++;
                largest = Math.max(largest, posting.size());
            }
            writer.finish();
            return new Shard(records.size(), sizes, largest, out.finish(), ids);
        }
    }
}
