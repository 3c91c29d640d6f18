package io.sparkspann.spark.jobs;

import java.io.IOException;
import java.net.URI;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.util.Progressable;

/** The local file system as {@code faulty:}, with the fault that {@link #FAULT} names. */
public final class FaultyFileSystem extends RawLocalFileSystem {
    static final String FAULT = "spann.test.fault";

    /** Files of tables cannot be created. */
    static final String FULL = "full";

    /** A folder is moved file by file, and that ends after the first. */
    static final String COPIES = "copies";

    /** Another job writes just before a folder is moved. */
    static final String RACE = "race";

    static Configuration with(Configuration conf, String fault) {
        conf.set("fs.faulty.impl", FaultyFileSystem.class.getName());
        conf.set("fs.faulty.impl.disable.cache", "true");
        conf.set(FAULT, fault);
        return conf;
    }

    @Override
    public URI getUri() {
        return URI.create("faulty:///");
    }

    @Override
    public FSDataOutputStream create(
            Path path,
            boolean overwrite,
            int bufferSize,
            short replication,
            long blockSize,
            Progressable progress)
            throws IOException {
        if (is(FULL) && path.getName().startsWith("part-")) {
            throw new IOException("No space left on device");
        }
        return super.create(path, overwrite, bufferSize, replication, blockSize, progress);
    }

    @Override
    public boolean rename(Path from, Path to) throws IOException {
        if (!from.getName().startsWith(".pairs.")) {
            return super.rename(from, to);
        }
        if (is(RACE)) {
            create(new Path(to, "part-of-another")).close();
        }
        if (is(COPIES)) {
            FileStatus first = listStatus(from)[0];
            mkdirs(to);
            super.rename(first.getPath(), new Path(to, first.getPath().getName()));
            throw new IOException("Connection reset");
        }
        return super.rename(from, to);
    }

    private boolean is(String fault) {
        return fault.equals(getConf().get(FAULT));
    }
}
