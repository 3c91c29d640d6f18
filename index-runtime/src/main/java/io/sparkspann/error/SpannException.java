package io.sparkspann.error;

/**
 * Root of all errors that spark-spann raises on purpose.
 *
 * <p>The message is one line for a person: what is wrong, where (file, row, offset, value), and
 * what to do. Commands print it as it is; a stack trace is printed only on request.
 */
public abstract class SpannException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    protected SpannException(String message) {
        super(message);
    }

    protected SpannException(String message, Throwable cause) {
        super(message, cause);
    }
}
