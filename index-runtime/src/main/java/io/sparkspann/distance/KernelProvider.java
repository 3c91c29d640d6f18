package io.sparkspann.distance;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The door to the kernels: chooses once per JVM, and says in one log line what was chosen and why.
 *
 * <p>The Vector API is used when the JVM runs with {@code --add-modules jdk.incubator.vector},
 * unless the system property {@code sparkspann.kernels} is {@code plain}.
 */
public final class KernelProvider {
    private static final Logger LOG = LoggerFactory.getLogger(KernelProvider.class);

    private KernelProvider() {}

    /** Holder idiom: the choice is made when kernels are first asked for. */
    private static final class Chosen {
        static final Kernels KERNELS = choose();
    }

    /** The kernels of this JVM. */
    public static Kernels kernels() {
        return Chosen.KERNELS;
    }

    private static Kernels choose() {
        String wish = System.getProperty("sparkspann.kernels", "auto");
        if (wish.equals("plain")) {
            LOG.debug("Distance kernels: plain Java, as asked for by sparkspann.kernels");
            return new PlainKernels();
        }
        if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
            LOG.warn(
                    "Distance kernels: plain Java, several times slower; run the JVM with"
                            + " --add-modules jdk.incubator.vector to use SIMD");
            return new PlainKernels();
        }
        try {
            // By name, so that this class loads where the module is absent.
            Class<?> type = Class.forName("io.sparkspann.distance.SimdKernels");
            Kernels kernels =
                    (Kernels)
                            MethodHandles.lookup()
                                    .findStatic(
                                            type, "create", MethodType.methodType(Kernels.class))
                                    .invoke();
            LOG.debug("Distance kernels: {}", kernels.name());
            return kernels;
        } catch (Throwable e) {
            if (e instanceof VirtualMachineError error) {
                throw error;
            }
            LOG.warn("Distance kernels: plain Java, because the Vector API cannot be used here", e);
            return new PlainKernels();
        }
    }
}
