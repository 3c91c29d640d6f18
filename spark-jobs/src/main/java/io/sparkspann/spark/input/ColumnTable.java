package io.sparkspann.spark.input;

import io.sparkspann.error.InvalidInputException;
import io.sparkspann.spark.error.Redaction;
import io.sparkspann.spark.input.ColumnBatches.Layout;
import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.IdType;
import io.sparkspann.vector.VectorBatch;
import io.sparkspann.vector.VectorDomain;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** A table whose ids and vectors are columns of a data set. */
final class ColumnTable implements VectorTable {
    private final Layout layout;
    private final LongSupplier count;
    private final JavaRDD<InternalRow> rows;
    private final Optional<Dataset<Row>> data;

    private ColumnTable(
            Layout layout,
            LongSupplier count,
            JavaRDD<InternalRow> rows,
            Optional<Dataset<Row>> data) {
        this.data = data;
        this.layout = layout;
        this.count = count;
        this.rows = rows;
    }

    static ColumnTable of(Dataset<Row> rows, InputSpec spec) {
        return of(rows, spec, false);
    }

    /**
     * @param plainScan whether {@code rows} are those of files, none left out
     */
    static ColumnTable of(Dataset<Row> rows, InputSpec spec, boolean plainScan) {
        String table = Redaction.redact(spec.path());
        String id = ColumnNames.quoted(rows.schema(), spec.idColumn(), table);
        String vector = ColumnNames.quoted(rows.schema(), spec.vectorColumn(), table);
        Dataset<Row> selected =
                rows.select(functions.col(id).alias("id"), functions.col(vector).alias("vector"));
        DataType idColumn = selected.schema().fields()[0].dataType();
        if (IdColumn.typeOf(idColumn) == null) {
            throw unsupported(
                    table, spec.idColumn(), idColumn, "bigint, int, smallint, tinyint or string");
        }
        DataType vectorColumn = selected.schema().fields()[1].dataType();
        checkVectorType(table, spec, vectorColumn);
        JavaRDD<InternalRow> internal = selected.queryExecution().toRdd().toJavaRDD();
        int dimensions =
                MlVectors.isTypeOf(vectorColumn)
                        ? dimensionsOfMl(internal, selected, table, spec)
                        : dimensions(selected, table, spec, vectorColumn);
        Layout layout =
                new Layout(
                        table,
                        spec,
                        new IdColumn.Column(idColumn),
                        1,
                        decoder(internal, spec, vectorColumn, dimensions),
                        false,
                        plainScan,
                        assumption(spec, vectorColumn));
        return new ColumnTable(layout, rows::count, internal, Optional.of(rows));
    }

    /**
     * @param rows the columns to carry, then the vector
     * @param spec states the type of the vectors where it is not that of the column
     */
    static ColumnTable carrying(StructType schema, RDD<InternalRow> rows, Carrying carrying) {
        InputSpec spec = carrying.spec();
        String table = Redaction.redact(spec.path());
        StructField[] fields = schema.fields();
        int last = fields.length - 1;
        DataType vectorColumn = fields[last].dataType();
        checkVectorType(table, spec, vectorColumn);
        DataType[] carried = new DataType[last];
        for (int i = 0; i < last; i++) {
            carried[i] = fields[i].dataType();
        }
        JavaRDD<InternalRow> internal = rows.toJavaRDD();
        Layout layout =
                new Layout(
                        table,
                        spec,
                        new PackedRows.Columns(carried),
                        last,
                        decoder(internal, spec, vectorColumn, carrying.dimensions()),
                        carrying.keepWithout(),
                        false,
                        assumption(spec, vectorColumn));
        return new ColumnTable(layout, rows::count, internal, Optional.empty());
    }

    @Override
    public ElementType elementType() {
        return layout.decoder().type();
    }

    @Override
    public int dimensions() {
        return layout.decoder().dimensions();
    }

    @Override
    public IdType idType() {
        return layout.ids().type();
    }

    @Override
    public Optional<Dataset<Row>> data() {
        return data;
    }

    /** Counts the rows; for Parquet, Spark takes the numbers from the files' footers. */
    @Override
    public long rows() {
        return count.getAsLong();
    }

    @Override
    public boolean skipsBadRows() {
        return layout.spec().badRows() == BadRows.SKIP;
    }

    @Override
    public boolean hasRowNumberIds() {
        return false;
    }

    @Override
    public JavaRDD<VectorBatch> batches() {
        Layout shipped = layout;
        return rows.mapPartitions(partition -> new ColumnBatches(shipped, partition));
    }

    private static void checkVectorType(String table, InputSpec spec, DataType column) {
        boolean array = column instanceof ArrayType;
        DataType component = array ? ((ArrayType) column).elementType() : null;
        boolean number =
                component instanceof FloatType
                        || component instanceof DoubleType
                        || isInteger(component);
        if (!number && !(column instanceof BinaryType) && !MlVectors.isTypeOf(column)) {
            throw unsupported(
                    table,
                    spec.vectorColumn(),
                    column,
                    "an array of float, double, tinyint, smallint or int, binary, or a vector of"
                            + " Spark ML");
        }
    }

    private static boolean isInteger(DataType component) {
        return component instanceof ByteType
                || component instanceof ShortType
                || component instanceof IntegerType;
    }

    private static InvalidInputException unsupported(
            String table, String column, DataType type, String supported) {
        return new InvalidInputException(
                table
                        + ": column '"
                        + column
                        + "' is "
                        + type.simpleString()
                        + "; it must be "
                        + supported);
    }

    /** Number of components of the first vector that has any. */
    private static int dimensions(
            Dataset<Row> rows, String table, InputSpec spec, DataType column) {
        Column vector = functions.col("vector");
        int width = column instanceof BinaryType ? binaryType(spec).bytes() : 1;
        Column length =
                column instanceof BinaryType ? functions.length(vector) : functions.size(vector);
        List<Row> first =
                rows.select(length.alias("length"))
                        .where("length > 0 AND length % " + width + " = 0")
                        .limit(1)
                        .collectAsList();
        if (!first.isEmpty()) {
            return first.get(0).getInt(0) / width;
        }
        throw none(rows, table, spec, assumption(spec, column));
    }

    private static int dimensionsOfMl(
            JavaRDD<InternalRow> internal, Dataset<Row> rows, String table, InputSpec spec) {
        List<Integer> first =
                internal.filter(row -> !row.isNullAt(1))
                        .map(row -> MlVectors.dimensions(row, 1))
                        .filter(length -> length > 0)
                        .take(1);
        if (!first.isEmpty()) {
            return first.get(0);
        }
        throw none(rows, table, spec, "");
    }

    private static InvalidInputException none(
            Dataset<Row> rows, String table, InputSpec spec, String assumption) {
        return new InvalidInputException(
                rows.isEmpty()
                        ? table + ": the table is empty"
                        : table
                                + ": column '"
                                + spec.vectorColumn()
                                + "' holds no vector, in no row"
                                + assumption);
    }

    private static ElementType binaryType(InputSpec spec) {
        ElementType type = stated(spec);
        return type == null ? ElementType.FLOAT32 : type;
    }

    private static ElementType stated(InputSpec spec) {
        return spec.componentType() == null ? spec.usualType() : spec.componentType();
    }

    @Override
    public String assumption() {
        return layout.assumption();
    }

    private static String assumption(InputSpec spec, DataType column) {
        return spec.componentType() == null && column instanceof BinaryType
                ? " (no --binary-type was given, so the binary column was read as "
                        + (binaryType(spec) == ElementType.FLOAT32
                                ? "float32, little-endian; if it holds something else,"
                                        + " give --binary-type float16, uint8 or int8)"
                                : binaryType(spec).label()
                                        + ", the type of the index; if it holds something else,"
                                        + " give --binary-type "
                                        + ElementType.LABELS
                                        + ")")
                : "";
    }

    private static VectorDecoder decoder(
            JavaRDD<InternalRow> rows, InputSpec spec, DataType column, int dimensions) {
        VectorDomain domain = spec.domain();
        if (column instanceof BinaryType) {
            return new BinaryVectors(binaryType(spec), dimensions, domain);
        }
        if (MlVectors.isTypeOf(column)) {
            return new MlVectors(dimensions, domain);
        }
        DataType component = ((ArrayType) column).elementType();
        boolean nullable = ((ArrayType) column).containsNull();
        if (!isInteger(component)) {
            return new FloatArrays(component instanceof DoubleType, nullable, dimensions, domain);
        }
        ElementType type = spec.componentType();
        if (type == null && component instanceof ByteType) {
            type = ElementType.INT8;
        } else if (type == null) {
            type = spec.usualType();
        }
        if (type == null) {
            type = narrowest(rows, component, dimensions);
        }
        // Every integer that float32 holds exactly is read so: float16 would round it.
        ElementType exact = type == ElementType.FLOAT16 ? ElementType.FLOAT32 : type;
        return new IntegerArrays(component, nullable, exact, dimensions, domain);
    }

    /**
     * The narrowest type for all components of the table; vectors that cannot be used do not count.
     */
    private static ElementType narrowest(
            JavaRDD<InternalRow> rows, DataType component, int dimensions) {
        int[] range =
                rows.mapPartitions(
                                partition ->
                                        List.of(range(partition, component, dimensions)).iterator())
                        .reduce((a, b) -> new int[] {Math.min(a[0], b[0]), Math.max(a[1], b[1])});
        return IntegerArrays.narrowest(range[0], range[1]);
    }

    private static int[] range(Iterator<InternalRow> rows, DataType component, int dimensions) {
        int min = Integer.MAX_VALUE;
        int max = Integer.MIN_VALUE;
        while (rows.hasNext()) {
            InternalRow row = rows.next();
            if (row.isNullAt(0) || row.isNullAt(1)) {
                continue;
            }
            ArrayData array = row.getArray(1);
            if (array.numElements() != dimensions || hasNull(array)) {
                continue;
            }
            for (int value : IntegerArrays.values(array, component)) {
                min = Math.min(min, value);
                max = Math.max(max, value);
            }
        }
        return new int[] {min, max};
    }

    private static boolean hasNull(ArrayData array) {
        for (int j = 0; j < array.numElements(); j++) {
            if (array.isNullAt(j)) {
                return true;
            }
        }
        return false;
    }
}
