package io.sparkspann.spark.join;

import io.sparkspann.search.AllowList;
import io.sparkspann.search.IdCondition;
import io.sparkspann.search.IndexFiles;
import io.sparkspann.spark.input.ColumnNames;
import io.sparkspann.vector.IdBlock;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Finds out which vectors of an index some rows of its table are. Spark joins the ids of the index
 * with theirs and gathers bits; the driver receives one bit for each vector.
 */
final class AllowedRows {
    private static final String ID = "id";
    private static final String ORDINAL = "ordinal";

    /** Bits of a piece of Spark's bitmaps. */
    private static final long PIECE_BITS = 1 << 15;

    private final JoinSetup setup;
    private final Broadcast<SharedIndex> index;

    /**
     * @param index the snapshot, for tasks
     */
    AllowedRows(JoinSetup setup, Broadcast<SharedIndex> index) {
        this.setup = setup;
        this.index = index;
    }

    /** The rows whose ids are in the index: no more than it has, unless ids are there twice. */
    Dataset<Row> indexed(Dataset<Row> rows, String idColumn) {
        Dataset<Row> own = own();
        Column id = rows.col(ColumnNames.quote(idColumn));
        return rows.join(own, id.equalTo(own.col(ID)), "left_semi");
    }

    /** A bit for each vector that options let be found, see {@link AllowList#of}. Runs jobs. */
    long[] vectors(JoinOptions options) {
        if (options.condition() == null) {
            return vectors(options.candidates());
        }
        long[] words = vectors(options.condition());
        if (options.candidates() != null) {
            long[] rows = vectors(options.candidates());
            for (int i = 0; i < words.length; i++) {
                words[i] &= rows[i];
            }
        }
        return words;
    }

    private long[] vectors(IdCondition condition) {
        Broadcast<SharedIndex> shared = index;
        long[] sizes = new long[setup.manifest().shards().size()];
        Arrays.setAll(sizes, s -> setup.manifest().shards().get(s).vectors());
        return joined(
                sizes,
                shards().map(shard -> passing(shared.value().files().ownIds(shard), condition))
                        .collect());
    }

    private static long[] passing(IdBlock ids, IdCondition condition) {
        long[] words = new long[AllowList.words(ids.size())];
        for (int i = 0; i < ids.size(); i++) {
            if (condition.test(ids, i)) {
                words[i >>> 6] |= 1L << i;
            }
        }
        return words;
    }

    private long[] vectors(Candidates candidates) {
        Dataset<Row> wanted = setup.rows(candidates.ids().get().toJavaRDD(), idOnly());
        Dataset<Row> own = own();
        // Spark's bitmaps count from 1.
        Column number = own.col(ORDINAL).plus(functions.lit(1L));
        Dataset<Row> pieces =
                own.join(wanted, own.col(ID).equalTo(wanted.col(ID)), "left_semi")
                        .groupBy(functions.bitmap_bucket_number(number).as("piece"))
                        .agg(functions.bitmap_construct_agg(functions.bitmap_bit_position(number)));
        long[] words = new long[AllowList.words(setup.manifest().vectors())];
        for (Row piece : pieces.collectAsList()) {
            long first = (piece.getLong(0) - 1) * PIECE_BITS / Long.SIZE;
            put((byte[]) piece.get(1), words, (int) first);
        }
        return words;
    }

    private static void put(byte[] bits, long[] words, int first) {
        ByteBuffer buffer = ByteBuffer.wrap(bits).order(ByteOrder.LITTLE_ENDIAN);
        int count = Math.min(bits.length / Long.BYTES, words.length - first);
        buffer.asLongBuffer().get(words, first, count);
    }

    private StructType idOnly() {
        return new StructType().add(ID, RowJoin.idType(setup.manifest()));
    }

    /** Ids and ordinals of all vectors. */
    private Dataset<Row> own() {
        Broadcast<SharedIndex> shared = index;
        StructType schema = idOnly().add(ORDINAL, DataTypes.LongType, false);
        return setup.rows(
                shards().flatMap(shard -> ownIds(shared.value().files(), shard, schema)), schema);
    }

    private static Iterator<InternalRow> ownIds(IndexFiles files, int shard, StructType schema) {
        IdBlock ids = files.ownIds(shard);
        return new OwnIds(ids, files.firstOrdinals()[shard], schema);
    }

    /**
     * A bit for each head, see {@link AllowList#of}. Runs a job.
     *
     * @param vectors a bit for each vector
     */
    long[] heads(long[] vectors) {
        JavaSparkContext context = JavaSparkContext.fromSparkContext(setup.spark().sparkContext());
        Broadcast<AllowList> allowed = context.broadcast(AllowList.of(vectors, new long[0]));
        Broadcast<SharedIndex> shared = index;
        List<long[]> shards =
                shards().map(shard -> heads(shared.value().files(), shard, allowed.value()))
                        .collect();
        allowed.destroy();
        long[] sizes = new long[shards.size()];
        Arrays.setAll(sizes, s -> setup.manifest().shards().get(s).heads());
        return joined(sizes, shards);
    }

    /** The bits of all shards, one after another. */
    private static long[] joined(long[] sizes, List<long[]> shards) {
        long[] words = new long[AllowList.words(Arrays.stream(sizes).sum())];
        long first = 0;
        for (int s = 0; s < sizes.length; s++) {
            for (long i = 0; i < sizes[s]; i++) {
                long bit = shards.get(s)[(int) (i >>> 6)] >>> i & 1;
                words[(int) (first + i >>> 6)] |= bit << (first + i);
            }
            first += sizes[s];
        }
        return words;
    }

    private static long[] heads(IndexFiles files, int shard, AllowList allowed) {
        int[] rows = files.headRows(shard);
        long[] words = new long[AllowList.words(rows.length)];
        for (int head = 0; head < rows.length; head++) {
            if (allowed.contains(files.firstOrdinals()[shard] + rows[head])) {
                words[head >>> 6] |= 1L << head;
            }
        }
        return words;
    }

    private JavaRDD<Integer> shards() {
        List<Integer> numbers = new ArrayList<>();
        for (int s = 0; s < setup.manifest().shards().size(); s++) {
            numbers.add(s);
        }
        return JavaSparkContext.fromSparkContext(setup.spark().sparkContext())
                .parallelize(numbers, numbers.size());
    }
}
