package io.sparkspann.vector.file;

import static io.sparkspann.vector.file.VectorFiles.MAX_DIMENSIONS;

import io.sparkspann.error.InvalidInputException;
import io.sparkspann.vector.ByteSource;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** NumPy's npy format, versions 1 to 3: two-dimensional arrays in C order. */
final class NpyLayout {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int MAX_HEADER_BYTES = 1 << 16;
    private static final Pattern TYPE = Pattern.compile("'descr'\\s*:\\s*'([^']*)'");
    private static final Pattern FORTRAN = Pattern.compile("'fortran_order'\\s*:\\s*(True|False)");
    private static final Pattern SHAPE = Pattern.compile("'shape'\\s*:\\s*\\(([^()]*)\\)");
    private static final Pattern TWO =
            Pattern.compile("\\s*(\\d{1,18})L?\\s*,\\s*(\\d{1,18})L?\\s*,?\\s*");

    private NpyLayout() {}

    static RowSource open(ByteSource source) {
        int versionEnd = MAGIC.length + 2;
        byte[] head = new byte[(int) Math.min(source.length(), versionEnd + Integer.BYTES)];
        source.readFully(0, head, 0, head.length);
        if (head.length < versionEnd
                || !Arrays.equals(head, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw bad(source, "it does not start with \\x93NUMPY; it is of another format");
        }
        int major = head[MAGIC.length];
        if (major < 1 || major > 3) {
            throw bad(source, "npy version " + major + " is unknown; save it as version 1, 2 or 3");
        }
        int lengthBytes = major == 1 ? Short.BYTES : Integer.BYTES;
        int textStart = versionEnd + lengthBytes;
        if (head.length < textStart) {
            throw bad(source, "it ends within its header; it is truncated");
        }
        ByteBuffer fields = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
        long textBytes =
                major == 1
                        ? Short.toUnsignedLong(fields.getShort(versionEnd))
                        : Integer.toUnsignedLong(fields.getInt(versionEnd));
        if (textBytes > MAX_HEADER_BYTES || textStart + textBytes > source.length()) {
            throw bad(
                    source,
                    String.format(
                            "its header says it is %d bytes long, more than the file's %d bytes"
                                    + " or the limit of %d; it is truncated or damaged",
                            textBytes, source.length(), MAX_HEADER_BYTES));
        }
        byte[] text = new byte[(int) textBytes];
        source.readFully(textStart, text, 0, text.length);
        String header = new String(text, StandardCharsets.UTF_8);
        return new StridedRows(source, layout(source, header, textStart + textBytes));
    }

    private static StridedRows.Layout layout(ByteSource source, String header, long start) {
        Encoding encoding = encoding(source, field(source, TYPE, header, "a simple 'descr'"));
        if (field(source, FORTRAN, header, "'fortran_order'").equals("True")) {
            throw bad(source, "it is in Fortran order; save numpy.ascontiguousarray(array)");
        }
        String shape = field(source, SHAPE, header, "'shape'");
        Matcher two = TWO.matcher(shape);
        if (!two.matches()) {
            throw bad(source, "its shape (" + shape + ") is not (rows, dimensions)");
        }
        long rows = Long.parseLong(two.group(1));
        long dimensions = Long.parseLong(two.group(2));
        if (rows < 1 || dimensions < 1 || dimensions > MAX_DIMENSIONS) {
            throw bad(
                    source,
                    String.format(
                            "its shape is (%s), allowed are at least 1 row and dimension 1 to %d",
                            shape, MAX_DIMENSIONS));
        }
        long rowBytes = dimensions * encoding.bytes();
        if ((source.length() - start) % rowBytes != 0
                || (source.length() - start) / rowBytes != rows) {
            throw bad(
                    source,
                    String.format(
                            "expected %d header bytes and %d rows of %d bytes (shape (%s), %s),"
                                    + " the file has %d bytes;"
                                    + " it is truncated or has trailing bytes",
                            start, rows, rowBytes, shape, encoding.label(), source.length()));
        }
        return new StridedRows.Layout(
                start, false, (int) dimensions, rows, encoding, ByteOrder.LITTLE_ENDIAN);
    }

    private static Encoding encoding(ByteSource source, String type) {
        return switch (type) {
            case "<f4" -> Encoding.FLOAT32;
            case "<f2" -> Encoding.FLOAT16;
            case "<f8" -> Encoding.FLOAT64;
            case "|u1" -> Encoding.UINT8;
            case "|i1" -> Encoding.INT8;
            default ->
                    throw bad(
                            source,
                            "its type '"
                                    + Excerpt.of(type)
                                    + "' is none of <f4, <f2, <f8, |u1, |i1; save"
                                    + " array.astype('<f4')");
        };
    }

    private static String field(ByteSource source, Pattern pattern, String header, String what) {
        Matcher matcher = pattern.matcher(header);
        if (!matcher.find()) {
            throw bad(source, "its header has no " + what + ": " + Excerpt.of(header));
        }
        return matcher.group(1);
    }

    private static InvalidInputException bad(ByteSource source, String problem) {
        return new InvalidInputException(source.name() + ": not a usable npy file: " + problem);
    }
}
