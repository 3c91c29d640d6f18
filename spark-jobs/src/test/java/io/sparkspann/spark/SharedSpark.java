package io.sparkspann.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Hands a test the one local Spark session of this JVM, as a parameter:
 * {@code @ExtendWith(SharedSpark.class)}. Two task threads, no user interface. The session ends
 * with the JVM; a test leaves its settings as they were.
 */
public final class SharedSpark implements ParameterResolver {
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == SparkSession.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return session();
    }

    /** The session, started at the first call. */
    public static SparkSession session() {
        return Holder.SESSION;
    }

    private static final class Holder {
        /** Not there for older lines of Spark. */
        private static final String EXTENSIONS = "io.sparkspann.sql.SpannExtensions";

        static final SparkSession SESSION = start();

        private static boolean isPresent(String type) {
            return SharedSpark.class.getClassLoader().getResource(type.replace('.', '/') + ".class")
                    != null;
        }

        private static SparkSession start() {
            try {
                Path scratch = Files.createTempDirectory("shared-spark");
                SparkSession.Builder builder = SparkSession.builder();
                if (isPresent(EXTENSIONS) && System.getProperty("spark.sql.extensions") == null) {
                    builder.config("spark.sql.extensions", EXTENSIONS);
                }
                SparkSession session =
                        builder.appName("tests")
                                .master("local[2]")
                                .config("spark.ui.enabled", "false")
                                .config("spark.driver.host", "127.0.0.1")
                                .config("spark.driver.bindAddress", "127.0.0.1")
                                .config("spark.sql.shuffle.partitions", "4")
                                .config("spark.local.dir", scratch.resolve("local").toString())
                                .config(
                                        "spark.sql.warehouse.dir",
                                        scratch.resolve("warehouse").toUri().toString())
                                .getOrCreate();
                session.sparkContext().setLogLevel("ERROR");
                return session;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
