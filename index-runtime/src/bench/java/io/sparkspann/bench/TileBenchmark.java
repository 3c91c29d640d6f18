package io.sparkspann.bench;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;

/** The tile kernel: nanoseconds for the score of one pair. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class TileBenchmark {
    @Benchmark
    @OperationsPerInvocation(TileData.PAIRS)
    public float[] float32(TileData data) {
        return score(data);
    }

    /** As the batch engine does it: the bytes of a posting are widened once, then scored. */
    @Benchmark
    @OperationsPerInvocation(TileData.PAIRS)
    public float[] uint8(TileData data) {
        float[] components = data.blocks.components();
        data.kernels.widen(data.stored, 0, true, components, 0, data.stored.length);
        return score(data);
    }

    /** The same of halfs. */
    @Benchmark
    @OperationsPerInvocation(TileData.PAIRS)
    public float[] float16(TileData data) {
        float[] components = data.blocks.components();
        data.kernels.widen(data.halfs, 0, components, 0, data.halfs.length);
        return score(data);
    }

    private static float[] score(TileData data) {
        data.kernels.score(
                data.queries,
                data.offsets,
                TileData.QUERIES,
                data.blocks,
                0,
                data.blocks.blockCount(),
                data.scores,
                data.targets);
        return data.scores;
    }
}
