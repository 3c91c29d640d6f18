package io.sparkspann.error;

/**
 * The caller's data or arguments cannot be used: a wrong dimension, a NaN, a missing column. Fix
 * the input and call again.
 */
public final class InvalidInputException extends SpannException {
    private static final long serialVersionUID = 1L;

    public InvalidInputException(String message) {
        super(message);
    }

    public InvalidInputException(String message, Throwable cause) {
        super(message, cause);
    }
}
