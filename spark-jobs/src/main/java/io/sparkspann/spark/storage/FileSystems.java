package io.sparkspann.spark.storage;

import io.sparkspann.error.StorageException;
import io.sparkspann.spark.error.Redaction;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.apache.hadoop.util.VersionInfo;

/** Finds the file system of a URI. */
public final class FileSystems {
    private FileSystems() {}

    /**
     * @param uri of any Hadoop file system; without a scheme it is in the default one
     * @throws StorageException if the file system is unknown or cannot be reached
     */
    public static FileSystem of(String uri, Configuration conf) {
        try {
            return new Path(uri).getFileSystem(conf);
        } catch (IOException | RuntimeException e) {
            // Hadoop wraps a missing class in a RuntimeException.
            boolean missing =
                    e instanceof UnsupportedFileSystemException
                            || e.getCause() instanceof ClassNotFoundException;
            String hint =
                    "; give spark-submit the jars of this file system (for s3a: --packages"
                            + " org.apache.hadoop:hadoop-aws:"
                            + VersionInfo.getVersion()
                            + ")";
            throw new StorageException(
                    Redaction.redact(uri)
                            + ": no usable file system: "
                            + Redaction.redact(e.getMessage())
                            + (missing ? hint : ""),
                    e);
        }
    }
}
