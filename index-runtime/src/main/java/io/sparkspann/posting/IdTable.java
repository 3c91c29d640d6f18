package io.sparkspann.posting;

import io.sparkspann.cluster.IntReader;
import io.sparkspann.format.SectionType;
import io.sparkspann.format.SpnFile;
import io.sparkspann.format.SpnWriter;
import io.sparkspann.vector.IdBlock;
import io.sparkspann.vector.IdType;
import java.util.Arrays;

/**
 * The external ids of all vectors that occur in a shard's postings: the shard's own, in ordinal
 * order, and foreign ones, replicas whose home is in another shard. Own ids ascend with their
 * ordinals. Immutable.
 *
 * <p>In the file: section {@code counts}: own, foreign, u32; section {@code foreign ordinals}: u32
 * ascending; section {@code values}: ids, own first, as i64 or as UTF-8 one after another; for
 * strings also section {@code offsets}: u32, one more than ids.
 */
public final class IdTable {
    /** Foreign ordinals among which one is searched for, about. */
    private static final int RANGE = 8;

    private final long firstOrdinal;
    private final int own;
    private final int[] foreign;
    private final int shift;
    private final int[] starts;
    private final IdBlock ids;

    /**
     * @param firstOrdinal ordinal of the shard's first vector
     * @param own number of the shard's vectors
     * @param foreign ordinals of the others, ascending as unsigned numbers
     * @param ids own ids, then foreign ids
     */
    public IdTable(long firstOrdinal, int own, int[] foreign, IdBlock ids) {
        this.firstOrdinal = firstOrdinal;
        this.own = own;
        this.foreign = foreign;
        this.shift = shift(foreign);
        this.starts = starts(foreign, shift);
        this.ids = ids;
    }

    /** Bits of a range of ordinals, so that a range has about {@value #RANGE} foreign ones. */
    private static int shift(int[] foreign) {
        if (foreign.length == 0) {
            return 1;
        }
        long span = Integer.toUnsignedLong(foreign[foreign.length - 1] - foreign[0]);
        long ordinals = span / Math.max(1, foreign.length / RANGE);
        return Math.max(1, Math.min(31, Long.SIZE - Long.numberOfLeadingZeros(ordinals)));
    }

    /** Where the foreign ordinals of each range begin, from that of the first one on. */
    private static int[] starts(int[] foreign, int shift) {
        if (foreign.length == 0) {
            return new int[1];
        }
        int ranges = ((foreign[foreign.length - 1] - foreign[0]) >>> shift) + 1;
        int[] starts = new int[ranges + 1];
        for (int ordinal : foreign) {
            starts[((ordinal - foreign[0]) >>> shift) + 1]++;
        }
        for (int r = 0; r < ranges; r++) {
            starts[r + 1] += starts[r];
        }
        return starts;
    }

    public IdBlock ids() {
        return ids;
    }

    /** Number of the shard's own vectors. */
    public int own() {
        return own;
    }

    /**
     * Position in {@link #ids} of a vector.
     *
     * @throws IllegalArgumentException if the shard's postings do not hold it
     */
    public int position(long ordinal) {
        long local = ordinal - firstOrdinal;
        if (local >= 0 && local < own) {
            return (int) local;
        }
        int range = foreign.length == 0 ? 0 : ((int) ordinal - foreign[0]) >>> shift;
        int low = range < starts.length - 1 ? starts[range] : 0;
        int high = range < starts.length - 1 ? starts[range + 1] - 1 : -1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = Integer.compareUnsigned(foreign[middle], (int) ordinal);
            if (order == 0) {
                return own + middle;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        throw new IllegalArgumentException("Ordinal " + ordinal + " is not in this shard");
    }

    /** Writes all sections. */
    public void write(SpnWriter out) {
        out.begin(SectionType.IDS_COUNTS);
        out.writeInt(own);
        out.writeInt(foreign.length);
        out.end();
        out.begin(SectionType.IDS_FOREIGN);
        out.writeInts(foreign, 0, foreign.length);
        out.end();
        out.begin(SectionType.IDS_VALUES);
        if (ids.type() == IdType.STRING) {
            out.write(ids.utf8(), 0, ids.offsets()[ids.size()]);
        } else {
            out.writeLongs(ids.numbers(), 0, ids.size());
        }
        out.end();
        if (ids.type() == IdType.STRING) {
            out.begin(SectionType.IDS_OFFSETS);
            out.writeInts(ids.offsets(), 0, ids.size() + 1);
            out.end();
        }
    }

    /**
     * Reads the ids of the shard's own vectors only, in the order of their ordinals.
     *
     * @param own number of the shard's vectors, as the manifest has it
     */
    public static IdBlock readOwn(SpnFile file, IdType type, int own) {
        IntReader header = new IntReader(file, SectionType.IDS_COUNTS);
        int size = own + header(header, own)[1];
        IdBlock ids = readIds(file, type, size, header);
        if (type == IdType.STRING) {
            byte[] utf8 = Arrays.copyOf(ids.utf8(), ids.offsets()[own]);
            return IdBlock.ofStrings(utf8, Arrays.copyOf(ids.offsets(), own + 1));
        }
        return IdBlock.ofNumbers(type, Arrays.copyOf(ids.numbers(), own));
    }

    /** Own and foreign ids, checked. */
    private static int[] header(IntReader header, int own) {
        int[] counts = header.next(2);
        header.requireEnd();
        header.require(
                counts[0] == own && counts[1] >= 0,
                "own vectors " + counts[0] + ", expected " + own);
        header.require((long) own + counts[1] < Integer.MAX_VALUE, own + " own vectors");
        return counts;
    }

    /**
     * @param own number of the shard's vectors, as the manifest has it
     */
    public static IdTable read(SpnFile file, IdType type, long firstOrdinal, int own) {
        IntReader header = new IntReader(file, SectionType.IDS_COUNTS);
        int[] counts = header(header, own);
        IntReader foreignReader = new IntReader(file, SectionType.IDS_FOREIGN);
        int[] foreign = foreignReader.next(counts[1]);
        foreignReader.requireEnd();
        for (int i = 1; i < foreign.length; i++) {
            foreignReader.require(
                    Integer.compareUnsigned(foreign[i - 1], foreign[i]) < 0,
                    "ordinals do not ascend");
        }
        int size = own + counts[1];
        return new IdTable(firstOrdinal, own, foreign, readIds(file, type, size, header));
    }

    private static IdBlock readIds(SpnFile file, IdType type, int size, IntReader header) {
        if (type == IdType.STRING) {
            byte[] utf8 = file.read(SectionType.IDS_VALUES);
            IntReader offsets = new IntReader(file, SectionType.IDS_OFFSETS);
            int[] starts = offsets.starts(size, utf8.length);
            offsets.requireEnd();
            offsets.require(starts[size] == utf8.length, "the offsets do not cover the values");
            return IdBlock.ofStrings(utf8, starts);
        }
        long[] numbers = file.readLongs(SectionType.IDS_VALUES);
        header.require(
                numbers.length == size, "there are " + numbers.length + " ids, expected " + size);
        return IdBlock.ofNumbers(type, numbers);
    }
}
