package io.sparkspann.vector.file;

import io.sparkspann.error.InvalidInputException;
import io.sparkspann.vector.ByteSource;
import java.util.Arrays;

/**
 * Lines of a byte source from some position on, one at a time. A line ends with LF, CR LF or the end of the source. Not
 * thread-safe.
 */
final class TsvLines {
    /** Longest line: the most columns, of 32 characters each. */
    private static final int MAX_LINE_BYTES = VectorFiles.MAX_DIMENSIONS * 32;

    private static final int INITIAL_BYTES = 1 << 18;

    private final ByteSource source;
    private byte[] buffer;
    private long bufferOffset;
    private int limit;
    private int next;
    private int start;
    private int end;

    TsvLines(ByteSource source, long position) {
        this.source = source;
        this.bufferOffset = position;
        long left = Math.max(0, source.length() - position);
        this.buffer = new byte[(int) Math.min(INITIAL_BYTES, left)];
    }

    /** Goes to the next line; false if there is none. */
    boolean next() {
        start = next;
        int scan = start;
        while (true) {
            while (scan < limit && buffer[scan] != '\n') {
                scan++;
            }
            if (scan < limit) {
                next = scan + 1;
                break;
            }
            int scanned = scan - start;
            if (!fill()) {
                next = limit;
                break;
            }
            scan = start + scanned;
        }
        end = scan > start && buffer[scan - 1] == '\r' ? scan - 1 : scan;
        return next > start;
    }

    /** Reads more bytes behind the current line; false at the end of the source. */
    private boolean fill() {
        long left = source.length() - bufferOffset - limit;
        if (left <= 0) {
            return false;
        }
        int kept = limit - start;
        if (kept > MAX_LINE_BYTES) {
            throw new InvalidInputException(
                    String.format(
                            "%s: the line at byte %d is longer than %d bytes;"
                                    + " the file is no text of one vector a line",
                            source.name(), offset(), MAX_LINE_BYTES));
        }
        if (kept * 2L > buffer.length) {
            buffer = Arrays.copyOfRange(buffer, start, start + buffer.length * 2);
        } else {
            System.arraycopy(buffer, start, buffer, 0, kept);
        }
        bufferOffset += start;
        start = 0;
        int count = (int) Math.min(buffer.length - kept, left);
        source.readFully(bufferOffset + kept, buffer, kept, count);
        limit = kept + count;
        return true;
    }

    /** The bytes of the current line are {@code [start, end)} of this, until the next line is asked for. */
    byte[] buffer() {
        return buffer;
    }

    int start() {
        return start;
    }

    /** End of the current line, before its line break. */
    int end() {
        return end;
    }

    /** Position of the current line in the source. */
    long offset() {
        return bufferOffset + start;
    }

    boolean isBlank() {
        for (int i = start; i < end; i++) {
            if (buffer[i] != ' ' && buffer[i] != '\t' && buffer[i] != '\r') {
                return false;
            }
        }
        return true;
    }
}
