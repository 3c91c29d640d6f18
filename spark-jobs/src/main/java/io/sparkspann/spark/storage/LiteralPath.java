package io.sparkspann.spark.storage;

import java.util.regex.Pattern;
import org.apache.hadoop.fs.Path;

/** Paths for Spark's readers, which take names for patterns. */
public final class LiteralPath {
    private static final Pattern SPECIAL = Pattern.compile("[*?\\[\\]{}\\\\]");

    private LiteralPath() {}

    /**
     * A pattern that matches this path alone. (Told to match none, Spark 3.5 to 4.2 reads a list of
     * files as often as there are names with special characters in it.)
     */
    public static String of(Path path) {
        return SPECIAL.matcher(path.toString()).replaceAll("\\\\$0");
    }
}
