package io.sparkspann.error;

/**
 * An index was written by a version of the format that this reader does not know. Use a newer
 * spark-spann.
 */
public final class UnsupportedFormatException extends SpannException {
    private static final long serialVersionUID = 1L;

    public UnsupportedFormatException(String message) {
        super(message);
    }
}
