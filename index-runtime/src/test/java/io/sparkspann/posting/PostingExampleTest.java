package io.sparkspann.posting;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkspann.format.ContentId;
import io.sparkspann.format.FileEntry;
import io.sparkspann.format.FileHeader;
import io.sparkspann.format.FileKind;
import io.sparkspann.format.SectionType;
import io.sparkspann.format.SpnFile;
import io.sparkspann.format.SpnWriter;
import io.sparkspann.storage.MemoryStorage;
import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.VectorBlock;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** The worked example of FORMAT.md, section 7.6. */
class PostingExampleTest {
    private static final String POSTING =
            "01040000000000000000000000000000"
                    + "02050000000000000000000000000000"
                    + "03060000000000000000000000000000"
                    + "0000604100009a42"
                    + "00000000e146a640"
                    + "0700000004000000";
    private static final String ENTRY =
            "0000000000000000" + "02000000" + "01000000" + "fb65b947" + "01000000";

    private static final int SHARD = 2;
    private static final int POSTINGS = 6;
    private static final int ENTRY_BYTES = 24;
    private static final ContentId CONTENT = ContentId.of(new byte[] {1});

    @Test
    void bytesAreThoseOfTheDocument() {
        MemoryStorage storage = new MemoryStorage();
        FileEntry entry = write(storage);
        try (SpnFile file = SpnFile.open(storage, entry, CONTENT, SHARD)) {
            byte[] directory = file.read(SectionType.POSTINGS_DIRECTORY);
            int last = (POSTINGS - 1) * ENTRY_BYTES;
            byte[] lastEntry = Arrays.copyOfRange(directory, last, last + ENTRY_BYTES);
            assertThat(HexFormat.of().formatHex(file.read(SectionType.POSTINGS_RECORDS)))
                    .isEqualTo(POSTING);
            assertThat(HexFormat.of().formatHex(lastEntry)).isEqualTo(ENTRY);
        }
    }

    private static FileEntry write(MemoryStorage storage) {
        FileHeader header = new FileHeader(FileKind.POSTINGS, CONTENT, SHARD);
        try (SpnWriter out = SpnWriter.create(storage, "postings.spn", header)) {
            PostingWriter writer =
                    new PostingWriter(
                            out, new PostingLayout(ElementType.UINT8, 3), SHARD, POSTINGS);
            for (int p = 1; p < POSTINGS; p++) {
                writer.append(new Example(0));
            }
            writer.append(new Example(2));
            writer.finish();
            return out.finish();
        }
    }

    /** The first records of the example: a home record and a replica. */
    private record Example(int size) implements PostingWriter.Records {
        @Override
        public int homes() {
            return Math.min(1, size);
        }

        @Override
        public VectorBlock vectors(int record) {
            return VectorBlock.ofBytes(ElementType.UINT8, 3, new byte[] {1, 2, 3, 4, 5, 6});
        }

        @Override
        public int row(int record) {
            return record;
        }

        @Override
        public float distance(int record) {
            return record == 0 ? 0 : (float) Math.sqrt(27);
        }

        @Override
        public long ordinal(int record) {
            return record == 0 ? 7 : 4;
        }
    }
}
