package io.sparkspann.spark.input;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** A hash over all columns of a row, whatever their types. */
public final class RowHash {
    private RowHash() {}

    /** A column of 64-bit hashes: equal rows have equal ones. */
    public static Column of(Dataset<Row> rows) {
        List<Column> hashed = new ArrayList<>();
        for (StructField field : rows.schema().fields()) {
            Column column = rows.col(ColumnNames.quote(field.name()));
            // Spark hashes no maps.
            hashed.add(
                    canBeHashed(field.dataType())
                            ? column
                            : functions.to_json(functions.struct(column)));
        }
        return functions.xxhash64(hashed.toArray(new Column[0]));
    }

    /** Whether Spark can hash values of a type. */
    public static boolean canBeHashed(DataType type) {
        if (type instanceof StructType struct) {
            return List.of(struct.fields()).stream()
                    .allMatch(field -> canBeHashed(field.dataType()));
        }
        if (type instanceof ArrayType array) {
            return canBeHashed(array.elementType());
        }
        return !(type instanceof MapType) && !type.typeName().equals("variant");
    }
}
