package io.sparkspann.vector;

import io.sparkspann.error.InvalidInputException;
import java.util.Arrays;

/** Collects ids of one type. Grows; not thread-safe. */
public final class IdBlockBuilder {
    private final IdType type;
    private long[] numbers = new long[0];
    private byte[] utf8 = new byte[0];
    private int[] offsets = {0};
    private int size;

    public IdBlockBuilder(IdType type) {
        this.type = type;
    }

    /** Whether it collects strings, else numbers. */
    public boolean isOfStrings() {
        return type == IdType.STRING;
    }

    public int size() {
        return size;
    }

    /** Adds id {@code i} of another block of the same type. */
    public void add(IdBlock ids, int i) {
        if (type == IdType.STRING) {
            add(ids.utf8(), ids.offsets()[i], ids.offsets()[i + 1] - ids.offsets()[i]);
        } else {
            add(ids.number(i));
        }
    }

    public void add(long number) {
        if (numbers.length == size) {
            numbers = Arrays.copyOf(numbers, Math.max(64, 2 * size));
        }
        numbers[size++] = number;
    }

    /** Adds a string, given as UTF-8. */
    public void add(byte[] bytes, int offset, int length) {
        long end = (long) offsets[size] + length;
        if (end > Integer.MAX_VALUE - 8) {
            throw new InvalidInputException(
                    "The ids of one shard take more than 2 GiB; use shorter ids or more shards");
        }
        if (utf8.length < end) {
            utf8 =
                    Arrays.copyOf(
                            utf8,
                            (int) Math.max(end, Math.min(2L * utf8.length, Integer.MAX_VALUE - 8)));
        }
        System.arraycopy(bytes, offset, utf8, offsets[size], length);
        size++;
        if (offsets.length == size) {
            offsets = Arrays.copyOf(offsets, 2 * size);
        }
        offsets[size] = (int) end;
    }

    /** The ids added so far. */
    public IdBlock build() {
        return type == IdType.STRING
                ? IdBlock.ofStrings(
                        Arrays.copyOf(utf8, offsets[size]), Arrays.copyOf(offsets, size + 1))
                : IdBlock.ofNumbers(type, Arrays.copyOf(numbers, size));
    }
}
