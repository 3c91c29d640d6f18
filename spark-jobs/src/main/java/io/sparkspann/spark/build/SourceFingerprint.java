package io.sparkspann.spark.build;

import io.sparkspann.error.StorageException;
import io.sparkspann.format.ContentId;
import io.sparkspann.spark.error.Redaction;
import io.sparkspann.spark.input.InputSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/**
 * Recognises the input of a build: names, lengths and times of its files, and how they are read.
 */
final class SourceFingerprint {
    private SourceFingerprint() {}

    static String of(InputSpec input, Configuration conf) {
        List<String> parts = new ArrayList<>();
        Path path = new Path(input.path());
        try {
            FileSystem fileSystem = path.getFileSystem(conf);
            FileStatus[] roots = fileSystem.globStatus(path);
            if (roots != null) {
                for (FileStatus root : roots) {
                    RemoteIterator<LocatedFileStatus> files =
                            fileSystem.listFiles(root.getPath(), true);
                    while (files.hasNext()) {
                        LocatedFileStatus file = files.next();
                        parts.add(
                                file.getPath().toUri().getPath()
                                        + " "
                                        + file.getLen()
                                        + " "
                                        + file.getModificationTime());
                    }
                }
            }
        } catch (IOException e) {
            String message =
                    Redaction.redact(input.path() + ": cannot be listed: " + e.getMessage());
            throw new StorageException(message, e);
        }
        Collections.sort(parts);
        parts.add(
                input.format()
                        + " "
                        + input.idColumn()
                        + " "
                        + input.vectorColumn()
                        + " "
                        + input.dataset()
                        + " "
                        + input.badRows()
                        + " "
                        + input.componentType()
                        + (input.usualType() == null ? "" : " or " + input.usualType()));
        String text = String.join("\n", parts);
        return ContentId.of(text.getBytes(StandardCharsets.UTF_8)).toString();
    }
}
