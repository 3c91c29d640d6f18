package io.sparkspann.distance;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SimdKernelsTest extends KernelsContract {
    private static final String MODULE = "jdk.incubator.vector";

    @BeforeAll
    static void requireModule() {
        boolean present = ModuleLayer.boot().findModule(MODULE).isPresent();
        Assumptions.assumeTrue(present, "NOT TESTED: the Vector API; run with --add-modules");
    }

    @Override
    Kernels kernels() {
        return SimdKernels.create();
    }

    /**
     * The width of registers is fixed for a JVM, so that narrower machines need one of their own.
     */
    @ParameterizedTest
    @ValueSource(ints = {16, 32})
    void narrowRegistersDoTheSame(int registerBytes) throws Exception {
        Process jvm =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:+IgnoreUnrecognizedVMOptions",
                                "-XX:MaxVectorSize=" + registerBytes,
                                "--add-modules=" + MODULE,
                                "-cp",
                                System.getProperty("java.class.path"),
                                SimdKernelsTest.class.getName())
                        .redirectErrorStream(true)
                        .start();
        String output = new String(jvm.getInputStream().readAllBytes());
        assertThat(jvm.waitFor(60, TimeUnit.SECONDS)).as(output).isTrue();
        assertThat(jvm.exitValue()).as(output).isZero();
        assertThat(output)
                .contains("vector-api " + registerBytes * 8 + " bit", "all checks passed");
    }

    /** Runs the contract in this JVM, without JUnit. */
    public static void main(String[] arguments) throws Exception {
        SimdKernelsTest test = new SimdKernelsTest();
        System.out.println(test.kernels().name());
        List<Method> checks =
                java.util.Arrays.stream(KernelsContract.class.getDeclaredMethods())
                        .filter(method -> method.isAnnotationPresent(Test.class))
                        .toList();
        for (Method check : checks) {
            check.invoke(test);
        }
        System.out.println(checks.isEmpty() ? "no checks" : "all checks passed");
    }
}
