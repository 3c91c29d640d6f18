package io.sparkspann.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkspann.distance.Metric;
import io.sparkspann.distance.SampleVectors;
import io.sparkspann.distance.SampleVectors.Shape;
import io.sparkspann.error.CorruptIndexException;
import io.sparkspann.format.FileEntry;
import io.sparkspann.format.FileKind;
import io.sparkspann.format.Manifest;
import io.sparkspann.format.SectionType;
import io.sparkspann.format.SpnFile;
import io.sparkspann.format.SpnFixture;
import io.sparkspann.posting.PostingFile;
import io.sparkspann.posting.PostingLayout;
import io.sparkspann.storage.Storage;
import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.VectorBlock;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Home radii in the directory of a shard's postings: what a build writes, and forged ones. */
class HomeRadiusTest {
    private static final int N = 400;
    private static final int D = 4;
    private static final int ENTRY_INTS = 6;
    private static final int RADIUS = 5;
    private static final PostingLayout LAYOUT = new PostingLayout(ElementType.FLOAT32, D);

    private static FileEntry entry;
    private static byte[] records;
    private static int[] built;
    private int[] directory;

    @BeforeAll
    static void build(@TempDir Path folder) throws Exception {
        VectorBlock base = SampleVectors.of(Shape.RANDOM, ElementType.FLOAT32, D, N, 1);
        Storage storage = SampleIndex.build(base, Metric.L2, 1, folder);
        Manifest manifest = IndexFiles.openCurrent(storage).manifest();
        entry = manifest.shards().get(0).file(FileKind.POSTINGS);
        try (SpnFile file = SpnFile.open(storage, entry, manifest.contentId(), 0)) {
            records = file.read(SectionType.POSTINGS_RECORDS);
            built = file.readInts(SectionType.POSTINGS_DIRECTORY);
        }
    }

    @BeforeEach
    void copy() {
        directory = built.clone();
    }

    private PostingFile open() {
        SpnFixture forged =
                new SpnFixture(
                        FileKind.POSTINGS,
                        0,
                        out -> {
                            SpnFixture.bytes(out, SectionType.POSTINGS_RECORDS, records);
                            SpnFixture.ints(out, SectionType.POSTINGS_DIRECTORY, directory);
                        });
        return PostingFile.open(forged.open(), 0, directory.length / ENTRY_INTS, LAYOUT);
    }

    private List<String> verify() {
        List<String> lines = new ArrayList<>();
        try (PostingFile postings = open()) {
            new PostingVerifier(postings, entry, new HomeRecords(N), null).run(lines::add);
        }
        return lines;
    }

    private void setRadius(int posting, float radius) {
        directory[posting * ENTRY_INTS + RADIUS] = Float.floatToRawIntBits(radius);
    }

    /** Distance of the last home record of a posting, as it is stored. */
    private static float farthest(PostingFile postings, int posting) {
        int count = postings.directory().count(posting);
        int home = postings.directory().home(posting);
        long distances =
                postings.directory().offset(posting) + LAYOUT.vectorBytes(count) + 4L * count;
        return ByteBuffer.wrap(records)
                .order(ByteOrder.LITTLE_ENDIAN)
                .getFloat((int) distances + 4 * (home - 1));
    }

    @Test
    void isThatOfTheFarthestHomeRecord() {
        try (PostingFile postings = open()) {
            for (int p = 0; p < postings.directory().size(); p++) {
                if (postings.directory().home(p) > 0) {
                    float farthest = farthest(postings, p);
                    assertThat(postings.directory().homeRadius(p))
                            .isBetween(farthest, Math.nextUp(farthest));
                }
            }
        }
        assertThat(verify()).isEmpty();
    }

    @Test
    void oneThatIsTooSmallIsDamage() {
        int posting = 0;
        float farthest;
        try (PostingFile postings = open()) {
            while (postings.directory().home(posting) < 2) {
                posting++;
            }
            farthest = farthest(postings, posting);
        }
        setRadius(posting, Math.nextDown(farthest));
        assertThat(verify())
                .singleElement()
                .asString()
                .contains("posting " + posting + ": home records have the radius ")
                .endsWith("but one the distance " + farthest);
    }

    /** Version 1.0 has a reserved number there, which is 0. */
    @Test
    void withoutOneNothingIsKnown() {
        setRadius(0, 0);
        try (PostingFile postings = open()) {
            assertThat(postings.directory().homeRadius(0)).isEqualTo(Float.POSITIVE_INFINITY);
        }
        assertThat(verify()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(floats = {-1, Float.NEGATIVE_INFINITY, Float.NaN})
    void oneThatIsNoDistanceIsRefused(float radius) {
        setRadius(0, radius);
        assertThatThrownBy(this::open)
                .isInstanceOf(CorruptIndexException.class)
                .hasMessageContaining("posting 0 has impossible numbers");
    }
}
