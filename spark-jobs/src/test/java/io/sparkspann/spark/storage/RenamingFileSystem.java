package io.sparkspann.spark.storage;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.DelegateToFileSystem;
import org.apache.hadoop.fs.RawLocalFileSystem;

/**
 * A local folder under the scheme of HDFS, for one writer at a time: its rename does look before it
 * leaps.
 */
public final class RenamingFileSystem extends RawLocalFileSystem {
    @Override
    public String getScheme() {
        return "hdfs";
    }

    @Override
    public URI getUri() {
        return URI.create("hdfs:///");
    }

    /** The same for {@link org.apache.hadoop.fs.FileContext}. */
    public static final class Context extends DelegateToFileSystem {
        public Context(URI uri, Configuration conf) throws IOException, URISyntaxException {
            super(uri, new RenamingFileSystem(), conf, "hdfs", false);
        }
    }
}
