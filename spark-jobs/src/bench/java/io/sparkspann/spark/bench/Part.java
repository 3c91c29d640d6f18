package io.sparkspann.spark.bench;

import io.sparkspann.error.InvalidInputException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What runs in a process of its own. */
enum Part {
    OURS_TABLES,
    OURS_BUILD,
    OURS_SEARCH,
    OURS_JOIN,
    HNSWLIB_CORE,
    JVECTOR,
    LUCENE,
    HNSWLIB,
    NEAREST_BY;

    private static final String OURS = "ours";

    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    boolean isOurs() {
        return this == OURS_TABLES
                || this == OURS_BUILD
                || this == OURS_SEARCH
                || this == OURS_JOIN;
    }

    /** Whether it is a Java library that has no Spark around it. */
    boolean isJavaPeer() {
        return this == HNSWLIB_CORE || this == JVECTOR || this == LUCENE;
    }

    /**
     * @param labels such as {@code ours} (all of its parts) or {@code lucene}
     */
    static List<Part> of(List<String> labels) {
        List<Part> parts = new ArrayList<>();
        for (String label : labels) {
            List<Part> named =
                    Arrays.stream(values())
                            .filter(
                                    part ->
                                            part.label().equals(label)
                                                    || label.equals(OURS) && part.isOurs())
                            .toList();
            if (named.isEmpty()) {
                throw new InvalidInputException(
                        "no part '"
                                + label
                                + "'; use ours or some of "
                                + Arrays.stream(values()).map(Part::label).toList());
            }
            parts.addAll(named);
        }
        return parts;
    }
}
