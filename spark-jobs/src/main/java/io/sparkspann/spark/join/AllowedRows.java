package io.sparkspann.spark.join;

import io.sparkspann.search.AllowList;
import io.sparkspann.search.IndexFiles;
import io.sparkspann.spark.input.ColumnNames;
import io.sparkspann.vector.IdBlock;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
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

    /** A bit for each vector, see {@link AllowList#of}. Runs a job. */
    long[] vectors(Candidates candidates) {
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
        long count = 0;
        for (var shard : setup.manifest().shards()) {
            count += shard.heads();
        }
        long[] words = new long[AllowList.words(count)];
        long first = 0;
        for (int s = 0; s < shards.size(); s++) {
            long heads = setup.manifest().shards().get(s).heads();
            for (long head = 0; head < heads; head++) {
                long bit = shards.get(s)[(int) (head >>> 6)] >>> head & 1;
                words[(int) (first + head >>> 6)] |= bit << (first + head);
            }
            first += heads;
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
