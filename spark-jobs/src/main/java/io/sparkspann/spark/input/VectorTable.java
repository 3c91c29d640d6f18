package io.sparkspann.spark.input;

import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.IdType;
import io.sparkspann.vector.VectorBatch;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;

/**
 * A table of ids and vectors, read in parallel as batches of primitive arrays. Lives on the driver;
 * its batches are made and used inside tasks, and do not travel between them.
 *
 * <p>Opening reads little: schema, headers and the first vector; for smallint and int columns
 * without a stated component type, also all values once.
 */
public interface VectorTable {
    /**
     * Opens a table, and finds out at once what can be known without reading all of it.
     *
     * @throws io.sparkspann.error.InvalidInputException if there is no such path or column, the
     *     type of a column or the format is not supported, or the table is empty
     */
    static VectorTable open(SparkSession spark, InputSpec spec) {
        return StatedType.require(TableFormats.open(spark, spec), spec);
    }

    /**
     * A table over the rows of a data set; {@link InputSpec#path} names it in messages, the format
     * is not used.
     */
    static VectorTable of(Dataset<Row> rows, InputSpec spec) {
        return StatedType.require(ColumnTable.of(rows, spec), spec);
    }

    /**
     * A table whose ids are whole rows, see {@link PackedRow}, so that a result can give them back
     * without another look at the table. Nothing is read; rows are of the stated dimension or
     * cannot be used.
     *
     * @param schema columns that are carried along, then the vector
     * @param rows rows of that schema
     */
    static VectorTable carrying(StructType schema, RDD<InternalRow> rows, Carrying carrying) {
        return ColumnTable.carrying(schema, rows, carrying);
    }

    /**
     * How to read a table that is carried along.
     *
     * @param spec its name, and what to do with its rows and vectors; {@link InputSpec#usualType}
     *     is the type of vectors that are integers or binary
     * @param dimensions components of a vector
     * @param keepWithout whether rows stay that have no vector to search for: null, or zero where
     *     that is rejected. They are marked, see {@link PackedRow#isSearchable}
     */
    record Carrying(InputSpec spec, int dimensions, boolean keepWithout) {}

    /** Type of the components that the batches have. */
    ElementType elementType();

    /** Number of components of each vector. */
    int dimensions();

    /** Type of the ids. */
    IdType idType();

    /**
     * What was assumed in reading the vectors because nobody stated it, as the end of a message;
     * empty if nothing was.
     */
    default String assumption() {
        return "";
    }

    /** The rows with all their columns, where they are those of a data set. */
    default Optional<Dataset<Row>> data() {
        return Optional.empty();
    }

    /** Number of rows, unusable ones included. May count them once. */
    long rows();

    /** Whether ids are row numbers, which cannot repeat. */
    boolean hasRowNumberIds();

    /** Whether rows that cannot be used are counted and left out; else they are an error. */
    boolean skipsBadRows();

    /**
     * The rows, in batches of at most 8192 rows and about 1 MiB of components. Each batch has
     * arrays of its own. A batch may be empty and still count skipped rows; the sum of {@link
     * VectorBatch#skippedRows} is exact.
     *
     * <p>Under {@link BadRows#FAIL} a row that cannot be used fails the task with an {@link
     * io.sparkspann.error.InvalidInputException}, which {@link
     * io.sparkspann.spark.error.SparkErrors} takes out of Spark's own.
     */
    JavaRDD<VectorBatch> batches();
}
