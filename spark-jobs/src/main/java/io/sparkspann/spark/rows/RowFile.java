package io.sparkspann.spark.rows;

import io.sparkspann.build.RowFiles;
import io.sparkspann.error.InvalidInputException;
import io.sparkspann.error.StorageException;
import io.sparkspann.format.FileEntry;
import io.sparkspann.storage.Storage;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.util.Arrays;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.catalyst.expressions.XXH64;
import org.apache.spark.sql.execution.datasources.parquet.ParquetWriteSupport;
import org.apache.spark.sql.execution.datasources.parquet.SparkToParquetSchemaConverter;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Writes the rows of one shard as Parquet, in the form that Spark itself writes and reads, whatever
 * the session's settings for that. Memory: a group of rows.
 */
final class RowFile implements AutoCloseable {
    private static final long GROUP_BYTES = 32L << 20;
    private static final long SEED = 42;
    private static final int BUFFER_BYTES = 1 << 16;

    private final String path;
    private final Target target;
    private final ParquetWriter<InternalRow> writer;
    private final UnsafeProjection columns;

    RowFile(Storage storage, String path, StructType schema) {
        this.path = path;
        this.target = new Target(storage, path);
        this.columns =
                UnsafeProjection.create(
                        Arrays.stream(schema.fields())
                                .map(StructField::dataType)
                                .toArray(DataType[]::new));
        Configuration conf = settings();
        ParquetWriteSupport.setSchema(schema, conf);
        Builder builder =
                new Builder(target)
                        .withConf(conf)
                        .withCompressionCodec(CompressionCodecName.SNAPPY)
                        .withRowGroupSize(GROUP_BYTES);
        for (StructField field : schema.fields()) {
            if (field.dataType() instanceof ArrayType) {
                // Components hardly repeat.
                builder.withDictionaryEncoding(field.name() + ".list.element", false);
            }
        }
        try {
            this.writer = builder.build();
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /**
     * @throws InvalidInputException if Parquet cannot hold a column
     */
    static void requireStorable(StructType schema) {
        for (StructField field : schema.fields()) {
            try {
                new SparkToParquetSchemaConverter(settings())
                        .convert(new StructType(new StructField[] {field}));
            } catch (Exception e) {
                // Spark throws its checked exceptions undeclared.
                throw new InvalidInputException(
                        "column '"
                                + field.name()
                                + "' is "
                                + field.dataType().simpleString()
                                + ", which Parquet cannot hold; cast it or leave it out",
                        e);
            }
        }
    }

    /** What Spark's writer wants to be told; its lines do not know all of it. */
    private static Configuration settings() {
        Configuration conf = new Configuration(false);
        conf.set("spark.sql.parquet.writeLegacyFormat", "false");
        conf.set("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS");
        conf.set("spark.sql.parquet.fieldId.write.enabled", "false");
        conf.set("spark.sql.parquet.variant.annotateLogicalType.enabled", "false");
        return conf;
    }

    private static final class Builder extends ParquetWriter.Builder<InternalRow, Builder> {
        Builder(OutputFile file) {
            super(file);
        }

        @Override
        protected Builder self() {
            return this;
        }

        @Override
        @SuppressWarnings("deprecation") // The one that older lines of Parquet have, too.
        protected WriteSupport<InternalRow> getWriteSupport(Configuration conf) {
            return new ParquetWriteSupport();
        }
    }

    /** A new file of a storage. */
    private static final class Target implements OutputFile {
        private final Storage storage;
        private final String path;
        private CheckedOutput out;

        Target(Storage storage, String path) {
            this.storage = storage;
            this.path = path;
        }

        @Override
        public PositionOutputStream create(long blockSizeHint) {
            out = new CheckedOutput(new BufferedOutputStream(storage.create(path), BUFFER_BYTES));
            return out;
        }

        @Override
        public PositionOutputStream createOrOverwrite(long blockSizeHint) {
            return create(blockSizeHint);
        }

        @Override
        public boolean supportsBlockSize() {
            return false;
        }

        @Override
        public long defaultBlockSize() {
            return 0;
        }
    }

    /**
     * @param row columns of the schema; further ones are left out
     * @return a hash of the columns
     */
    long append(InternalRow row) {
        UnsafeRow written = columns.apply(row);
        try {
            writer.write(written);
        } catch (IOException e) {
            throw failure(e);
        }
        return XXH64.hashUnsafeBytes(
                written.getBaseObject(), written.getBaseOffset(), written.getSizeInBytes(), SEED);
    }

    /** Completes the file. */
    FileEntry finish() {
        close();
        return RowFiles.entry(path, target.out.getPos(), target.out.crc32c());
    }

    @Override
    public void close() {
        try {
            writer.close();
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private StorageException failure(IOException e) {
        return new StorageException(path + ": cannot be written: " + e.getMessage(), e);
    }
}
