package io.sparkspann.vector;

import io.sparkspann.error.InvalidInputException;

/** Type of the external ids of a table. Results carry ids of the type that the source has. */
public enum IdType {
    INT(1, "int"),
    LONG(2, "long"),
    STRING(3, "string");

    private final int code;
    private final String label;

    IdType(int code, String label) {
        this.code = code;
        this.label = label;
    }

    /** Stable number of the type in index files; never reused. */
    public int code() {
        return code;
    }

    public String label() {
        return label;
    }

    /**
     * @throws InvalidInputException if no type has this label
     */
    public static IdType ofLabel(String label) {
        for (IdType type : values()) {
            if (type.label.equals(label)) {
                return type;
            }
        }
        throw new InvalidInputException("Unknown id type '" + label + "'; use int, long or string");
    }
}
