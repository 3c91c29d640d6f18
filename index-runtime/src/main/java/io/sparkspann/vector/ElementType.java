package io.sparkspann.vector;

import io.sparkspann.error.InvalidInputException;

/** Type of one vector component, as it is stored on disk and held in memory. */
public enum ElementType {
    FLOAT32(1, "float32", Float.BYTES),
    UINT8(2, "uint8", Byte.BYTES),
    INT8(3, "int8", Byte.BYTES),
    /** IEEE 754 binary16, see {@link Half}. */
    FLOAT16(4, "float16", Short.BYTES),
    /**
     * 32 bits in each component: bit {@code i} of a vector is bit {@code i % 32}, from the lowest
     * on, of component {@code i / 32}. In memory components are floats with these raw bits, which
     * are never computed with; in bytes, bit {@code i} is bit {@code i % 8} of byte {@code i / 8}.
     */
    BITS(5, "bits", Float.BYTES);

    /** All labels, for messages and descriptions of options. */
    public static final String LABELS = "float32, float16, uint8, int8 or bits";

    private final int code;
    private final String label;
    private final int bytes;

    ElementType(int code, String label, int bytes) {
        this.code = code;
        this.label = label;
        this.bytes = bytes;
    }

    /** Stable number of the type in index files; never reused. */
    public int code() {
        return code;
    }

    /** Name in commands and manifests, such as {@code float32}. */
    public String label() {
        return label;
    }

    /** Size of one component in bytes. */
    public int bytes() {
        return bytes;
    }

    /** Whether components are integers of one byte. */
    public boolean isByte() {
        return this == UINT8 || this == INT8;
    }

    /** The value of a stored byte: 0..255 for {@link #UINT8}, -128..127 for {@link #INT8}. */
    public int widen(byte stored) {
        return this == UINT8 ? stored & 0xFF : stored;
    }

    /**
     * @throws InvalidInputException if no type has this label
     */
    public static ElementType ofLabel(String label) {
        for (ElementType type : values()) {
            if (type.label.equals(label)) {
                return type;
            }
        }
        throw new InvalidInputException("Unknown element type '" + label + "'; use " + LABELS);
    }
}
