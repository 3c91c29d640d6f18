package io.sparkspann.spark.source;

import io.sparkspann.error.InvalidInputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** The options of a read or a write, by name, whatever its case. */
final class SourceOptions {
    /** Names that Spark adds. */
    private static final List<String> OF_SPARK = List.of("path", "serialization.format");

    private final Map<String, String> values = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

    /**
     * @param known names of options that there are
     * @throws InvalidInputException if there are others, for a misspelt one must not be ignored
     */
    SourceOptions(Map<String, String> values, List<String> known) {
        this.values.putAll(values);
        List<String> names = new ArrayList<>(known);
        names.addAll(OF_SPARK);
        for (String name : values.keySet()) {
            if (names.stream().noneMatch(name::equalsIgnoreCase)) {
                throw new InvalidInputException(
                        "spann: there is no option '"
                                + name
                                + "'; there are "
                                + String.join(", ", known));
            }
        }
    }

    /** The index directory. */
    String path() {
        if (!has("path")) {
            throw new InvalidInputException(
                    "spann: no path is given; say load(path), save(path) or LOCATION 'path'");
        }
        return values.get("path");
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    String text(String name, String usual) {
        return values.getOrDefault(name, usual);
    }

    int integer(String name, int usual) {
        return parsed(name, usual, "a whole number", Integer::valueOf);
    }

    long longInteger(String name, long usual) {
        return parsed(name, usual, "a whole number", Long::valueOf);
    }

    double number(String name, double usual) {
        return parsed(name, usual, "a number", Double::valueOf);
    }

    boolean flag(String name) {
        return parsed(
                name,
                false,
                "true or false",
                text ->
                        switch (text.toLowerCase(Locale.ROOT)) {
                            case "true" -> true;
                            case "false" -> false;
                            default -> throw new IllegalArgumentException(text);
                        });
    }

    private <T> T parsed(String name, T usual, String what, Function<String, T> parse) {
        if (!has(name)) {
            return usual;
        }
        String text = values.get(name).strip();
        try {
            return parse.apply(text);
        } catch (IllegalArgumentException e) {
            throw new InvalidInputException(
                    "spann: option " + name + " is '" + text + "'; it must be " + what, e);
        }
    }
}
