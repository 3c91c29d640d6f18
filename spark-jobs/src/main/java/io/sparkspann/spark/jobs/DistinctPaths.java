package io.sparkspann.spark.jobs;

import io.sparkspann.error.InvalidInputException;
import io.sparkspann.spark.storage.FileSystems;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Keeps a job from writing over what it reads. */
final class DistinctPaths {
    private DistinctPaths() {}

    /**
     * @throws InvalidInputException if one path is the other, or lies in it
     */
    static void require(
            Configuration conf, String written, String writtenPath, String read, String readPath) {
        String a = qualified(conf, writtenPath);
        String b = qualified(conf, readPath);
        if ((a + "/").startsWith(b + "/") || (b + "/").startsWith(a + "/")) {
            throw new InvalidInputException(
                    writtenPath
                            + ": is, contains or lies in what is read from "
                            + readPath
                            + "; give "
                            + written
                            + " a folder apart from "
                            + read);
        }
    }

    private static String qualified(Configuration conf, String text) {
        return FileSystems.of(text, conf).makeQualified(new Path(text)).toString();
    }
}
