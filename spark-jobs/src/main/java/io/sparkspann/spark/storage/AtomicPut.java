package io.sparkspann.spark.storage;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.UUID;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSDataOutputStreamBuilder;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options.CreateOpts;
import org.apache.hadoop.fs.Options.Rename;
import org.apache.hadoop.fs.Path;

/**
 * The ways to create a small file whole or not at all, one for each family of remote file systems.
 * Stateless, thread-safe.
 *
 * <p>{@link #put} throws when the file exists, and also when the outcome is unknown; the caller
 * reads the file back and compares. So the content must be unique to its writer.
 */
enum AtomicPut {
    /** HDFS and Azure: the name service renames atomically, and refuses a name that is taken. */
    RENAME {
        @Override
        void put(FileSystem fileSystem, Path path, byte[] content) throws IOException {
            FileContext context = FileContext.getFileContext(path.toUri(), fileSystem.getConf());
            Path temporary = new Path(path.getParent(), temporaryName(path));
            try {
                try (FSDataOutputStream out =
                        context.create(
                                temporary,
                                EnumSet.of(CreateFlag.CREATE),
                                CreateOpts.createParent())) {
                    out.write(content);
                    out.hsync();
                }
                context.rename(temporary, path, Rename.NONE);
            } finally {
                context.delete(temporary, false);
            }
        }
    },
    /** Object stores with conditional writes (S3A since Hadoop 3.4.2). */
    CONDITIONAL {
        @Override
        void put(FileSystem fileSystem, Path path, byte[] content) throws IOException {
            FSDataOutputStreamBuilder<?, ?> builder = fileSystem.createFile(path);
            builder.recursive();
            builder.must(CONDITIONAL_CREATE, true);
            try (OutputStream out = builder.build()) {
                out.write(content);
            }
        }
    },
    /** Object stores without: the user has promised that nobody else writes. */
    SINGLE_WRITER {
        @Override
        void put(FileSystem fileSystem, Path path, byte[] content) throws IOException {
            try (OutputStream out =
                    fileSystem.createFile(path).recursive().overwrite(false).build()) {
                out.write(content);
            }
        }
    },
    /** None is safe. */
    REFUSED {
        @Override
        void put(FileSystem fileSystem, Path path, byte[] content) throws IOException {
            throw new IOException(
                    "this file system cannot create a file only if it is absent, which a commit"
                        + " needs; use Hadoop 3.4.2 or newer for S3, or, if no two jobs ever write"
                        + " the index at once, set "
                            + SINGLE_WRITER_KEY
                            + "=true");
        }
    };

    static final String CONDITIONAL_CREATE = "fs.option.create.conditional.overwrite";
    static final String SINGLE_WRITER_KEY = "spann.storage.single-writer";

    abstract void put(FileSystem fileSystem, Path path, byte[] content) throws IOException;

    /** Chooses the way for the file system that holds {@code path}. */
    static AtomicPut of(FileSystem fileSystem, Path path) throws IOException {
        String scheme = fileSystem.getUri().getScheme();
        switch (scheme == null ? "" : scheme.toLowerCase(Locale.ROOT)) {
            case "hdfs":
            case "abfs":
            case "abfss":
                return RENAME;
            default:
                if (fileSystem.hasPathCapability(path, CONDITIONAL_CREATE)) {
                    return CONDITIONAL;
                }
                return fileSystem.getConf().getBoolean(SINGLE_WRITER_KEY, false)
                        ? SINGLE_WRITER
                        : REFUSED;
        }
    }

    /** Whether the file holds exactly {@code content}. */
    static boolean holds(FileSystem fileSystem, Path path, byte[] content) throws IOException {
        if (fileSystem.getFileStatus(path).getLen() != content.length) {
            return false;
        }
        byte[] found = new byte[content.length];
        try (FSDataInputStream in = fileSystem.open(path)) {
            in.readFully(0, found);
        }
        return Arrays.equals(found, content);
    }

    private static String temporaryName(Path path) {
        return "." + path.getName() + "." + UUID.randomUUID() + ".tmp";
    }
}
