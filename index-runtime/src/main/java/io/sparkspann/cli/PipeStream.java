package io.sparkspann.cli;

import io.sparkspann.error.StorageException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;

/**
 * Standard output. A reader that has gone away ends the command; any other failure is an error, for
 * writers would swallow it.
 */
final class PipeStream extends OutputStream {
    private final OutputStream target;

    PipeStream(OutputStream target) {
        this.target = target;
    }

    /** Nobody reads the output any more. */
    static final class ClosedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        ClosedException(IOException cause) {
            super(cause);
        }
    }

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        try {
            target.write(bytes, offset, length);
        } catch (IOException e) {
            throw failure(e);
        }
    }

    @Override
    public void flush() {
        try {
            target.flush();
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private static RuntimeException failure(IOException e) {
        String message = String.valueOf(e.getMessage());
        return message.toLowerCase(Locale.ROOT).contains("pipe")
                ? new ClosedException(e)
                : new StorageException("standard output cannot be written: " + message, e);
    }
}
