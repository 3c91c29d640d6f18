package io.sparkspann.vector.file;

import static io.sparkspann.vector.file.VectorFiles.MAX_DIMENSIONS;

import io.sparkspann.error.InvalidInputException;
import io.sparkspann.vector.ByteSource;
import java.util.Arrays;

/**
 * What the first line of a text file of vectors tells about all of them.
 *
 * <p>The separator is a tab if the first line has one, else a comma if it has one, else one or more spaces. Spaces around
 * the other separators do not count.
 *
 * @param start byte offset of the first line: 3 after a UTF-8 byte order mark, else 0
 * @param separator tab, comma or space
 * @param dimensions cells of each line
 */
public record TsvLayout(long start, char separator, int dimensions) {
    private static final byte[] BOM = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    /** @throws InvalidInputException if the file is empty, or its first line is blank or absurdly long */
    public static TsvLayout of(ByteSource source) {
        VectorFiles.requireContent(source);
        long start = startsWithBom(source) ? BOM.length : 0;
        TsvLines lines = new TsvLines(source, start);
        if (!lines.next() || lines.isBlank()) {
            throw new InvalidInputException(
                    source.name() + ": line 1 is blank; it must be the first vector");
        }
        char separator = separator(lines);
        int cells = new TsvCells(separator).count(lines.buffer(), lines.start(), lines.end());
        if (cells > MAX_DIMENSIONS) {
            throw new InvalidInputException(
                    String.format(
                            "%s: line 1 has %d columns, allowed are 1 to %d",
                            source.name(), cells, MAX_DIMENSIONS));
        }
        return new TsvLayout(start, separator, cells);
    }

    private static boolean startsWithBom(ByteSource source) {
        if (source.length() < BOM.length) {
            return false;
        }
        byte[] head = new byte[BOM.length];
        source.readFully(0, head, 0, head.length);
        return Arrays.equals(head, BOM);
    }

    private static char separator(TsvLines line) {
        boolean comma = false;
        for (int i = line.start(); i < line.end(); i++) {
            if (line.buffer()[i] == '\t') {
                return '\t';
            }
            comma |= line.buffer()[i] == ',';
        }
        return comma ? ',' : ' ';
    }
}
