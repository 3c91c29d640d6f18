package io.sparkspann.spark.build;

import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.VectorBlock;
import io.sparkspann.vector.file.VectorFileWriter;
import io.sparkspann.vector.file.VectorFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Small tables of vectors, in memory and in files. */
public final class VectorSamples {
    private VectorSamples() {}

    /** Gaussian clusters of different spread, as float32. */
    public static VectorBlock clustered(int n, int d, int clusters, long seed) {
        Random random = new Random(seed);
        float[] centres = new float[clusters * d];
        for (int i = 0; i < centres.length; i++) {
            centres[i] = 10 * (float) random.nextGaussian();
        }
        float[] components = new float[n * d];
        for (int i = 0; i < n; i++) {
            int cluster = random.nextInt(clusters);
            float spread = 1 + cluster % 4;
            for (int j = 0; j < d; j++) {
                components[i * d + j] =
                        centres[cluster * d + j] + spread * (float) random.nextGaussian();
            }
        }
        return VectorBlock.ofFloats(d, components);
    }

    /**
     * Integers {@code from} to {@code to}: with a narrow range most distances are equal to others.
     */
    public static VectorBlock integers(ElementType type, int n, int d, int[] range, long seed) {
        Random random = new Random(seed);
        float[] floats = new float[n * d];
        byte[] bytes = new byte[n * d];
        for (int i = 0; i < n * d; i++) {
            int value = range[0] + random.nextInt(range[1] - range[0] + 1);
            floats[i] = value;
            bytes[i] = (byte) value;
        }
        return type.isByte()
                ? VectorBlock.ofBytes(type, d, bytes)
                : VectorBlock.ofFloats(d, floats);
    }

    /** Writes fvecs or bvecs. */
    public static String file(Path file, VectorBlock vectors) {
        VectorFormat format = VectorFormat.ofFileName(file.getFileName().toString()).orElseThrow();
        try (VectorFileWriter out =
                new VectorFileWriter(Files.newOutputStream(file), format, file.toString())) {
            out.append(vectors);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file.toUri().toString();
    }

    /** Columns and order of a table. */
    public record Table(DataType idType, IntFunction<Object> ids, int files, long shuffleSeed) {
        /** Ids are row numbers, as bigint. */
        public static Table ofLongs(int files, long shuffleSeed) {
            return new Table(DataTypes.LongType, i -> (long) i, files, shuffleSeed);
        }
    }

    /**
     * Writes Parquet with columns {@code id} and {@code vector}; a shuffle seed of 0 keeps the
     * order.
     */
    public static String parquet(
            SparkSession spark, Path folder, VectorBlock vectors, Table table) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < vectors.size(); i++) {
            rows.add(RowFactory.create(table.ids().apply(i), components(vectors, i)));
        }
        if (table.shuffleSeed() != 0) {
            Collections.shuffle(rows, new Random(table.shuffleSeed()));
        }
        return parquet(spark, folder, rows, schema(table.idType(), vectors.type()), table.files());
    }

    public static String parquet(
            SparkSession spark, Path folder, List<Row> rows, StructType schema, int files) {
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        JavaRDD<Row> rdd = context.parallelize(rows, files);
        String uri = folder.toUri().toString();
        spark.createDataFrame(rdd, schema).write().mode(SaveMode.Append).parquet(uri);
        return uri;
    }

    public static StructType schema(DataType idType, ElementType type) {
        DataType component =
                switch (type) {
                    case UINT8 -> DataTypes.ShortType;
                    case INT8 -> DataTypes.ByteType;
                    default -> DataTypes.FloatType;
                };
        return new StructType()
                .add("id", idType)
                .add("vector", DataTypes.createArrayType(component));
    }

    private static Object[] components(VectorBlock vectors, int row) {
        float[] floats = new float[vectors.dimensions()];
        vectors.copyTo(row, floats, 0);
        Object[] components = new Object[floats.length];
        for (int j = 0; j < floats.length; j++) {
            components[j] =
                    switch (vectors.type()) {
                        case UINT8 -> (Object) (short) floats[j];
                        case INT8 -> (Object) (byte) floats[j];
                        default -> (Object) floats[j];
                    };
        }
        return components;
    }
}
