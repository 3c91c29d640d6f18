package io.sparkspann.spark.bench;

import java.nio.file.Path;
import java.security.CodeSource;

/** Versions of libraries. */
final class Versions {
    private Versions() {}

    /** The version in the name of the jar that a class comes from. */
    static String ofJar(Class<?> type) {
        CodeSource source = type.getProtectionDomain().getCodeSource();
        String jar = Path.of(source.getLocation().getPath()).getFileName().toString();
        return jar.replaceFirst("^.*?-(?=\\d)", "").replaceFirst("\\.jar$", "");
    }
}
