package io.sparkspann.spark.input;

import io.sparkspann.error.InvalidInputException;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Resolves a column name that a user typed against a schema. */
public final class ColumnNames {
    private ColumnNames() {}

    /**
     * The name as Spark's parser takes it, each part in backquotes. A column of that very name wins
     * over one that differs in case, and over field b of struct a for {@code a.b}.
     *
     * @throws InvalidInputException if there is no such column; the message lists those that there
     *     are
     */
    public static String quoted(StructType schema, String name, String table) {
        String found = resolve(schema, name);
        if (found == null) {
            throw new InvalidInputException(
                    table
                            + ": no column '"
                            + name
                            + "'; it has "
                            + String.join(", ", leaves(schema, "")));
        }
        return found;
    }

    private static String resolve(StructType schema, String name) {
        StructField field = field(schema, name);
        if (field != null) {
            return quote(field.name());
        }
        for (int dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
            StructField outer = field(schema, name.substring(0, dot));
            if (outer != null && outer.dataType() instanceof StructType inner) {
                String rest = resolve(inner, name.substring(dot + 1));
                if (rest != null) {
                    return quote(outer.name()) + "." + rest;
                }
            }
        }
        return null;
    }

    private static StructField field(StructType schema, String name) {
        StructField similar = null;
        for (StructField field : schema.fields()) {
            if (field.name().equals(name)) {
                return field;
            }
            if (field.name().equalsIgnoreCase(name)) {
                similar = field;
            }
        }
        return similar;
    }

    private static List<String> leaves(StructType schema, String prefix) {
        List<String> names = new ArrayList<>();
        for (StructField field : schema.fields()) {
            DataType type = field.dataType();
            if (type instanceof StructType inner) {
                names.addAll(leaves(inner, prefix + field.name() + "."));
            } else {
                names.add(prefix + field.name() + " (" + type.simpleString() + ")");
            }
        }
        return names;
    }

    /** A name as Spark's parser takes it. */
    public static String quote(String name) {
        return "`" + name.replace("`", "``") + "`";
    }
}
