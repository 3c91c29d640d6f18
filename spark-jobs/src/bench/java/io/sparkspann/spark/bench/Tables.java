package io.sparkspann.spark.bench;

import io.sparkspann.spark.input.InputSpec;
import io.sparkspann.spark.input.VectorTable;
import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.VectorBatch;
import io.sparkspann.vector.VectorBlock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Parquet copies of the vectors, with columns {@code id} long and {@code vector}: arrays of float,
 * or binary where components are uint8.
 */
final class Tables {
    private final SparkSession spark;
    private final Settings settings;

    Tables(SparkSession spark, Settings settings) {
        this.spark = spark;
        this.settings = settings;
    }

    /** Writes the copies, so that the parts that use them find them. */
    static void write(Settings settings) throws IOException {
        try (SparkSession spark = Spark.session(settings)) {
            Tables tables = new Tables(spark, settings);
            tables.base();
            tables.queries();
            tables.joinQueries();
        }
    }

    InputSpec base() {
        return copy("base", settings.base(), Long.MAX_VALUE);
    }

    InputSpec queries() {
        return copy("queries", settings.queries(), Long.MAX_VALUE);
    }

    /** The first base vectors, as queries of a join. */
    InputSpec joinQueries() {
        return copy("join-" + settings.joinQueries(), settings.base(), settings.joinQueries());
    }

    /** The first vectors of a file as arrays of float. */
    Dataset<Row> floats(String file, int rows) {
        return frame(file, true).filter(functions.col("id").lt(rows));
    }

    /** Written once. */
    private InputSpec copy(String name, String file, long rows) {
        Path table = settings.file(name + ".parquet");
        if (!Files.exists(table.resolve("_SUCCESS"))) {
            Dataset<Row> all = frame(file, false);
            all.filter(functions.col("id").lt(rows))
                    .write()
                    .mode("overwrite")
                    .parquet(table.toString());
        }
        InputSpec spec = InputSpec.of(table.toString());
        return DataFiles.format(file).label().equals("bvecs")
                ? spec.withComponentType(ElementType.UINT8)
                : spec;
    }

    private Dataset<Row> frame(String file, boolean floats) {
        VectorTable table = VectorTable.open(spark, InputSpec.of(file));
        boolean binary = table.elementType().isByte() && !floats;
        DataType vector =
                binary
                        ? DataTypes.BinaryType
                        : DataTypes.createArrayType(DataTypes.FloatType, false);
        StructType schema =
                new StructType().add("id", DataTypes.LongType, false).add("vector", vector, false);
        return spark.createDataFrame(
                table.batches()
                        .flatMap(
                                batch ->
                                        IntStream.range(0, batch.size())
                                                .mapToObj(i -> row(batch, i, binary))
                                                .iterator()),
                schema);
    }

    private static Row row(VectorBatch batch, int i, boolean binary) {
        VectorBlock vectors = batch.vectors();
        int d = vectors.dimensions();
        Object vector;
        if (binary) {
            vector = Arrays.copyOfRange(vectors.bytes(), i * d, (i + 1) * d);
        } else {
            float[] components = new float[d];
            vectors.copyTo(i, components, 0);
            Float[] boxed = new Float[d];
            Arrays.setAll(boxed, j -> components[j]);
            vector = boxed;
        }
        return RowFactory.create(batch.ids().number(i), vector);
    }
}
