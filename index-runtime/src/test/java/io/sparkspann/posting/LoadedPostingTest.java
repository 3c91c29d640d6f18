package io.sparkspann.posting;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkspann.distance.KernelProvider;
import io.sparkspann.distance.Metric;
import io.sparkspann.distance.SampleVectors;
import io.sparkspann.distance.SampleVectors.Shape;
import io.sparkspann.distance.VectorSpace;
import io.sparkspann.distance.VerticalBlocks;
import io.sparkspann.format.SpnFile;
import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.VectorBlock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoadedPostingTest {
    private static final int SHARD = 1;

    /** One object takes all postings in turn, so that nothing of an earlier one may show. */
    @ParameterizedTest
    @CsvSource({
        "L2,UINT8",
        "L2,INT8",
        "L2,FLOAT32",
        "L2,FLOAT16",
        "COSINE,FLOAT16",
        "COSINE,UINT8",
        "COSINE,FLOAT32",
        "IP,INT8",
        "IP,FLOAT32"
    })
    void scoresAndKeysAreThoseOfTheDecodedPosting(Metric metric, ElementType type) {
        int d = 19;
        VectorBlock block = SampleVectors.of(Shape.RANDOM, type, d, 400, 21);
        VectorSpace space = SampleVectors.space(metric, block);
        SamplePostings postings = new SamplePostings(block, 6, 22);
        float[] query = SampleVectors.row(block, 3);
        float[] scratch = new float[d];
        try (SpnFile spn = postings.write(SHARD).open()) {
            PostingFile file = postings.open(spn, SHARD);
            LoadedPosting loaded = new LoadedPosting(space, file.layout());
            for (int p = 0; p < postings.size(); p++) {
                int n = postings.count(p);
                byte[] bytes = new byte[file.bytes(p) + 3];
                byte[] read = new byte[file.bytes(p)];
                file.read(p, p + 1, read);
                System.arraycopy(read, 0, bytes, 3, read.length);
                PostingBlock wanted = new PostingBlock(space, file.layout());
                wanted.decode(bytes, 3, n, n);
                loaded.decode(bytes, 3, n);
                assertThat(loaded.size()).isEqualTo(n);
                assertThat(loaded.maxSquaredNorm()).isEqualTo(wanted.maxSquaredNorm());
                int blocks = VerticalBlocks.blocks(n);
                assertThat(scores(loaded, query, blocks))
                        .isEqualTo(scores(wanted.vectors(), query, blocks));
                for (int i = 0; i < n; i++) {
                    assertThat(loaded.ordinal(i)).isEqualTo(wanted.ordinal(i));
                    assertThat(loaded.exactKey(query, i, scratch))
                            .isEqualTo(space.exactKey(query, 0, wanted.vectors(), i));
                }
            }
        }
    }

    private static float[] scores(LoadedPosting posting, float[] query, int blocks) {
        float[] scores = new float[blocks * VerticalBlocks.LANES];
        VerticalBlocks wide = new VerticalBlocks(query.length);
        if (blocks > 0) {
            posting.score(query, 0, blocks, wide, scores);
        }
        return scores;
    }

    private static float[] scores(VerticalBlocks vectors, float[] query, int blocks) {
        float[] scores = new float[blocks * VerticalBlocks.LANES];
        if (blocks > 0) {
            int[] start = {0};
            KernelProvider.kernels().score(query, start, 1, vectors, 0, blocks, scores, start);
        }
        return scores;
    }
}
