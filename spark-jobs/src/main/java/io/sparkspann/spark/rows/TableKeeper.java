package io.sparkspann.spark.rows;

import io.sparkspann.build.RowFiles;
import io.sparkspann.build.RowKeeper;
import io.sparkspann.error.InvalidInputException;
import io.sparkspann.format.FileEntry;
import io.sparkspann.spark.build.SparkEngine;
import io.sparkspann.spark.build.TaskResult;
import io.sparkspann.spark.error.SparkErrors;
import io.sparkspann.spark.input.ColumnNames;
import io.sparkspann.spark.stage.StageName;
import io.sparkspann.vector.IdBlock;
import io.sparkspann.vector.IdType;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;

/** Keeps the rows of a data set in an index: sorts them by shard and id, and writes a file each. */
public final class TableKeeper implements RowKeeper {
    private static final String KEY = "spann key";
    private static final String SHARD = "spann shard";
    private static final long BROADCAST_ROWS = 1 << 20;
    private static final String POSITION = "spann position";

    private final SparkSession spark;
    private final Dataset<Row> table;
    private final String idColumn;
    private final String vectorColumn;

    /**
     * @param table the same rows each time it is asked
     * @param idColumn name of a column of it
     */
    public TableKeeper(
            SparkSession spark, Dataset<Row> table, String idColumn, String vectorColumn) {
        RowFile.requireStorable(table.schema());
        this.spark = spark;
        this.table = table;
        this.idColumn = idColumn;
        this.vectorColumn = vectorColumn;
    }

    @Override
    public Map<String, String> table() {
        return KeptTable.describe(table.schema(), idColumn, vectorColumn);
    }

    @Override
    public List<FileEntry> write(RowFiles files) {
        int shards = files.shards();
        Column id = table.col(ColumnNames.quote(idColumn));
        boolean text = table.schema().apply(idColumn).dataType() instanceof StringType;
        DataType keyType = text ? DataTypes.BinaryType : DataTypes.LongType;
        Dataset<Row> all = places(files, keyType);
        // Small enough to be everywhere, which saves a shuffle of the table.
        Dataset<Row> places =
                IntStream.range(0, shards).mapToLong(files::rows).sum() <= BROADCAST_ROWS
                        ? functions.broadcast(all)
                        : all;
        Dataset<Row> placed =
                table.join(places, id.cast(keyType).equalTo(places.col(ColumnNames.quote(KEY))))
                        .drop(KEY)
                        .repartition(
                                Math.max(shards, spark.sparkContext().defaultParallelism()),
                                functions.col(ColumnNames.quote(SHARD)))
                        .sortWithinPartitions(
                                ColumnNames.quote(SHARD), ColumnNames.quote(POSITION));
        StructType schema = table.schema();
        try {
            List<byte[]> written =
                    StageName.during(
                            spark.sparkContext(),
                            SparkEngine.STAGES + "5/7: rows",
                            () ->
                                    placed.queryExecution()
                                            .toRdd()
                                            .toJavaRDD()
                                            .mapPartitions(rows -> write(files, schema, rows))
                                            .collect());
            return inOrder(written, files, schema);
        } catch (RuntimeException e) {
            throw SparkErrors.unwrap(e).map(RuntimeException.class::cast).orElse(e);
        }
    }

    /** Where each id belongs. */
    private Dataset<Row> places(RowFiles files, DataType keyType) {
        StructType schema =
                new StructType()
                        .add(KEY, keyType, false)
                        .add(SHARD, DataTypes.IntegerType, false)
                        .add(POSITION, DataTypes.IntegerType, false);
        int shards = files.shards();
        List<Integer> numbers = IntStream.range(0, shards).boxed().toList();
        JavaRDD<Row> rows =
                JavaSparkContext.fromSparkContext(spark.sparkContext())
                        .parallelize(new ArrayList<>(numbers), Math.max(1, shards))
                        .flatMap(shard -> places(files.ids(shard), shard));
        return spark.createDataFrame(rows, schema);
    }

    private static Iterator<Row> places(IdBlock ids, int shard) {
        return IntStream.range(0, ids.size())
                .mapToObj(i -> RowFactory.create(key(ids, i), shard, i))
                .iterator();
    }

    private static Object key(IdBlock ids, int i) {
        if (ids.type() != IdType.STRING) {
            return ids.number(i);
        }
        return java.util.Arrays.copyOfRange(ids.utf8(), ids.offsets()[i], ids.offsets()[i + 1]);
    }

    /** A file that was written. */
    private record Written(int shard, FileEntry file) implements Serializable {}

    /** Writes the shards of a partition, whose rows come shard by shard. */
    private static Iterator<byte[]> write(
            RowFiles files, StructType schema, Iterator<InternalRow> rows) {
        int shardColumn = schema.size();
        int positionColumn = shardColumn + 1;
        List<byte[]> written = new ArrayList<>();
        InternalRow row = rows.hasNext() ? rows.next() : null;
        while (row != null) {
            int shard = row.getInt(shardColumn);
            int count = 0;
            try (RowFile file = new RowFile(files.storage(), files.newPath(shard), schema)) {
                do {
                    if (row.getInt(positionColumn) != count++) {
                        throw changed();
                    }
                    file.append(row);
                    row = rows.hasNext() ? rows.next() : null;
                } while (row != null && row.getInt(shardColumn) == shard);
                if (count != files.rows(shard)) {
                    throw changed();
                }
                written.add(TaskResult.encode(new Written(shard, file.finish())));
            }
        }
        return written.iterator();
    }

    private static InvalidInputException changed() {
        return new InvalidInputException(
                "The rows of a shard are not those whose vectors were indexed: the table changed"
                        + " while the index was built, or an id occurs twice, once in a row that"
                        + " was left out because its vector cannot be used; write it again, with"
                        + " each id once");
    }

    private static List<FileEntry> inOrder(
            List<byte[]> results, RowFiles files, StructType schema) {
        FileEntry[] entries = new FileEntry[files.shards()];
        for (byte[] result : results) {
            Written written = TaskResult.decode(result);
            entries[written.shard()] = written.file();
        }
        for (int shard = 0; shard < entries.length; shard++) {
            if (entries[shard] == null && files.rows(shard) > 0) {
                throw changed();
            }
            if (entries[shard] == null) {
                try (RowFile none = new RowFile(files.storage(), files.newPath(shard), schema)) {
                    entries[shard] = none.finish();
                }
            }
        }
        return List.of(entries);
    }
}
