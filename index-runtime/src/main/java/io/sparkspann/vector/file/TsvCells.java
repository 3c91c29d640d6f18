package io.sparkspann.vector.file;

/** Cuts a line into cells. Holds a position; not thread-safe. */
final class TsvCells {
    private final char separator;
    private byte[] line;
    private int position;
    private int end;
    private int start;
    private int stop;
    private boolean more;

    TsvCells(char separator) {
        this.separator = separator;
    }

    /** Starts with the cells of {@code line[from, to)}. */
    void reset(byte[] line, int from, int to) {
        this.line = line;
        int first = from;
        int last = to;
        while (first < last && line[first] == ' ') {
            first++;
        }
        while (last > first && line[last - 1] == ' ') {
            last--;
        }
        this.position = first;
        this.end = last;
        this.more = true;
    }

    /** Goes to the next cell; false if there is none. A line of {@code n} separators has {@code n + 1} cells. */
    boolean next() {
        if (!more) {
            return false;
        }
        int scan = position;
        while (scan < end && line[scan] != separator) {
            scan++;
        }
        start = position;
        stop = scan;
        more = scan < end;
        position = scan + 1;
        if (separator == ' ') {
            while (position < end && line[position] == ' ') {
                position++;
            }
        } else {
            trim();
        }
        return true;
    }

    private void trim() {
        while (start < stop && line[start] == ' ') {
            start++;
        }
        while (stop > start && line[stop - 1] == ' ') {
            stop--;
        }
    }

    /** The current cell is {@code [start, stop)} of the line, without spaces around it. */
    int start() {
        return start;
    }

    int stop() {
        return stop;
    }

    int count(byte[] line, int from, int to) {
        reset(line, from, to);
        int cells = 0;
        while (next()) {
            cells++;
        }
        return cells;
    }
}
