package io.sparkspann.spark.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkspann.spark.SharedSpark;
import io.sparkspann.spark.join.KnnJoin;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Columns of Spark ML's own vectors, dense and sparse. */
@ExtendWith(SharedSpark.class)
class MlVectorTest {
    private static final int ROWS = 400;

    @TempDir Path folder;

    private final SparkSession spark;

    MlVectorTest(SparkSession spark) {
        this.spark = spark;
    }

    private Dataset<Row> table() {
        Random random = new Random(3);
        List<Row> rows = new ArrayList<>();
        for (long id = 0; id < ROWS; id++) {
            double[] values = new double[6];
            for (int j = 0; j < values.length; j++) {
                values[j] = id % 2 == 0 || j % 2 == 0 ? (float) random.nextGaussian() : 0;
            }
            Vector dense = Vectors.dense(values);
            rows.add(RowFactory.create(id, id % 2 == 0 ? dense : dense.toSparse()));
        }
        StructType schema =
                new StructType()
                        .add("id", DataTypes.LongType)
                        .add("features", SQLDataTypes.VectorType());
        return spark.createDataFrame(rows, schema);
    }

    @Test
    void a_table_of_them_is_written_joined_and_read() {
        String index = folder.resolve("index").toString();
        Dataset<Row> table = table();
        table.write()
                .format("spann")
                .option("vectorColumn", "features")
                .option("calibrationQueries", 50)
                .save(index);
        Dataset<Row> read = spark.read().format("spann").load(index).orderBy("id");
        assertThat(read.schema().apply("features").dataType()).isEqualTo(SQLDataTypes.VectorType());
        assertThat(read.collectAsList()).isEqualTo(table.orderBy("id").collectAsList());
        List<Row> nearest =
                KnnJoin.of(spark, index)
                        .k(1)
                        .probes(100_000, Double.POSITIVE_INFINITY)
                        .vectorColumn("features")
                        .join(table.where("id < 50"))
                        .collectAsList();
        assertThat(nearest)
                .hasSize(50)
                .allMatch(row -> row.getAs("id").equals(row.getAs("neighbor_id")))
                .allMatch(row -> row.<Float>getAs("distance") == 0);
    }
}
