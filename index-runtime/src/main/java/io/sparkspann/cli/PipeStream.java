package io.sparkspann.cli;

import io.sparkspann.error.StorageException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;

/**
 * Standard output. A reader that has gone away ends the command; any other failure is an error, for
 * writers would swallow it. After a failure nothing more is written, for what buffers still hold is
 * of no use.
 */
final class PipeStream extends OutputStream {
    private final OutputStream target;
    private boolean failed;

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
        if (failed) {
            return;
        }
        try {
            target.write(bytes, offset, length);
        } catch (IOException e) {
            failed = true;
            throw failure(e);
        }
    }

    @Override
    public void flush() {
        if (failed) {
            return;
        }
        try {
            target.flush();
        } catch (IOException e) {
            failed = true;
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
