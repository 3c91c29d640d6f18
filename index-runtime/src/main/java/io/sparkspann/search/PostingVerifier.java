package io.sparkspann.search;

import io.sparkspann.error.CorruptIndexException;
import io.sparkspann.format.FileEntry;
import io.sparkspann.posting.IdTable;
import io.sparkspann.posting.PostingDirectory;
import io.sparkspann.posting.PostingFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Checks the content of the postings of a shard: checksums, norms, distances, ordinals. Memory: one
 * posting. One thread.
 */
final class PostingVerifier {
    private static final String SECTION = "records";

    private final PostingFile postings;
    private final PostingDirectory directory;
    private final String path;
    private final IdTable ids;
    private final HomeRecords homes;
    private byte[] bytes = new byte[0];
    private long records;

    /**
     * @param homes takes note of the home records
     * @param ids of the shard, null if they cannot be read
     */
    PostingVerifier(PostingFile postings, FileEntry file, HomeRecords homes, IdTable ids) {
        this.postings = postings;
        this.directory = postings.directory();
        this.path = file.path();
        this.homes = homes;
        this.ids = ids;
    }

    /** Records of all postings, as the directory has them. */
    long records() {
        return records;
    }

    /** Checks all postings; {@code lines} gets at most one line for each. */
    void run(Consumer<String> lines) {
        for (int p = 0; p < directory.size(); p++) {
            records += directory.count(p);
            try {
                String problem = check(p);
                if (problem != null) {
                    lines.accept(
                            IndexVerifier.line(path, SECTION, "posting " + p + ": " + problem));
                }
            } catch (CorruptIndexException e) {
                lines.accept(IndexVerifier.strip(e));
            }
        }
    }

    /** Returns what is wrong with the content, or null. */
    private String check(int posting) {
        int length = postings.bytes(posting);
        int count = directory.count(posting);
        if (count == 0) {
            return null;
        }
        if (bytes.length < length) {
            bytes = new byte[length];
        }
        postings.read(posting, posting + 1, bytes);
        postings.check(posting, bytes, 0);
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int norms = Math.toIntExact(postings.layout().vectorBytes(count));
        String problem = checkNumbers(buffer, norms, count, directory.home(posting));
        problem = problem != null ? problem : checkRadius(buffer, norms, posting);
        return problem != null
                ? problem
                : checkOrdinals(buffer, norms + 8 * count, count, directory.home(posting));
    }

    private static String checkNumbers(ByteBuffer buffer, int norms, int count, int home) {
        for (int lane = 0; lane < count; lane++) {
            float norm = buffer.getFloat(norms + 4 * lane);
            if (!(norm >= 0 && Float.isFinite(norm))) {
                return "record " + lane + " has the squared norm " + norm;
            }
            float distance = buffer.getFloat(norms + 4 * (count + lane));
            boolean leads = lane == 0 || lane == home;
            float before = leads ? 0 : buffer.getFloat(norms + 4 * (count + lane - 1));
            if (!(distance >= before && Float.isFinite(distance))) {
                return "record " + lane + " has the distance " + distance + " after " + before;
            }
        }
        return null;
    }

    /** The home record that is last is the farthest. */
    private String checkRadius(ByteBuffer buffer, int norms, int posting) {
        int home = directory.home(posting);
        if (home == 0) {
            return null;
        }
        int last = norms + 4 * (directory.count(posting) + home - 1);
        float farthest = buffer.getFloat(last);
        float radius = directory.homeRadius(posting);
        return farthest <= radius
                ? null
                : "home records have the radius " + radius + ", but one the distance " + farthest;
    }

    private String checkOrdinals(ByteBuffer buffer, int at, int count, int home) {
        long[] ordinals = new long[count];
        for (int lane = 0; lane < count; lane++) {
            long ordinal = Integer.toUnsignedLong(buffer.getInt(at + 4 * lane));
            ordinals[lane] = ordinal;
            if (ordinal >= homes.vectors()) {
                return "record " + lane + " has ordinal " + ordinal + " of " + homes.vectors();
            }
            if (lane < home && !homes.add(ordinal)) {
                return "ordinal " + ordinal + " has a second home record";
            }
            if (ids != null && !knows(ordinal)) {
                return "record " + lane + " has ordinal " + ordinal + ", whose id is not there";
            }
        }
        Arrays.sort(ordinals);
        for (int i = 1; i < count; i++) {
            if (ordinals[i] == ordinals[i - 1]) {
                return "ordinal " + ordinals[i] + " occurs twice";
            }
        }
        return null;
    }

    private boolean knows(long ordinal) {
        try {
            ids.position(ordinal);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
