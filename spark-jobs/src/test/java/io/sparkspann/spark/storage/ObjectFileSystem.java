package io.sparkspann.spark.storage;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSDataOutputStreamBuilder;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/**
 * An object store on a local disk, {@code object:///folder}: a file appears whole when it is
 * closed, and, under a conditional create, only if there is none. Settings make it lose the answer
 * after the work, or lack conditional creates.
 */
public final class ObjectFileSystem extends RawLocalFileSystem {
    static final String LOSE_ANSWER = "test.lose.answer";
    static final String NO_CONDITION = "test.no.condition";
    static final String FAIL_BEFORE = "test.fail.before";

    static Configuration configuration() {
        Configuration conf = new Configuration(false);
        conf.set("fs.object.impl", ObjectFileSystem.class.getName());
        conf.setBoolean("fs.object.impl.disable.cache", true);
        return conf;
    }

    @Override
    public String getScheme() {
        return "object";
    }

    @Override
    public URI getUri() {
        return URI.create("object:///");
    }

    @Override
    public boolean hasPathCapability(Path path, String capability) {
        return capability.equals(AtomicPut.CONDITIONAL_CREATE)
                && !getConf().getBoolean(NO_CONDITION, false);
    }

    @Override
    @SuppressWarnings("rawtypes")
    public FSDataOutputStreamBuilder createFile(Path path) {
        return new Builder(this, path);
    }

    private static final class Builder
            extends FSDataOutputStreamBuilder<FSDataOutputStream, Builder> {
        private final ObjectFileSystem owner;

        Builder(ObjectFileSystem owner, Path path) {
            super(owner, path);
            this.owner = owner;
        }

        @Override
        public Builder getThisBuilder() {
            return this;
        }

        @Override
        public FSDataOutputStream build() throws IOException {
            boolean conditional = getMandatoryKeys().contains(AtomicPut.CONDITIONAL_CREATE);
            return new FSDataOutputStream(
                    new Upload(owner.getConf(), getPath(), conditional), null);
        }
    }

    private static final class Upload extends ByteArrayOutputStream {
        private final Configuration conf;
        private final java.nio.file.Path target;
        private final boolean conditional;

        Upload(Configuration conf, Path path, boolean conditional) {
            this.conf = conf;
            this.target = Paths.get(path.toUri().getPath());
            this.conditional = conditional;
        }

        @Override
        public void close() throws IOException {
            if (conf.getBoolean(FAIL_BEFORE, false)) {
                throw new IOException("503 from object://me:secret@host/x?X-Amz-Signature=abc");
            }
            Files.createDirectories(target.getParent());
            java.nio.file.Path temporary = target.resolveSibling(UUID.randomUUID().toString());
            Files.write(temporary, toByteArray());
            try {
                if (conditional) {
                    Files.createLink(target, temporary);
                } else {
                    Files.copy(temporary, target);
                }
            } finally {
                Files.delete(temporary);
            }
            if (conf.getBoolean(LOSE_ANSWER, false)) {
                throw new IOException("connection reset");
            }
        }
    }
}
