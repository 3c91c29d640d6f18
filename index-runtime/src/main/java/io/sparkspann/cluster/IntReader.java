package io.sparkspann.cluster;

import io.sparkspann.error.CorruptIndexException;
import io.sparkspann.format.SectionType;
import io.sparkspann.format.SpnFile;
import io.sparkspann.format.SpnSection;
import java.util.Arrays;

/** Takes a section of u32 numbers apart and checks that they make sense. One thread. */
public final class IntReader {
    private final SpnFile file;
    private final SpnSection section;
    private final int[] values;
    private int at;

    /** Reads the whole section, checked. */
    public IntReader(SpnFile file, SectionType type) {
        this.file = file;
        this.section = file.section(type);
        this.values = file.readInts(section);
    }

    /** The next {@code count} numbers. */
    public int[] next(int count) {
        require(
                count >= 0 && count <= values.length - at,
                "it ends before number " + ((long) at + count));
        at += count;
        return Arrays.copyOfRange(values, at - count, at);
    }

    /** The next {@code count + 1} numbers, which must ascend from 0 to at most {@code max}. */
    public int[] starts(int count, int max) {
        require(count >= 0 && count < Integer.MAX_VALUE, "a count of " + count);
        int[] starts = next(count + 1);
        require(starts[0] == 0, "a list of starts begins with " + starts[0]);
        for (int i = 0; i < count; i++) {
            require(starts[i + 1] >= starts[i], "a list of starts descends to " + starts[i + 1]);
        }
        require(starts[count] <= max, "a list of starts ends with " + starts[count]);
        return starts;
    }

    /** The next {@code count} numbers, which must lie in {@code [0, bound)}. */
    public int[] below(int count, int bound) {
        int[] numbers = next(count);
        for (int number : numbers) {
            require(number >= 0 && number < bound, "number " + number + " is not below " + bound);
        }
        return numbers;
    }

    /** All numbers must have been read. */
    public void requireEnd() {
        require(at == values.length, (values.length - at) + " numbers are left over");
    }

    /**
     * @throws CorruptIndexException naming the file and this section, unless {@code condition}
     *     holds
     */
    public void require(boolean condition, String problem) {
        if (!condition) {
            throw new CorruptIndexException(
                    file.name(), section.name(), section.offset() + 4L * at, problem);
        }
    }
}
