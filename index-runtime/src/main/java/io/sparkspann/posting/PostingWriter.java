package io.sparkspann.posting;

import static io.sparkspann.posting.PostingLayout.MOST_BYTES;

import io.sparkspann.error.InvalidInputException;
import io.sparkspann.format.SectionType;
import io.sparkspann.format.SpnWriter;
import io.sparkspann.vector.VectorBlock;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32C;

/** Streams the postings of a shard to its file, in head order. Memory: one posting. One thread. */
public final class PostingWriter {
    private final SpnWriter out;
    private final PostingLayout layout;
    private final int shard;
    private final long[] offsets;
    private final int[] counts;
    private final int[] homes;
    private final int[] crcs;
    private final float[] radii;
    private byte[] bytes = new byte[0];
    private int written;

    /**
     * @param postings how many will be written
     */
    public PostingWriter(SpnWriter out, PostingLayout layout, int shard, int postings) {
        this.out = out;
        this.layout = layout;
        this.shard = shard;
        this.offsets = new long[postings];
        this.counts = new int[postings];
        this.homes = new int[postings];
        this.crcs = new int[postings];
        this.radii = new float[postings];
        out.begin(SectionType.POSTINGS_RECORDS);
    }

    /** One record of a posting: a row of a block, and what is stored beside it. */
    public interface Records {
        /** Number of records. */
        int size();

        /** Number of home records, which come first. */
        int homes();

        VectorBlock vectors(int record);

        int row(int record);

        float distance(int record);

        long ordinal(int record);
    }

    /** Appends the next posting. */
    public void append(Records records) {
        int n = records.size();
        int length = length(n);
        if (bytes.length < length) {
            bytes = new byte[(int) Math.max(length, Math.min(2L * bytes.length, MOST_BYTES))];
        }
        Arrays.fill(bytes, 0, length, (byte) 0);
        ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, length).order(ByteOrder.LITTLE_ENDIAN);
        int norms = (int) layout.vectorBytes(n);
        for (int lane = 0; lane < n; lane++) {
            VectorBlock block = records.vectors(lane);
            int row = records.row(lane);
            block.scatter(row, buffer, layout.firstByte(lane), layout.strideBytes());
            buffer.putFloat(norms + 4 * lane, (float) block.squaredNorm(row));
            buffer.putFloat(norms + 4 * (n + lane), records.distance(lane));
            buffer.putInt(norms + 4 * (2 * n + lane), (int) records.ordinal(lane));
        }
        offsets[written] = out.sectionOffset();
        counts[written] = n;
        homes[written] = records.homes();
        radii[written] = homeRadius(records);
        crcs[written] = checksum(bytes, 0, length, shard, written);
        out.write(bytes, 0, length);
        written++;
    }

    /** Above 0, which stands for a radius that is not known. */
    private static float homeRadius(Records records) {
        int homes = records.homes();
        return Math.nextUp(homes == 0 ? 0f : records.distance(homes - 1));
    }

    private int length(int records) {
        long length = layout.bytes(records);
        if (length > MOST_BYTES) {
            throw new InvalidInputException(
                    "Posting "
                            + written
                            + " of shard "
                            + shard
                            + " would have "
                            + records
                            + " records and more than 2 GiB; use a greater head ratio, and check"
                            + " the table for vectors that occur very often");
        }
        return (int) length;
    }

    /**
     * CRC32C of a posting's bytes, then of shard and number, so that a posting in a wrong place is
     * noticed.
     */
    static int checksum(byte[] bytes, int offset, int length, int shard, int posting) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, offset, length);
        byte[] place =
                ByteBuffer.allocate(8)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putInt(shard)
                        .putInt(posting)
                        .array();
        crc.update(place, 0, place.length);
        return (int) crc.getValue();
    }

    /** Ends the records and writes the directory. */
    public PostingDirectory finish() {
        if (written != counts.length) {
            throw new IllegalStateException(
                    written + " of " + counts.length + " postings were written");
        }
        out.end();
        PostingDirectory directory = new PostingDirectory(offsets, counts, homes, crcs, radii);
        directory.write(out);
        return directory;
    }
}
