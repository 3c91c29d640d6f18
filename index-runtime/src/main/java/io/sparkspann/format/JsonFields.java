package io.sparkspann.format;

import com.fasterxml.jackson.databind.JsonNode;
import io.sparkspann.error.CorruptIndexException;
import io.sparkspann.error.InvalidInputException;
import io.sparkspann.error.UnsupportedFormatException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * One object of a manifest, whose fields are read with a check each; errors name the path of the
 * field.
 *
 * @param file name of the manifest
 * @param path path of the object, such as {@code shards[3].}, empty for the root
 */
record JsonFields(String file, String path, JsonNode node) {
    boolean has(String field) {
        return node.has(field);
    }

    long integer(String field, long min, long max) {
        JsonNode value = present(field);
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw corrupt(field, "it is " + shown(value) + ", expected an integer");
        }
        if (value.longValue() < min || value.longValue() > max) {
            throw corrupt(field, "it is " + value.longValue() + ", expected " + min + " to " + max);
        }
        return value.longValue();
    }

    double number(String field) {
        JsonNode value = present(field);
        if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
            throw corrupt(field, "it is " + shown(value) + ", expected a finite number");
        }
        return value.doubleValue();
    }

    /** A number, or infinity by its name. */
    double numberOrInfinity(String field) {
        JsonNode value = present(field);
        if (value.isTextual() && value.textValue().equals(ManifestJson.INFINITY)) {
            return Double.POSITIVE_INFINITY;
        }
        return number(field);
    }

    String text(String field) {
        JsonNode value = present(field);
        if (!value.isTextual()) {
            throw corrupt(field, "it is " + shown(value) + ", expected a string");
        }
        return value.textValue();
    }

    /**
     * A string that {@code parser} understands, or refuses with an {@link InvalidInputException}.
     */
    <T> T parsed(String field, Function<String, T> parser) {
        String text = text(field);
        return checked(field, () -> parser.apply(text));
    }

    /**
     * A name that {@code parser} knows; as checksums have been checked, others are of a newer
     * version.
     */
    <T> T known(String field, String name, Function<String, T> parser) {
        try {
            return parser.apply(name);
        } catch (InvalidInputException e) {
            throw new UnsupportedFormatException(
                    oneLine(file + ": " + path + field + ": " + e.getMessage())
                            + ", or a newer spark-spann");
        }
    }

    <T> T known(String field, Function<String, T> parser) {
        return known(field, text(field), parser);
    }

    JsonFields object(String field) {
        JsonNode value = present(field);
        if (!value.isObject()) {
            throw corrupt(field, "it is " + shown(value) + ", expected an object");
        }
        return new JsonFields(file, path + field + ".", value);
    }

    List<JsonFields> objects(String field, int max) {
        JsonNode value = present(field);
        if (!value.isArray()) {
            throw corrupt(field, "it is " + shown(value) + ", expected an array");
        }
        if (value.size() > max) {
            throw corrupt(field, "it has " + value.size() + " elements, more than " + max);
        }
        List<JsonFields> objects = new ArrayList<>(value.size());
        for (int i = 0; i < value.size(); i++) {
            if (!value.get(i).isObject()) {
                throw corrupt(
                        field,
                        "element " + i + " is " + shown(value.get(i)) + ", expected an object");
            }
            objects.add(new JsonFields(file, path + field + "[" + i + "].", value.get(i)));
        }
        return objects;
    }

    List<String> names() {
        List<String> names = new ArrayList<>(node.size());
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }

    Map<String, String> texts() {
        Map<String, String> texts = new LinkedHashMap<>();
        names().forEach(name -> texts.put(name, text(name)));
        return texts;
    }

    /**
     * What {@code value} gives, with the errors of values that do not fit together as damage of
     * {@code field}.
     */
    <T> T checked(String field, Supplier<T> value) {
        try {
            return value.get();
        } catch (InvalidInputException e) {
            throw corrupt(field, e.getMessage());
        }
    }

    CorruptIndexException corrupt(String field, String problem) {
        return new CorruptIndexException(file, oneLine(path + field), 0, oneLine(problem));
    }

    private JsonNode present(String field) {
        JsonNode value = node.get(field);
        if (value == null) {
            throw corrupt(field, "the field is missing");
        }
        return value;
    }

    /** Names and values may hold any character, messages are one line. */
    private static String oneLine(String text) {
        String start = text.length() > 300 ? text.substring(0, 300) + "..." : text;
        return start.replaceAll("[\\p{Cntrl}\u2028\u2029\u0085]", "?");
    }

    private static String shown(JsonNode value) {
        String text = value.toString();
        return text.length() > 60 ? text.substring(0, 60) + "..." : text;
    }
}
