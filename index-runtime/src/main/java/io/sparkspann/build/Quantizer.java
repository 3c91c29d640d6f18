package io.sparkspann.build;

import io.sparkspann.error.InvalidInputException;

/** How vectors are made smaller when they are stored. */
public enum Quantizer {
    /** They are not. */
    NONE("none"),
    /** One byte for each component, by one step for the whole table. */
    SQ8("sq8");

    private final String label;

    Quantizer(String label) {
        this.label = label;
    }

    /** Name in commands and manifests. */
    public String label() {
        return label;
    }

    /**
     * @throws InvalidInputException if no quantizer has this label
     */
    public static Quantizer ofLabel(String label) {
        for (Quantizer quantizer : values()) {
            if (quantizer.label.equals(label)) {
                return quantizer;
            }
        }
        throw new InvalidInputException("Unknown quantizer '" + label + "'; use none or sq8");
    }
}
