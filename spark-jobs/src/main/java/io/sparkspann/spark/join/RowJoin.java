package io.sparkspann.spark.join;

import io.sparkspann.format.Manifest;
import io.sparkspann.search.SearchOptions;
import java.util.Iterator;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * A join of rows in Spark's own form, for plans of queries. Rows without a vector to search for,
 * null or zero where the metric rejects it, have no neighbours.
 *
 * <p>Immutable: each setter returns a new instance.
 */
public final class RowJoin {
    private final JoinSetup setup;
    private final JoinOptions options;

    private RowJoin(JoinSetup setup, JoinOptions options) {
        this.setup = setup;
        this.options = options;
    }

    public static RowJoin of(SparkSession spark, String indexUri, Manifest manifest) {
        return new RowJoin(new JoinSetup(spark, indexUri, manifest), JoinOptions.DEFAULT);
    }

    /** Type of the neighbours' ids. */
    public static DataType idType(Manifest manifest) {
        return NeighborColumns.dataType(manifest.schema().idType());
    }

    /** With these options. */
    public RowJoin with(SearchOptions search) {
        return new RowJoin(setup, options.withSearch(search));
    }

    /** Whether a row without neighbours stays, with a null for the neighbour. */
    public RowJoin outer(boolean keep) {
        return new RowJoin(setup, options.withSelection(options.selection().withOuter(keep)));
    }

    /** Finds these rows only. */
    public RowJoin among(Candidates candidates) {
        return new RowJoin(setup, options.withCandidates(candidates));
    }

    /** With this memory, whatever the settings say. */
    RowJoin memory(JoinMemory memory) {
        return new RowJoin(setup, options.withMemory(memory));
    }

    /**
     * The rows with the ids of their neighbours. Runs a job that evaluates and counts them.
     *
     * @param schema of the rows; the last column is the vector, in whose place the neighbour's id
     *     comes
     */
    public RDD<InternalRow> idsOnly(StructType schema, RDD<InternalRow> rows) {
        StructType carried = new StructType();
        int last = schema.size() - 1;
        for (int i = 0; i < last; i++) {
            StructField field = schema.fields()[i];
            // Names may repeat in plans, where they mean nothing.
            carried = carried.add("c" + i, field.dataType(), field.nullable());
        }
        CarriedQueries queries =
                new CarriedQueries(carried, -1, schema, schema.fields()[last].name(), true);
        RDD<InternalRow> joined = queries.join(setup, options, rows);
        StructType found = queries.columns(setup, options).schema();
        DataType[] types = new DataType[schema.size()];
        for (int i = 0; i < types.length; i++) {
            types[i] = found.fields()[i].dataType();
        }
        return joined.toJavaRDD().mapPartitions(partition -> unsafe(types, partition)).rdd();
    }

    /** The first columns of the rows, as Spark's operators exchange them. */
    private static Iterator<InternalRow> unsafe(DataType[] types, Iterator<InternalRow> rows) {
        UnsafeProjection projection = UnsafeProjection.create(types);
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return rows.hasNext();
            }

            @Override
            public InternalRow next() {
                return projection.apply(rows.next());
            }
        };
    }
}
