package io.sparkspann.posting;

import io.sparkspann.error.CorruptIndexException;
import io.sparkspann.format.SectionType;
import io.sparkspann.format.SpnFile;
import io.sparkspann.format.SpnSection;
import io.sparkspann.format.SpnWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Where the postings of a shard are in its file and how many records they have. Per posting, in
 * head order: u64 offset in section {@code records}, u32 records, u32 home records, u32 CRC32C, f32
 * home radius. Immutable.
 */
public final class PostingDirectory {
    private static final int ENTRY_BYTES = 24;

    private final long[] offsets;
    private final int[] counts;
    private final int[] homes;
    private final int[] crcs;
    private final float[] radii;

    /** The arrays are shared, one value for each posting. */
    PostingDirectory(long[] offsets, int[] counts, int[] homes, int[] crcs, float[] radii) {
        this.offsets = offsets;
        this.counts = counts;
        this.homes = homes;
        this.crcs = crcs;
        this.radii = radii;
    }

    /** Number of postings. */
    public int size() {
        return counts.length;
    }

    /** Offset in section {@code records}. */
    public long offset(int posting) {
        return offsets[posting];
    }

    /** Number of records. */
    public int count(int posting) {
        return counts[posting];
    }

    /** Number of records, the first ones, whose home this posting is. */
    public int home(int posting) {
        return homes[posting];
    }

    /**
     * A distance to the head that none of the home records has more than, as distances are stored;
     * infinity if it is not known.
     */
    public float homeRadius(int posting) {
        return radii[posting] > 0 ? radii[posting] : Float.POSITIVE_INFINITY;
    }

    int crc(int posting) {
        return crcs[posting];
    }

    void write(SpnWriter out) {
        out.begin(SectionType.POSTINGS_DIRECTORY);
        for (int i = 0; i < counts.length; i++) {
            out.writeLong(offsets[i]);
            out.writeInt(counts[i]);
            out.writeInt(homes[i]);
            out.writeInt(crcs[i]);
            out.writeInt(Float.floatToRawIntBits(radii[i]));
        }
        out.end();
    }

    /** Reads and checks a directory of {@code postings} entries. */
    static PostingDirectory read(SpnFile file, int postings, PostingLayout layout) {
        SpnSection section = file.section(SectionType.POSTINGS_DIRECTORY);
        if (section.length() != (long) postings * ENTRY_BYTES) {
            throw corrupt(file, section, 0, "it is not " + postings + " entries long");
        }
        long records = file.section(SectionType.POSTINGS_RECORDS).length();
        ByteBuffer bytes = ByteBuffer.wrap(file.read(section)).order(ByteOrder.LITTLE_ENDIAN);
        long[] offsets = new long[postings];
        int[] counts = new int[postings];
        int[] homes = new int[postings];
        int[] crcs = new int[postings];
        float[] radii = new float[postings];
        long next = 0;
        for (int i = 0; i < postings; i++) {
            offsets[i] = bytes.getLong();
            counts[i] = bytes.getInt();
            homes[i] = bytes.getInt();
            crcs[i] = bytes.getInt();
            radii[i] = bytes.getFloat();
            if (counts[i] < 0
                    || homes[i] < 0
                    || homes[i] > counts[i]
                    || offsets[i] != next
                    || !(radii[i] >= 0)) {
                throw corrupt(file, section, i, "posting " + i + " has impossible numbers");
            }
            long length = layout.bytes(counts[i]);
            if (length > PostingLayout.MOST_BYTES || length > records - next) {
                throw corrupt(file, section, i, "posting " + i + " takes " + length + " bytes");
            }
            next += length;
        }
        if (next != records) {
            throw corrupt(file, section, 0, "postings take " + next + " of " + records + " bytes");
        }
        return new PostingDirectory(offsets, counts, homes, crcs, radii);
    }

    private static CorruptIndexException corrupt(
            SpnFile file, SpnSection section, int entry, String problem) {
        return new CorruptIndexException(
                file.name(),
                section.name(),
                section.offset() + (long) entry * ENTRY_BYTES,
                problem);
    }
}
