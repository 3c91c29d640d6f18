package io.sparkspann.vector.file;

/** Checks the arguments of {@link VectorFile#read}, before anything is allocated. */
final class RowRange {
    private static final int MAX_ARRAY = Integer.MAX_VALUE - 8;

    private RowRange() {}

    static void check(VectorFile file, String name, long firstRow, int rows) {
        if (firstRow < 0 || rows < 0 || firstRow > file.size() - rows) {
            throw new IllegalArgumentException(
                    String.format(
                            "%s: rows %d to %d are not all within its %d rows",
                            name, firstRow, firstRow + rows - 1L, file.size()));
        }
        if ((long) rows * file.dimensions() > MAX_ARRAY) {
            throw new IllegalArgumentException(
                    String.format(
                            "%s: %d rows of dimension %d do not fit one block; read at most %d",
                            name, rows, file.dimensions(), MAX_ARRAY / file.dimensions()));
        }
    }
}
