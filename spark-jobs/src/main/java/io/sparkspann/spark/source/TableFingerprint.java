package io.sparkspann.spark.source;

import io.sparkspann.error.InvalidInputException;
import io.sparkspann.error.StorageException;
import io.sparkspann.format.ContentId;
import io.sparkspann.spark.error.Redaction;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Tells the content of a table of files: by their names, lengths and times. */
public final class TableFingerprint {
    private TableFingerprint() {}

    /** That of files. */
    public static String of(List<FileStatus> files) {
        List<String> lines = new ArrayList<>();
        for (FileStatus file : files) {
            String path = file.getPath().toUri().getPath();
            lines.add(path + " " + file.getLen() + " " + file.getModificationTime());
        }
        lines.sort(null);
        return ContentId.of(String.join("\n", lines).getBytes(StandardCharsets.UTF_8)).toString();
    }

    /**
     * That of the files which a data set reads.
     *
     * @throws InvalidInputException if it reads none
     */
    static String of(Dataset<Row> table, String name) {
        String[] names = table.inputFiles();
        if (names.length == 0) {
            throw new InvalidInputException(
                    name + ": is no table of files, whose content could be told");
        }
        Configuration conf = table.sparkSession().sparkContext().hadoopConfiguration();
        List<FileStatus> files = new ArrayList<>();
        for (String file : names) {
            try {
                // Names come as URIs.
                Path path = new Path(java.net.URI.create(file));
                files.add(path.getFileSystem(conf).getFileStatus(path));
            } catch (IOException e) {
                throw new StorageException(
                        Redaction.redact(file) + ": cannot be looked up: " + e.getMessage(), e);
            }
        }
        return of(files);
    }
}
