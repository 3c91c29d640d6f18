package io.sparkspann.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkspann.distance.SampleVectors;
import io.sparkspann.distance.SampleVectors.Shape;
import io.sparkspann.format.FileEntry;
import io.sparkspann.format.FileKind;
import io.sparkspann.format.SectionType;
import io.sparkspann.format.SpnFile;
import io.sparkspann.format.SpnFixture;
import io.sparkspann.posting.SamplePostings;
import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.VectorBlock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PostingVerifierTest {
    private static final int SHARD = 3;

    /** Numbers of an entry of the directory; the last is the home radius. */
    private static final int ENTRY = 6;

    private final VectorBlock block = SampleVectors.of(Shape.RANDOM, ElementType.FLOAT32, 3, 60, 1);
    private final SamplePostings postings = new SamplePostings(block, 4, 1);

    /** The file with another home radius of posting 1. */
    private List<String> verifyWithRadius(float radius) {
        byte[] records;
        int[] directory;
        try (SpnFile spn = postings.write(SHARD).open()) {
            records = spn.read(SectionType.POSTINGS_RECORDS);
            directory = spn.readInts(SectionType.POSTINGS_DIRECTORY);
        }
        directory[2 * ENTRY - 1] = Float.floatToRawIntBits(radius);
        SpnFixture forged =
                new SpnFixture(
                        FileKind.POSTINGS,
                        SHARD,
                        out -> {
                            SpnFixture.bytes(out, SectionType.POSTINGS_RECORDS, records);
                            SpnFixture.ints(out, SectionType.POSTINGS_DIRECTORY, directory);
                        });
        List<String> lines = new ArrayList<>();
        try (SpnFile spn = forged.open()) {
            HomeRecords homes = new HomeRecords(SamplePostings.FIRST_ORDINAL + block.size());
            FileEntry file = new FileEntry("postings", 1, 1, FileKind.POSTINGS);
            new PostingVerifier(postings.open(spn, SHARD), file, homes, null).run(lines::add);
        }
        return lines;
    }

    @Test
    void aHomeRadiusCoversAllHomeRecords() {
        // Distances are the numbers of the records.
        float farthest = postings.home(1) - 1;
        assertThat(farthest).isPositive();
        assertThat(verifyWithRadius(farthest)).isEmpty();
        assertThat(verifyWithRadius(Math.nextDown(farthest)))
                .singleElement()
                .asString()
                .contains("postings", "posting 1: home records have the radius");
    }

    @Test
    void aHomeRadiusMayBeUnknown() {
        assertThat(verifyWithRadius(0)).isEmpty();
    }
}
