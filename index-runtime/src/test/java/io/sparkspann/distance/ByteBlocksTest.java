package io.sparkspann.distance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ByteBlocksTest {
    private static final int D = 5;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void narrowedVectorsAreTheSameOnes(boolean unsigned) {
        int n = 37;
        float[] rows = new float[n * D];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = i * 7 % 256 - (unsigned ? 0 : 128);
        }
        VerticalBlocks blocks = Geometry.euclidean(D).pack(rows, 0, n);
        ByteBlocks bytes = ByteBlocks.narrowed(blocks, unsigned);
        assertThat(bytes.size()).isEqualTo(n);
        assertThat(bytes.blockCount()).isEqualTo(3);
        float[] copied = new float[D];
        for (int lane = 0; lane < n; lane++) {
            bytes.copyTo(lane, copied);
            assertThat(copied).isEqualTo(Arrays.copyOfRange(rows, lane * D, (lane + 1) * D));
            assertThat(bytes.bias()[lane]).isEqualTo(blocks.bias()[lane]);
            assertThat(bytes.scale()[lane]).isEqualTo(-2f);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 15, 16, 17, 40})
    void lanesWithoutAVectorScoreInfinityWhateverWasThereBefore(int size) {
        ByteBlocks bytes = new ByteBlocks(D, true);
        bytes.resize(48);
        Arrays.fill(bytes.components(), (byte) 9);
        Arrays.fill(bytes.bias(), Float.NaN);
        Arrays.fill(bytes.scale(), Float.NaN);
        bytes.resize(size);
        Arrays.fill(bytes.bias(), 0, size, 1f);
        Arrays.fill(bytes.scale(), 0, size, 1f);
        float[] query = {1, 1, 1, 1, 1};
        float[] scores = new float[bytes.blockCount() * VerticalBlocks.LANES];
        VerticalBlocks buffer = new VerticalBlocks(D);
        KernelProvider.kernels().scoreBytes(query, 0, bytes, 0, bytes.blockCount(), buffer, scores);
        for (int lane = 0; lane < scores.length; lane++) {
            assertThat(scores[lane]).isEqualTo(lane < size ? 46f : Float.POSITIVE_INFINITY);
        }
    }
}
