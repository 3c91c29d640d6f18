package io.sparkspann.error;

/**
 * Storage refused an operation: no permission, no space, a lost connection. Nothing that was
 * committed is affected.
 */
public final class StorageException extends SpannException {
    private static final long serialVersionUID = 1L;

    public StorageException(String message, Throwable cause) {
        super(message, cause);
    }
}
