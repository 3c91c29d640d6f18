package io.sparkspann.error;

/**
 * Another writer published first. Nothing of the index changed; run the job again on the new
 * snapshot.
 */
public final class CommitConflictException extends SpannException {
    private static final long serialVersionUID = 1L;

    public CommitConflictException(String message) {
        super(message);
    }
}
