package io.sparkspann.bench;

import java.util.concurrent.TimeUnit;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * What the machine can do at most: 16 independent chains of fused multiply-adds that touch no
 * memory. One operation is one multiply-add of a whole register; {@link #lanes} says how wide it
 * is.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SimdPeakBenchmark {
    private static final VectorSpecies<Float> SPECIES =
            FloatVector.SPECIES_PREFERRED.length() >= 16
                    ? FloatVector.SPECIES_512
                    : FloatVector.SPECIES_PREFERRED;
    private static final int ROUNDS = 4096;
    private static final int CHAINS = 16;

    private float factor = 0.999f;
    private float addend = 1e-3f;

    /** Lanes of the registers in use. */
    static int lanes() {
        return SPECIES.length();
    }

    @Benchmark
    @OperationsPerInvocation(ROUNDS * CHAINS)
    public float fma() {
        FloatVector x = FloatVector.broadcast(SPECIES, factor);
        FloatVector y = FloatVector.broadcast(SPECIES, addend);
        FloatVector a0 = y;
        FloatVector a1 = x;
        FloatVector a2 = y.add(1f);
        FloatVector a3 = y.add(2f);
        FloatVector a4 = y.add(3f);
        FloatVector a5 = y.add(4f);
        FloatVector a6 = y.add(5f);
        FloatVector a7 = y.add(6f);
        FloatVector a8 = y.add(7f);
        FloatVector a9 = y.add(8f);
        FloatVector b0 = y.add(9f);
        FloatVector b1 = y.add(10f);
        FloatVector b2 = y.add(11f);
        FloatVector b3 = y.add(12f);
        FloatVector b4 = y.add(13f);
        FloatVector b5 = y.add(14f);
        for (int i = 0; i < ROUNDS; i++) {
            a0 = a0.fma(x, y);
            a1 = a1.fma(x, y);
            a2 = a2.fma(x, y);
            a3 = a3.fma(x, y);
            a4 = a4.fma(x, y);
            a5 = a5.fma(x, y);
            a6 = a6.fma(x, y);
            a7 = a7.fma(x, y);
            a8 = a8.fma(x, y);
            a9 = a9.fma(x, y);
            b0 = b0.fma(x, y);
            b1 = b1.fma(x, y);
            b2 = b2.fma(x, y);
            b3 = b3.fma(x, y);
            b4 = b4.fma(x, y);
            b5 = b5.fma(x, y);
        }
        FloatVector low = a0.add(a1).add(a2.add(a3)).add(a4.add(a5)).add(a6.add(a7));
        FloatVector high = a8.add(a9).add(b0.add(b1)).add(b2.add(b3)).add(b4.add(b5));
        return low.add(high).lane(0);
    }
}
