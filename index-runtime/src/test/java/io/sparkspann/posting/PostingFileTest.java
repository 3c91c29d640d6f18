package io.sparkspann.posting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkspann.distance.Metric;
import io.sparkspann.distance.SampleVectors;
import io.sparkspann.distance.SampleVectors.Shape;
import io.sparkspann.distance.VectorSpace;
import io.sparkspann.distance.VerticalBlocks;
import io.sparkspann.error.CorruptIndexException;
import io.sparkspann.format.FileKind;
import io.sparkspann.format.SectionType;
import io.sparkspann.format.SpnFile;
import io.sparkspann.format.SpnFixture;
import io.sparkspann.format.SpnSection;
import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.VectorBlock;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PostingFileTest {
    private static final int SHARD = 5;

    private static SamplePostings postings(ElementType type, int d, int n, int count) {
        return new SamplePostings(SampleVectors.of(Shape.RANDOM, type, d, n, 101), count, 102);
    }

    private static byte[] read(PostingFile file, int posting) {
        byte[] bytes = new byte[file.bytes(posting) + 3];
        byte[] one = new byte[file.bytes(posting)];
        file.read(posting, posting + 1, one);
        System.arraycopy(one, 0, bytes, 3, one.length);
        return bytes;
    }

    @ParameterizedTest
    @EnumSource
    void postingsComeBack(ElementType type) {
        for (Metric metric : Metric.values()) {
            if (!metric.accepts(type)) {
                continue;
            }
            VectorBlock block = SampleVectors.of(metric, Shape.RANDOM, type, 5, 300, 103);
            VectorSpace space = SampleVectors.space(metric, block);
            SamplePostings postings = new SamplePostings(block, 9, 104);
            try (SpnFile spn = postings.write(SHARD).open()) {
                PostingFile file = postings.open(spn, SHARD);
                PostingBlock decoded = new PostingBlock(space, file.layout());
                for (int p = 0; p < postings.size(); p++) {
                    byte[] bytes = read(file, p);
                    file.check(p, bytes, 3);
                    assertThat(file.directory().count(p)).isEqualTo(postings.count(p));
                    assertThat(file.directory().home(p)).isEqualTo(postings.home(p));
                    for (int count : new int[] {postings.count(p), postings.home(p)}) {
                        decoded.decode(bytes, 3, postings.count(p), count);
                        checkDecoded(space, block, postings, p, decoded, count);
                    }
                }
            }
        }
    }

    private static void checkDecoded(
            VectorSpace space,
            VectorBlock block,
            SamplePostings postings,
            int posting,
            PostingBlock decoded,
            int count) {
        VerticalBlocks vectors = decoded.vectors();
        assertThat(vectors.size()).isEqualTo(count);
        float most = 0;
        for (int lane = 0; lane < count; lane++) {
            int row = postings.row(posting, lane);
            float[] wanted = SampleVectors.row(block, row);
            float norm = space.norm(wanted, 0);
            most = Math.max(most, norm);
            assertThat(decoded.ordinal(lane)).isEqualTo(SamplePostings.FIRST_ORDINAL + row);
            assertThat(vectors.bias()[lane]).isEqualTo(space.bias(norm));
            assertThat(vectors.scale()[lane]).isEqualTo(space.scale(norm));
            for (int j = 0; j < wanted.length; j++) {
                int at = (lane / 16 * wanted.length + j) * 16 + lane % 16;
                // Words of bits may be NaN.
                assertThat(Float.floatToRawIntBits(vectors.components()[at]))
                        .isEqualTo(Float.floatToRawIntBits(wanted[j]));
            }
        }
        for (int lane = count; lane < vectors.blockCount() * 16; lane++) {
            assertThat(vectors.bias()[lane]).isEqualTo(Float.POSITIVE_INFINITY);
            assertThat(vectors.scale()[lane]).isZero();
        }
        assertThat(decoded.maxSquaredNorm()).isEqualTo(most);
    }

    @Test
    void rangesOfPostingsAreReadAtOnce() {
        SamplePostings postings = postings(ElementType.INT8, 3, 200, 7);
        try (SpnFile spn = postings.write(SHARD).open()) {
            PostingFile file = postings.open(spn, SHARD);
            for (int from = 0; from < 7; from++) {
                for (int to = from + 1; to <= 7; to++) {
                    byte[] bytes = new byte[100_000];
                    file.read(from, to, bytes);
                    for (int p = from; p < to; p++) {
                        file.check(
                                p,
                                bytes,
                                (int) (file.directory().offset(p) - file.directory().offset(from)));
                    }
                }
            }
        }
    }

    @Test
    void everyFlippedBitIsFound() {
        SamplePostings postings = postings(ElementType.FLOAT32, 2, 40, 4);
        SpnFixture fixture = postings.write(SHARD);
        byte[] intact = fixture.bytes();
        for (int at = 0; at < intact.length; at++) {
            byte[] bytes = intact.clone();
            bytes[at] ^= (byte) (1 << at % 8);
            fixture.replace(bytes);
            assertThat(damages(fixture, postings)).as("byte %d", at).isPositive();
        }
        fixture.replace(intact);
        assertThat(damages(fixture, postings)).isZero();
    }

    /** Opens, reads and verifies as a user does. */
    private static int damages(SpnFixture fixture, SamplePostings postings) {
        List<String> damages = new ArrayList<>();
        try (SpnFile spn = fixture.open()) {
            PostingFile file = postings.open(spn, SHARD);
            for (int p = 0; p < postings.size(); p++) {
                file.check(p, read(file, p), 3);
            }
            spn.verify(damages::add);
        } catch (CorruptIndexException e) {
            damages.add(e.getMessage());
        }
        return damages.size();
    }

    @Test
    void everyFlippedBitOfAPostingIsFoundByItsOwnChecksum() {
        SamplePostings postings = postings(ElementType.UINT8, 2, 40, 4);
        try (SpnFile spn = postings.write(SHARD).open()) {
            PostingFile file = postings.open(spn, SHARD);
            for (int p = 0; p < 3; p++) {
                byte[] intact = read(file, p);
                for (int bit = 24; bit < intact.length * 8; bit++) {
                    byte[] bytes = intact.clone();
                    bytes[bit / 8] ^= (byte) (1 << bit % 8);
                    int posting = p;
                    assertThatThrownBy(() -> file.check(posting, bytes, 3))
                            .isInstanceOf(CorruptIndexException.class)
                            .hasMessageContaining("section records")
                            .hasMessageContaining("posting " + p + " has CRC32C");
                }
            }
        }
    }

    /** The writer of such a file had both postings' bytes right, but not their places. */
    @Test
    void exchangedPostingsOfTheSameLengthAreFound() {
        SamplePostings postings = postings(ElementType.UINT8, 2, 400, 30);
        int first = -1;
        int second = -1;
        for (int a = 0; a < 29; a++) {
            for (int b = a + 1; b < 29; b++) {
                if (postings.count(a) == postings.count(b)) {
                    first = a;
                    second = b;
                }
            }
        }
        assertThat(first).isNotNegative();
        byte[] records;
        int[] directory;
        try (SpnFile spn = postings.write(SHARD).open()) {
            PostingFile file = postings.open(spn, SHARD);
            records = spn.read(SectionType.POSTINGS_RECORDS);
            directory = spn.readInts(SectionType.POSTINGS_DIRECTORY);
            int length = file.bytes(first);
            byte[] kept =
                    Arrays.copyOfRange(records, offset(file, first), offset(file, first) + length);
            System.arraycopy(records, offset(file, second), records, offset(file, first), length);
            System.arraycopy(kept, 0, records, offset(file, second), length);
        }
        // Their entries change places too: only the number in the checksum can tell.
        swap(directory, first * 6 + 3, second * 6 + 3);
        swap(directory, first * 6 + 4, second * 6 + 4);
        SpnFixture forged = forged(records, directory);
        try (SpnFile spn = forged.open()) {
            spn.verify(
                    damage -> {
                        throw new AssertionError(damage);
                    });
            PostingFile file = postings.open(spn, SHARD);
            for (int p : new int[] {first, second}) {
                assertThatThrownBy(() -> file.check(p, read(file, p), 3))
                        .isInstanceOf(CorruptIndexException.class);
            }
        }
    }

    @Test
    void postingsOfAnotherShardAreFound() {
        SamplePostings postings = postings(ElementType.UINT8, 2, 40, 4);
        try (SpnFile spn = postings.write(SHARD).open()) {
            PostingFile file = postings.open(spn, SHARD + 1);
            assertThatThrownBy(() -> file.check(0, read(file, 0), 3))
                    .isInstanceOf(CorruptIndexException.class);
        }
    }

    private static int offset(PostingFile file, int posting) {
        return (int) file.directory().offset(posting);
    }

    private static void swap(int[] values, int a, int b) {
        int kept = values[a];
        values[a] = values[b];
        values[b] = kept;
    }

    private static SpnFixture forged(byte[] records, int[] directory) {
        return new SpnFixture(
                FileKind.POSTINGS,
                SHARD,
                out -> {
                    SpnFixture.bytes(out, SectionType.POSTINGS_RECORDS, records);
                    SpnFixture.ints(out, SectionType.POSTINGS_DIRECTORY, directory);
                });
    }

    @Test
    void forgedDirectoryIsRefused() {
        SamplePostings postings = postings(ElementType.FLOAT32, 3, 60, 4);
        byte[] records;
        int[] directory;
        try (SpnFile spn = postings.write(SHARD).open()) {
            records = spn.read(SectionType.POSTINGS_RECORDS);
            directory = spn.readInts(SectionType.POSTINGS_DIRECTORY);
        }
        for (int at = 0; at < directory.length; at++) {
            int field = at % 6;
            for (int value : SpnFixture.hostile(directory[at])) {
                int[] changed = directory.clone();
                changed[at] = value;
                if (value == directory[at] || field > 3) {
                    continue;
                }
                boolean refused =
                        forged(records, changed)
                                .isRefused(
                                        "entry " + at / 6 + " field " + field + " = " + value,
                                        spn -> PostingFile.open(spn, SHARD, 4, postings.layout()));
                boolean fits = field == 3 && value >= 0 && value <= directory[at - 1];
                assertThat(refused)
                        .as("entry %d field %d = %d", at / 6, field, value)
                        .isEqualTo(!fits);
            }
        }
        for (int wrong : new int[] {0, 3, 5, Integer.MAX_VALUE}) {
            assertThat(
                            forged(records, directory)
                                    .isRefused(
                                            "postings",
                                            spn ->
                                                    PostingFile.open(
                                                            spn, SHARD, wrong, postings.layout())))
                    .isTrue();
        }
    }

    /** A count so great that its bytes overflow, and a next entry that makes up for it. */
    @Test
    void directoryWhoseNumbersOverflowIsRefused() {
        for (int d : new int[] {1, 128, 2048}) {
            for (ElementType type : new ElementType[] {ElementType.UINT8, ElementType.FLOAT32}) {
                PostingLayout layout = new PostingLayout(type, d);
                for (int count = Integer.MAX_VALUE; count > Integer.MAX_VALUE - 40; count--) {
                    long next = layout.bytes(count);
                    ByteBuffer entries = ByteBuffer.allocate(48).order(ByteOrder.LITTLE_ENDIAN);
                    entries.putLong(0).putInt(count).putInt(0).putLong(0);
                    entries.putLong(next).putInt(1).putInt(0).putLong(0);
                    int[] directory = new int[12];
                    entries.rewind().asIntBuffer().get(directory);
                    SpnFixture fixture = forged(new byte[1000], directory);
                    assertThat(
                                    fixture.isRefused(
                                            "count " + count,
                                            spn -> PostingFile.open(spn, SHARD, 2, layout)))
                            .isTrue();
                    assertThat(next).as("bytes of %d records", count).isPositive();
                }
            }
        }
    }

    @Test
    void sectionNamesTheDamage() {
        SamplePostings postings = postings(ElementType.UINT8, 2, 40, 4);
        SpnFixture fixture = postings.write(SHARD);
        byte[] bytes = fixture.bytes();
        int at;
        try (SpnFile spn = fixture.open()) {
            SpnSection records = spn.section(SectionType.POSTINGS_RECORDS);
            at = (int) records.offset() + (int) postings.open(spn, SHARD).directory().offset(1);
        }
        bytes[at] ^= 1;
        fixture.replace(bytes);
        try (SpnFile spn = fixture.open()) {
            PostingFile file = postings.open(spn, SHARD);
            file.check(0, read(file, 0), 3);
            assertThatThrownBy(() -> file.check(1, read(file, 1), 3))
                    .isInstanceOfSatisfying(
                            CorruptIndexException.class,
                            e -> {
                                assertThat(e.section()).isEqualTo("records");
                                assertThat(e.offset()).isEqualTo(at);
                            });
        }
    }
}
