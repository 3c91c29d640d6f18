package io.sparkspann.vector;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Many external ids in primitive arrays: numbers as {@code long}, strings as their UTF-8 bytes one
 * after another.
 *
 * <p>Order: numbers ascending; strings by their UTF-8 bytes, unsigned, which is the order of their
 * code points. The arrays are shared with the caller. Thread-safe as long as nobody changes them.
 */
public final class IdBlock {
    private final IdType type;
    private final int size;
    private final long[] numbers;
    private final byte[] utf8;
    private final int[] offsets;

    private IdBlock(IdType type, int size, long[] numbers, byte[] utf8, int[] offsets) {
        this.type = type;
        this.size = size;
        this.numbers = numbers;
        this.utf8 = utf8;
        this.offsets = offsets;
    }

    /**
     * @param type {@link IdType#INT} or {@link IdType#LONG}
     */
    public static IdBlock ofNumbers(IdType type, long[] numbers) {
        if (type == IdType.STRING) {
            throw new IllegalArgumentException("string ids are not numbers");
        }
        return new IdBlock(type, numbers.length, numbers, null, null);
    }

    /**
     * @param utf8 the strings' UTF-8 bytes, one after another
     * @param offsets {@code n + 1} ascending positions in {@code utf8}; string {@code i} is {@code
     *     [offsets[i], offsets[i+1])}
     */
    public static IdBlock ofStrings(byte[] utf8, int[] offsets) {
        return new IdBlock(IdType.STRING, offsets.length - 1, null, utf8, offsets);
    }

    /** All ids of some blocks of one type, one block after another; the block itself if alone. */
    public static IdBlock concat(List<IdBlock> blocks) {
        if (blocks.size() == 1) {
            return blocks.get(0);
        }
        IdType type = blocks.get(0).type;
        int size = blocks.stream().mapToInt(IdBlock::size).reduce(0, Math::addExact);
        if (type != IdType.STRING) {
            long[] numbers = new long[size];
            int at = 0;
            for (IdBlock block : blocks) {
                System.arraycopy(block.numbers, 0, numbers, at, block.size);
                at += block.size;
            }
            return ofNumbers(type, numbers);
        }
        int[] offsets = new int[size + 1];
        int at = 0;
        for (IdBlock block : blocks) {
            int start = offsets[at];
            for (int i = 0; i < block.size; i++) {
                offsets[++at] = Math.addExact(start, block.offsets[i + 1]);
            }
        }
        byte[] utf8 = new byte[offsets[size]];
        at = 0;
        for (IdBlock block : blocks) {
            System.arraycopy(block.utf8, 0, utf8, offsets[at], block.offsets[block.size]);
            at += block.size;
        }
        return ofStrings(utf8, offsets);
    }

    public IdType type() {
        return type;
    }

    public int size() {
        return size;
    }

    /** The shared numbers of a block of int or long ids. */
    public long[] numbers() {
        return numbers;
    }

    /** The shared bytes of a block of string ids. */
    public byte[] utf8() {
        return utf8;
    }

    /** The shared {@code size + 1} offsets of a block of string ids. */
    public int[] offsets() {
        return offsets;
    }

    public long number(int i) {
        return numbers[i];
    }

    /** Id {@code i} as text, for messages and for string ids. */
    public String text(int i) {
        return numbers != null
                ? Long.toString(numbers[i])
                : new String(utf8, offsets[i], offsets[i + 1] - offsets[i], StandardCharsets.UTF_8);
    }

    /** Compares id {@code i} of this block to id {@code j} of another block of the same type. */
    public int compare(int i, IdBlock other, int j) {
        if (numbers != null) {
            return Long.compare(numbers[i], other.numbers[j]);
        }
        return Arrays.compareUnsigned(
                utf8,
                offsets[i],
                offsets[i + 1],
                other.utf8,
                other.offsets[j],
                other.offsets[j + 1]);
    }

    /** A new block with the given ids of this one, in the given order. */
    public IdBlock gather(int[] rows) {
        if (numbers != null) {
            long[] result = new long[rows.length];
            for (int i = 0; i < rows.length; i++) {
                result[i] = numbers[rows[i]];
            }
            return ofNumbers(type, result);
        }
        int[] newOffsets = new int[rows.length + 1];
        for (int i = 0; i < rows.length; i++) {
            newOffsets[i + 1] =
                    Math.addExact(newOffsets[i], offsets[rows[i] + 1] - offsets[rows[i]]);
        }
        byte[] result = new byte[newOffsets[rows.length]];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(
                    utf8,
                    offsets[rows[i]],
                    result,
                    newOffsets[i],
                    newOffsets[i + 1] - newOffsets[i]);
        }
        return ofStrings(result, newOffsets);
    }
}
