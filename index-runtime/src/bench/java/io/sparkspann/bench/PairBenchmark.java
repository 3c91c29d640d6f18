package io.sparkspann.bench;

import io.sparkspann.distance.KernelProvider;
import io.sparkspann.distance.Kernels;
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

/** The one-to-one kernels, one query against 240 vectors: nanoseconds for one pair. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PairBenchmark {
    private static final int VECTORS = 240;

    @Param({"100", "128", "768", "960"})
    public int dimensions;

    private final Kernels kernels = KernelProvider.kernels();
    private float[] query;
    private float[] vectors;
    private byte[] stored;
    private float[] widened;

    @Setup
    public void fill() {
        Random random = new Random(42);
        query = new float[dimensions];
        widened = new float[dimensions];
        stored = new byte[VECTORS * dimensions];
        vectors = new float[VECTORS * dimensions];
        random.nextBytes(stored);
        kernels.widen(stored, 0, true, vectors, 0, stored.length);
        for (int j = 0; j < dimensions; j++) {
            query[j] = random.nextInt(256);
        }
    }

    @Benchmark
    @OperationsPerInvocation(VECTORS)
    public float squaredL2() {
        float sum = 0;
        for (int i = 0; i < VECTORS; i++) {
            sum += kernels.squaredL2(query, 0, vectors, i * dimensions, dimensions);
        }
        return sum;
    }

    @Benchmark
    @OperationsPerInvocation(VECTORS)
    public float dot() {
        float sum = 0;
        for (int i = 0; i < VECTORS; i++) {
            sum += kernels.dot(query, 0, vectors, i * dimensions, dimensions);
        }
        return sum;
    }

    /** Each vector is widened for its one pair. */
    @Benchmark
    @OperationsPerInvocation(VECTORS)
    public float squaredL2OfUint8() {
        float sum = 0;
        for (int i = 0; i < VECTORS; i++) {
            kernels.widen(stored, i * dimensions, true, widened, 0, dimensions);
            sum += kernels.squaredL2(query, 0, widened, 0, dimensions);
        }
        return sum;
    }
}
