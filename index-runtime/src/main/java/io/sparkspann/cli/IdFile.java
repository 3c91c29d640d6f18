package io.sparkspann.cli;

import io.sparkspann.error.InvalidInputException;
import io.sparkspann.search.IdCondition;
import io.sparkspann.vector.ByteSource;
import io.sparkspann.vector.IdType;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.roaringbitmap.RoaringBitmap;
import org.roaringbitmap.longlong.Roaring64NavigableMap;

/**
 * A file of ids: text in UTF-8 with one id a line, or a Roaring bitmap in its portable format, of
 * 32-bit numbers if the name ends with {@code .roaring}, of 64-bit ones if with {@code .roaring64}.
 * Memory: that of the file, and of its ids.
 */
public final class IdFile {
    /** What an option for a file of ids that may be found says. */
    public static final String ALLOW =
            "Find only vectors with these ids: text with one id a line, or a Roaring bitmap"
                    + " (.roaring, .roaring64).";

    /** What an option for a file of ids that may not be found says. */
    public static final String DENY = "Find no vectors with these ids, from such a file.";

    private static final String ROARING = ".roaring";
    private static final String ROARING64 = ".roaring64";
    private static final int MOST_BYTES = Integer.MAX_VALUE - 8;

    private final String name;
    private final byte[] bytes;

    private IdFile(String name, byte[] bytes) {
        this.name = name;
        this.bytes = bytes;
    }

    /** Reads a file, and closes it. */
    public static IdFile read(ByteSource file) {
        try (file) {
            if (file.length() > MOST_BYTES) {
                throw new InvalidInputException(
                        file.name()
                                + ": has "
                                + file.length()
                                + " bytes; use at most "
                                + MOST_BYTES);
            }
            byte[] bytes = new byte[(int) file.length()];
            file.readFully(0, bytes, 0, bytes.length);
            return new IdFile(file.name(), bytes);
        }
    }

    /**
     * What a file says.
     *
     * @param count how many different ids it has
     */
    public record Content(IdCondition condition, long count) {}

    /**
     * The ids, as those that may be found or those that may not.
     *
     * @param type of the ids of the index
     * @throws InvalidInputException if the file is not as it should be
     */
    public Content content(IdType type, boolean allows) {
        if (type == IdType.STRING) {
            if (isBitmap()) {
                throw new InvalidInputException(
                        name
                                + ": is a bitmap, but the ids of the index are text; give a file"
                                + " with one id a line");
            }
            Set<String> texts = texts();
            return new Content(
                    allows ? IdCondition.allowIds(texts) : IdCondition.denyIds(texts),
                    texts.size());
        }
        if (!isBitmap()) {
            long[] numbers = numbers();
            return new Content(
                    allows ? IdCondition.allowIds(numbers) : IdCondition.denyIds(numbers),
                    numbers.length);
        }
        if (isLongBitmap()) {
            Roaring64NavigableMap bitmap = longBitmap();
            return new Content(
                    allows ? IdCondition.allow(bitmap) : IdCondition.deny(bitmap),
                    bitmap.getLongCardinality());
        }
        RoaringBitmap bitmap = bitmap();
        return new Content(
                allows ? IdCondition.allow(bitmap) : IdCondition.deny(bitmap),
                bitmap.getLongCardinality());
    }

    private boolean isBitmap() {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(ROARING) || lower.endsWith(ROARING64);
    }

    private boolean isLongBitmap() {
        return name.toLowerCase(Locale.ROOT).endsWith(ROARING64);
    }

    /** Fills a bitmap from a stream. */
    private interface Loader {
        boolean load(DataInputStream in) throws IOException;
    }

    private RoaringBitmap bitmap() {
        RoaringBitmap bitmap = new RoaringBitmap();
        load(
                in -> {
                    bitmap.deserialize(in);
                    return bitmap.validate();
                });
        return bitmap;
    }

    private Roaring64NavigableMap longBitmap() {
        Roaring64NavigableMap bitmap = new Roaring64NavigableMap();
        load(
                in -> {
                    bitmap.deserializePortable(in);
                    return bitmap.validate();
                });
        return bitmap;
    }

    private void load(Loader loader) {
        ByteArrayInputStream in = new ByteArrayInputStream(bytes);
        boolean isValid;
        try {
            isValid = loader.load(new DataInputStream(in)) && in.available() == 0;
        } catch (IOException | RuntimeException e) {
            throw new InvalidInputException(notABitmap(e.toString()), e);
        }
        if (!isValid) {
            throw new InvalidInputException(notABitmap("its content is damaged"));
        }
    }

    private String notABitmap(String problem) {
        return name
                + ": is no Roaring bitmap in the portable format of "
                + (isLongBitmap() ? "64" : "32")
                + "-bit numbers: "
                + problem;
    }

    /** Takes a line: bytes {@code [from, to)}. */
    private interface LineVisitor {
        void line(int from, int to, int number);
    }

    /** The numbers, ascending, each once. */
    private long[] numbers() {
        Numbers numbers = new Numbers();
        eachLine((from, to, line) -> numbers.add(number(from, to, line)));
        return numbers.distinct();
    }

    private static final class Numbers {
        private long[] all = new long[1024];
        private int count;

        void add(long number) {
            if (count == all.length) {
                all = Arrays.copyOf(all, 2 * count);
            }
            all[count++] = number;
        }

        long[] distinct() {
            Arrays.sort(all, 0, count);
            int kept = 0;
            for (int i = 0; i < count; i++) {
                if (kept == 0 || all[kept - 1] != all[i]) {
                    all[kept++] = all[i];
                }
            }
            return Arrays.copyOf(all, kept);
        }
    }

    private long number(int from, int to, int line) {
        String text = text(from, to, line).strip();
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new InvalidInputException(
                    name
                            + ": line "
                            + line
                            + " is '"
                            + text
                            + "', but the ids of the index are whole numbers; give one id a line",
                    e);
        }
    }

    /** The texts, each once. */
    private Set<String> texts() {
        Set<String> texts = new HashSet<>();
        eachLine((from, to, line) -> texts.add(text(from, to, line)));
        return texts;
    }

    private String text(int from, int to, int line) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, from, to - from))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new InvalidInputException(
                    name + ": line " + line + " is not in UTF-8; give one id a line", e);
        }
    }

    private void eachLine(LineVisitor visitor) {
        int line = 0;
        int from = 0;
        while (from < bytes.length) {
            line++;
            int end = from;
            while (end < bytes.length && bytes[end] != '\n') {
                end++;
            }
            int to = end > from && bytes[end - 1] == '\r' ? end - 1 : end;
            if (to == from) {
                throw new InvalidInputException(
                        name + ": line " + line + " is empty; give one id a line");
            }
            visitor.line(from, to, line);
            from = end + 1;
        }
    }
}
