package io.sparkspann.bench;

import io.sparkspann.distance.ByteBlocks;
import io.sparkspann.distance.Geometry;
import io.sparkspann.distance.HalfBlocks;
import io.sparkspann.distance.KernelProvider;
import io.sparkspann.distance.Kernels;
import io.sparkspann.distance.VerticalBlocks;
import io.sparkspann.vector.Half;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One query against postings of 112 vectors, as single queries do: nanoseconds for one pair. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RowBenchmark {
    private static final int VECTORS = 112;
    private static final int BLOCKS = VECTORS / VerticalBlocks.LANES;

    /** Together more than the L2 cache holds of any type, from 128 dimensions on. */
    private static final int POSTINGS = 64;

    @Param({"100", "128", "768", "960"})
    public int dimensions;

    private final Kernels kernels = KernelProvider.kernels();
    private final float[] scores = new float[VECTORS];
    private final int[] start = {0};
    private float[] query;
    private VerticalBlocks floats;
    private HalfBlocks halfs;
    private ByteBlocks bytes;
    private VerticalBlocks wide;

    @Setup
    public void fill() {
        Random random = new Random(42);
        float[] rows = new float[POSTINGS * VECTORS * dimensions];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = random.nextInt(256);
        }
        query = new float[dimensions];
        System.arraycopy(rows, 0, query, 0, dimensions);
        floats = Geometry.euclidean(dimensions).pack(rows, 0, POSTINGS * VECTORS);
        bytes = ByteBlocks.narrowed(floats, true);
        halfs = new HalfBlocks(dimensions);
        halfs.resize(POSTINGS * VECTORS);
        for (int i = 0; i < rows.length; i++) {
            halfs.components()[i] = Half.ofFloat(floats.components()[i]);
        }
        System.arraycopy(floats.bias(), 0, halfs.bias(), 0, POSTINGS * VECTORS);
        System.arraycopy(floats.scale(), 0, halfs.scale(), 0, POSTINGS * VECTORS);
        wide = new VerticalBlocks(dimensions);
    }

    @Benchmark
    @OperationsPerInvocation(POSTINGS * VECTORS)
    public float[] float32() {
        for (int p = 0; p < POSTINGS; p++) {
            kernels.score(query, start, 1, floats, p * BLOCKS, BLOCKS, scores, start);
        }
        return scores;
    }

    @Benchmark
    @OperationsPerInvocation(POSTINGS * VECTORS)
    public float[] float16() {
        for (int p = 0; p < POSTINGS; p++) {
            kernels.scoreHalfs(query, 0, halfs, p * BLOCKS, BLOCKS, wide, scores);
        }
        return scores;
    }

    /** Written as floats first. */
    @Benchmark
    @OperationsPerInvocation(POSTINGS * VECTORS)
    public float[] float16Widened() {
        for (int p = 0; p < POSTINGS; p++) {
            halfs.widen(p * BLOCKS, BLOCKS, wide);
            kernels.score(query, start, 1, wide, 0, BLOCKS, scores, start);
        }
        return scores;
    }

    @Benchmark
    @OperationsPerInvocation(POSTINGS * VECTORS)
    public float[] uint8() {
        for (int p = 0; p < POSTINGS; p++) {
            kernels.scoreBytes(query, 0, bytes, p * BLOCKS, BLOCKS, wide, scores);
        }
        return scores;
    }
}
