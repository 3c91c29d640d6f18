package io.sparkspann.distance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sparkspann.vector.Half;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What every implementation of the kernels must do. Seeds are fixed. */
abstract class KernelsContract {
    private static final int LANES = VerticalBlocks.LANES;
    private static final int[] DIMENSIONS = {1, 2, 3, 7, 15, 16, 17, 100, 127, 128, 129, 960};
    private static final int MOST_QUERIES = 70;
    private static final int MOST_BLOCKS = 20;
    private static final int LAST_FIRST_BLOCK = 3;
    private static final float UNTOUCHED = -77f;

    abstract Kernels kernels();

    /** Queries, vectors, and what the tile kernel must make of them. */
    private record Tile(
            float[] queries, int[] offsets, VerticalBlocks blocks, float[] expected, int lanes) {
        static Tile random(int d, SplittableRandom random) {
            int rows = 40;
            int size = (MOST_BLOCKS + LAST_FIRST_BLOCK) * LANES - 5;
            float[] queries = floats(rows * d + 3, random);
            int[] starts = new int[rows];
            Arrays.setAll(starts, i -> 3 + i * d);
            VerticalBlocks blocks = Geometry.euclidean(d).pack(floats(size * d, random), 0, size);
            for (int lane = 0; lane < size; lane++) {
                blocks.bias()[lane] = (float) random.nextDouble(-3, 3);
                blocks.scale()[lane] = (float) random.nextDouble(-3, 3);
            }
            int[] offsets = new int[MOST_QUERIES];
            Arrays.setAll(offsets, i -> starts[random.nextInt(rows)]);
            return of(queries, offsets, blocks);
        }

        static Tile of(float[] queries, int[] offsets, VerticalBlocks blocks) {
            int lanes = blocks.blockCount() * LANES;
            float[] expected = new float[offsets.length * lanes];
            for (int i = 0; i < offsets.length; i++) {
                for (int lane = 0; lane < lanes; lane++) {
                    expected[i * lanes + lane] = reference(queries, offsets[i], blocks, lane);
                }
            }
            return new Tile(queries, offsets, blocks, expected, lanes);
        }

        void check(Kernels kernels, int firstQuery, int count, int firstBlock, int blockCount) {
            int stride = blockCount * LANES;
            float[] scores = new float[count * stride + 40];
            Arrays.fill(scores, UNTOUCHED);
            int[] used = Arrays.copyOfRange(offsets, firstQuery, firstQuery + count);
            int[] targets = Kernels.rowTargets(count, 16 * blockCount);
            kernels.score(queries, used, count, blocks, firstBlock, blockCount, scores, targets);
            float[] wanted = scores.clone();
            for (int i = 0; i < count; i++) {
                int from = (firstQuery + i) * lanes + firstBlock * LANES;
                System.arraycopy(expected, from, wanted, i * stride, stride);
            }
            Arrays.fill(wanted, count * stride, wanted.length, UNTOUCHED);
            if (!Arrays.equals(scores, wanted)) {
                assertThat(scores)
                        .as(
                                "d %d, %d queries, %d blocks from %d",
                                blocks.dimensions(), count, blockCount, firstBlock)
                        .isEqualTo(wanted);
            }
        }
    }

    /** Fused multiply-adds in the order of the components; and not far from the truth. */
    private static float reference(float[] queries, int offset, VerticalBlocks blocks, int lane) {
        int d = blocks.dimensions();
        float sum = 0;
        double exact = 0;
        double magnitude = 0;
        for (int j = 0; j < d; j++) {
            float x = blocks.components()[(lane / LANES * d + j) * LANES + lane % LANES];
            sum = Math.fma(queries[offset + j], x, sum);
            exact += (double) queries[offset + j] * x;
            magnitude += Math.abs((double) queries[offset + j] * x);
        }
        double scale = blocks.scale()[lane];
        double score = blocks.bias()[lane] + scale * exact;
        float result = Math.fma(sum, blocks.scale()[lane], blocks.bias()[lane]);
        double rounding =
                (d * Math.abs(scale) * magnitude + Math.abs(score)) * 0x1p-24 + Float.MIN_VALUE;
        if (Double.isFinite(score)) {
            assertThat((double) result).isCloseTo(score, within(rounding));
        }
        return result;
    }

    static float[] floats(int n, SplittableRandom random) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    @Test
    void scoresAreFusedSumsInComponentOrderForEveryShapeOfTile() {
        for (int d : DIMENSIONS) {
            Tile tile = Tile.random(d, new SplittableRandom(1000 + d));
            for (int count = 1; count <= MOST_QUERIES; count++) {
                int blocks = 1 + (count * 7 + d) % MOST_BLOCKS;
                tile.check(kernels(), 0, count, (count + d) % (LAST_FIRST_BLOCK + 1), blocks);
            }
            for (int blocks = 1; blocks <= MOST_BLOCKS; blocks++) {
                for (int count : new int[] {1, 2, 3, 4, 5, 8, 9, 12, 13}) {
                    tile.check(kernels(), blocks, count, blocks % (LAST_FIRST_BLOCK + 1), blocks);
                }
            }
        }
    }

    @Test
    void scoresDoNotDependOnHowQueriesAreGrouped() {
        for (int d : new int[] {3, 17, 128, 129}) {
            Tile tile = Tile.random(d, new SplittableRandom(2000 + d));
            for (int group : new int[] {1, 3, 64}) {
                for (int from = 0; from < MOST_QUERIES; from += group) {
                    int count = Math.min(group, MOST_QUERIES - from);
                    tile.check(kernels(), from, count, 1, 7);
                }
            }
        }
    }

    /** All kinds of bytes, whole and broken queries, runs of blocks from anywhere. */
    @Test
    void bytesScoreTheSameToTheBitAsWhenTheyAreWidenedFirst() {
        for (int d : DIMENSIONS) {
            SplittableRandom random = new SplittableRandom(4000 + d);
            for (boolean unsigned : new boolean[] {true, false}) {
                int size = MOST_BLOCKS * LANES - 5;
                ByteBlocks bytes = new ByteBlocks(d, unsigned);
                bytes.resize(size);
                random.nextBytes(bytes.components());
                VerticalBlocks widened = new VerticalBlocks(d);
                widened.resize(size);
                for (int i = 0; i < bytes.components().length; i++) {
                    byte x = bytes.components()[i];
                    widened.components()[i] = unsigned ? x & 0xFF : x;
                }
                for (int lane = 0; lane < size; lane++) {
                    bytes.bias()[lane] = (float) random.nextDouble(-3, 3);
                    bytes.scale()[lane] = (float) random.nextDouble(-3, 3);
                }
                System.arraycopy(bytes.bias(), 0, widened.bias(), 0, MOST_BLOCKS * LANES);
                System.arraycopy(bytes.scale(), 0, widened.scale(), 0, MOST_BLOCKS * LANES);
                float[] query = floats(d + 3, random);
                for (int blocks = 1; blocks <= MOST_BLOCKS; blocks++) {
                    int first = random.nextInt(MOST_BLOCKS - blocks + 1);
                    checkBytes(query, bytes, widened, first, blocks);
                }
            }
        }
    }

    private void checkBytes(
            float[] query, ByteBlocks bytes, VerticalBlocks widened, int first, int blocks) {
        float[] wanted = new float[blocks * LANES + 5];
        Arrays.fill(wanted, UNTOUCHED);
        float[] scores = wanted.clone();
        kernels().score(query, new int[] {3}, 1, widened, first, blocks, wanted, new int[1]);
        VerticalBlocks buffer = new VerticalBlocks(bytes.dimensions());
        kernels().scoreBytes(query, 3, bytes, first, blocks, buffer, scores);
        assertThat(scores).as("d %d, %d blocks", bytes.dimensions(), blocks).isEqualTo(wanted);
    }

    /** All kinds of finite halfs, runs of blocks from anywhere. */
    @Test
    void halfsScoreTheSameToTheBitAsWhenTheyAreWidenedFirst() {
        for (int d : DIMENSIONS) {
            SplittableRandom random = new SplittableRandom(4500 + d);
            int size = MOST_BLOCKS * LANES - 5;
            HalfBlocks halfs = new HalfBlocks(d);
            halfs.resize(size);
            VerticalBlocks widened = new VerticalBlocks(d);
            widened.resize(size);
            for (int i = 0; i < halfs.components().length; i++) {
                short half = (short) random.nextInt();
                halfs.components()[i] = Half.isFinite(half) ? half : (short) (half & 0x83FF);
                widened.components()[i] = Half.toFloat(halfs.components()[i]);
            }
            for (int lane = 0; lane < size; lane++) {
                halfs.bias()[lane] = (float) random.nextDouble(-3, 3);
                halfs.scale()[lane] = (float) random.nextDouble(-3, 3);
            }
            System.arraycopy(halfs.bias(), 0, widened.bias(), 0, MOST_BLOCKS * LANES);
            System.arraycopy(halfs.scale(), 0, widened.scale(), 0, MOST_BLOCKS * LANES);
            float[] query = floats(d + 3, random);
            for (int blocks = 1; blocks <= MOST_BLOCKS; blocks++) {
                int first = random.nextInt(MOST_BLOCKS - blocks + 1);
                float[] wanted = new float[blocks * LANES + 5];
                Arrays.fill(wanted, UNTOUCHED);
                float[] scores = wanted.clone();
                int[] start = {3};
                kernels().score(query, start, 1, widened, first, blocks, wanted, new int[1]);
                VerticalBlocks buffer = new VerticalBlocks(d);
                kernels().scoreHalfs(query, 3, halfs, first, blocks, buffer, scores);
                assertThat(scores).as("d %d, %d blocks", d, blocks).isEqualTo(wanted);
            }
        }
    }

    @Test
    void everyFiniteHalfIsWidenedToTheBit() {
        short[] all = new short[1 << 16];
        int size = 0;
        for (int bits = 0; bits < 1 << 16; bits++) {
            if (Half.isFinite((short) bits)) {
                all[size++] = (short) bits;
            }
        }
        for (int from = 0; from < size; from += 1021) {
            int count = Math.min(1021, size - from);
            float[] target = new float[count + 20];
            Arrays.fill(target, UNTOUCHED);
            kernels().widen(all, from, target, 3, count);
            for (int i = 0; i < target.length; i++) {
                boolean written = i >= 3 && i < 3 + count;
                float wanted = written ? Half.toFloat(all[from + i - 3]) : UNTOUCHED;
                if (Float.floatToRawIntBits(target[i]) != Float.floatToRawIntBits(wanted)) {
                    assertThat(target[i]).as("half %d", from + i - 3).isEqualTo(wanted);
                }
            }
        }
    }

    @Test
    void scoresOfExtremesAreThoseOfTheReference() {
        float[] values = {
            0f,
            -0f,
            255f,
            -255f,
            1f,
            Float.MIN_VALUE,
            -Float.MIN_VALUE,
            Float.MIN_NORMAL,
            1e18f,
            -1e18f,
            1e-30f,
            0x1.fffffep60f
        };
        for (int d : new int[] {1, 5, 16, 33}) {
            SplittableRandom random = new SplittableRandom(3000 + d);
            float[] rows = new float[37 * d];
            for (int i = 0; i < rows.length; i++) {
                rows[i] = values[random.nextInt(values.length)];
            }
            VerticalBlocks blocks = Geometry.euclidean(d).pack(rows, 0, 37);
            int[] offsets = new int[37];
            Arrays.setAll(offsets, i -> i * d);
            Tile.of(rows, offsets, blocks).check(kernels(), 0, 37, 0, 3);
        }
    }

    @Test
    void integersUpTo255AreScoredExactly() {
        int d = 258;
        byte[] worst = new byte[d];
        Arrays.fill(worst, (byte) 255);
        float[] query = new float[d];
        kernels().widen(worst, 0, true, query, 0, d);
        VerticalBlocks blocks = Geometry.euclidean(d).pack(query, 0, 1);
        float[] scores = new float[LANES];
        kernels().score(query, new int[] {0}, 1, blocks, 0, 1, scores, new int[1]);
        assertThat(scores[0]).isEqualTo(-255f * 255 * d);
    }

    @Test
    void unusedLanesScoreInfinityWhateverWasThereBefore() {
        for (int d : new int[] {1, 5, 16}) {
            VerticalBlocks blocks = new VerticalBlocks(d);
            blocks.resize(48);
            for (float junk : new float[] {Float.NaN, Float.POSITIVE_INFINITY, 5f}) {
                Arrays.fill(blocks.components(), junk);
                Arrays.fill(blocks.bias(), junk);
                Arrays.fill(blocks.scale(), junk);
                for (int size = 1; size <= 33; size++) {
                    blocks.resize(size);
                    float[] row = new float[d];
                    Arrays.fill(row, 2f);
                    for (int lane = 0; lane < size; lane++) {
                        blocks.putSquaredL2(lane, row, 0);
                    }
                    float[] scores = new float[2 * blocks.blockCount() * LANES];
                    int[] offsets = {0, 0};
                    int[] targets = Kernels.rowTargets(2, 16 * blocks.blockCount());
                    kernels()
                            .score(
                                    row,
                                    offsets,
                                    2,
                                    blocks,
                                    0,
                                    blocks.blockCount(),
                                    scores,
                                    targets);
                    for (int i = 0; i < scores.length; i++) {
                        int lane = i % (scores.length / 2);
                        float wanted = lane < size ? -4f * d : Float.POSITIVE_INFINITY;
                        assertThat(scores[i]).isEqualTo(wanted);
                    }
                }
            }
        }
    }

    @Test
    void atMostFindsEqualsAndSkipsNaN() {
        SplittableRandom random = new SplittableRandom(4);
        float[] pool = {
            -1f, -0f, 0f, 1f, 2f, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY
        };
        for (int count = 16; count <= 160; count += 16) {
            for (float threshold : pool) {
                int from = random.nextInt(9);
                float[] scores = new float[from + count + 5];
                for (int i = 0; i < scores.length; i++) {
                    scores[i] = pool[random.nextInt(pool.length)];
                }
                List<Integer> wanted = new ArrayList<>();
                for (int i = 0; i < count; i++) {
                    if (scores[from + i] <= threshold) {
                        wanted.add(i);
                    }
                }
                int[] found = new int[count];
                int n = kernels().atMost(scores, from, count, threshold, found);
                assertThat(Arrays.stream(found, 0, n).boxed().toList()).isEqualTo(wanted);
                assertThat(kernels().anyAtMost(scores, from, count, threshold))
                        .isEqualTo(!wanted.isEmpty());
            }
        }
    }

    @Test
    void argMinIsTheFirstOfEquals() {
        SplittableRandom random = new SplittableRandom(5);
        float[] pool = {-1f, 0f, 1f, Float.POSITIVE_INFINITY};
        for (int round = 0; round < 2000; round++) {
            int count = 16 * (1 + random.nextInt(6));
            int from = random.nextInt(9);
            int values = 1 + random.nextInt(pool.length);
            float[] scores = new float[from + count + 5];
            for (int i = 0; i < scores.length; i++) {
                scores[i] = pool[pool.length - 1 - random.nextInt(values)];
            }
            int wanted = 0;
            for (int i = 1; i < count; i++) {
                if (scores[from + i] < scores[from + wanted]) {
                    wanted = i;
                }
            }
            assertThat(kernels().argMin(scores, from, count)).isEqualTo(wanted);
        }
    }

    @Test
    void argMinFindsEveryPosition() {
        for (int at = 0; at < 96; at++) {
            float[] scores = new float[100];
            Arrays.fill(scores, Float.POSITIVE_INFINITY);
            scores[3 + at] = Float.NEGATIVE_INFINITY;
            assertThat(kernels().argMin(scores, 3, 96)).isEqualTo(at);
        }
    }

    @Test
    void oneToOneKernelsAreNearTheTruth() {
        for (int d = 0; d <= 1030; d += d < 140 ? 1 : 89) {
            SplittableRandom random = new SplittableRandom(6000 + d);
            float[] a = floats(d + 7, random);
            float[] b = floats(d + 9, random);
            double squared = 0;
            double dot = 0;
            double magnitude = 0;
            for (int j = 0; j < d; j++) {
                double difference = (double) a[3 + j] - b[5 + j];
                squared += difference * difference;
                dot += (double) a[3 + j] * b[5 + j];
                magnitude += Math.abs((double) a[3 + j] * b[5 + j]);
            }
            double rounding = (d + 2) * 0x1p-24;
            assertThat((double) kernels().squaredL2(a, 3, b, 5, d))
                    .isCloseTo(squared, within(rounding * squared));
            assertThat((double) kernels().dot(a, 3, b, 5, d))
                    .isCloseTo(dot, within(rounding * magnitude));
            assertThat(kernels().squaredL2(a, 3, a, 3, d)).isZero();
        }
    }

    @Test
    void oneToOneKernelsAreTheSameInEveryImplementation() {
        PlainKernels plain = new PlainKernels();
        for (int d = 0; d <= 200; d++) {
            SplittableRandom random = new SplittableRandom(6500 + d);
            float[] a = floats(d + 7, random);
            float[] b = floats(d + 9, random);
            assertThat(kernels().squaredL2(a, 3, b, 5, d))
                    .as("squaredL2 of %d components", d)
                    .isEqualTo(plain.squaredL2(a, 3, b, 5, d));
            assertThat(kernels().dot(a, 3, b, 5, d))
                    .as("dot of %d components", d)
                    .isEqualTo(plain.dot(a, 3, b, 5, d));
        }
    }

    @Test
    void compiledCodeGivesTheBitsOfInterpretedCode() {
        SplittableRandom random = new SplittableRandom(6800);
        float[] a = floats(177, random);
        float[] b = floats(177, random);
        float squared = kernels().squaredL2(a, 0, b, 0, 177);
        float dot = kernels().dot(a, 0, b, 0, 177);
        for (int round = 0; round < 50_000; round++) {
            if (squared != kernels().squaredL2(a, 0, b, 0, 177)
                    || dot != kernels().dot(a, 0, b, 0, 177)) {
                throw new AssertionError("other bits in round " + round);
            }
        }
    }

    @Test
    void everyByteIsWidened() {
        byte[] all = new byte[256 + 5];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) (i - 5);
        }
        for (boolean unsigned : new boolean[] {true, false}) {
            for (int count = 0; count <= 256; count++) {
                float[] target = new float[270];
                Arrays.fill(target, UNTOUCHED);
                kernels().widen(all, 5, unsigned, target, 3, count);
                for (int i = 0; i < target.length; i++) {
                    boolean written = i >= 3 && i < 3 + count;
                    float value = unsigned ? i - 3 : (byte) (i - 3);
                    assertThat(target[i]).isEqualTo(written ? value : UNTOUCHED);
                }
            }
        }
    }

    @Test
    void accumulateAddsInDoublePrecision() {
        for (int d = 0; d <= 140; d++) {
            SplittableRandom random = new SplittableRandom(7000 + d);
            float[] row = floats(d + 9, random);
            double[] sums = new double[d + 8];
            Arrays.setAll(sums, i -> random.nextGaussian() * 1e9);
            double[] wanted = sums.clone();
            for (int j = 0; j < d; j++) {
                wanted[3 + j] += row[5 + j];
            }
            kernels().accumulate(row, 5, sums, 3, d);
            assertThat(sums).isEqualTo(wanted);
        }
    }

    @Test
    void otherFormsScoreWhatTheySay() {
        SplittableRandom random = new SplittableRandom(21);
        for (ScoreForm form :
                new ScoreForm[] {ScoreForm.L1, ScoreForm.HAMMING, ScoreForm.JACCARD}) {
            for (int d : new int[] {1, 2, 3, 4, 29, 30, 31, 61, 128}) {
                for (int queries : new int[] {1, 3, 4, 9}) {
                    checkForm(form, d, queries, random);
                }
            }
        }
    }

    private void checkForm(ScoreForm form, int d, int queryCount, SplittableRandom random) {
        boolean bits = form != ScoreForm.L1;
        int size = 2 * LANES + 5;
        float[] rows = bits ? words(size * d, random) : floats(size * d, random);
        float[] queries = bits ? words(queryCount * d, random) : floats(queryCount * d, random);
        VerticalBlocks blocks = new VerticalBlocks(d, form);
        blocks.resize(size);
        for (int i = 0; i < size; i++) {
            blocks.put(i, rows, i * d);
            blocks.bias()[i] = random.nextInt(3);
            blocks.scale()[i] = BitWords.count(rows, i * d, d);
        }
        int[] offsets = new int[queryCount];
        Arrays.setAll(offsets, i -> i * d);
        int lanes = 2 * LANES;
        float[] scores = new float[queryCount * lanes];
        int[] targets = Kernels.rowTargets(queryCount, lanes);
        kernels().score(queries, offsets, queryCount, blocks, 1, 2, scores, targets);
        float[] plain = new float[scores.length];
        new PlainKernels().score(queries, offsets, queryCount, blocks, 1, 2, plain, targets);
        assertThat(scores).isEqualTo(plain);
        for (int q = 0; q < queryCount; q++) {
            float[] query = Arrays.copyOfRange(queries, q * d, (q + 1) * d);
            for (int lane = 0; lane < lanes; lane++) {
                int i = LANES + lane;
                float score = scores[q * lanes + lane];
                if (i >= size) {
                    assertThat(score).isEqualTo(Float.POSITIVE_INFINITY);
                    continue;
                }
                float[] row = Arrays.copyOfRange(rows, i * d, (i + 1) * d);
                double expected = TrueDistance.of(metric(form), row, query) + blocks.bias()[i];
                assertThat((double) score).isCloseTo(expected, within(expected * d * 1e-7 + 1e-6));
            }
        }
    }

    private static Metric metric(ScoreForm form) {
        return form == ScoreForm.L1
                ? Metric.L1
                : form == ScoreForm.HAMMING ? Metric.HAMMING : Metric.JACCARD;
    }

    /** Words of few, of many and of no bits. */
    private static float[] words(int n, SplittableRandom random) {
        float[] words = new float[n];
        for (int i = 0; i < n; i++) {
            int word = random.nextInt();
            int kind = random.nextInt(4);
            words[i] =
                    Float.intBitsToFloat(
                            kind == 0 ? 0 : kind == 1 ? word & word >>> 7 : kind == 2 ? -1 : word);
        }
        return words;
    }
}
