package io.sparkspann.vector.file;

import io.jhdf.HdfFile;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Link;
import io.jhdf.api.Node;
import io.jhdf.links.ExternalLink;
import io.sparkspann.error.InvalidInputException;
import io.sparkspann.error.SpannException;
import io.sparkspann.error.StorageException;
import io.sparkspann.vector.ByteSource;
import io.sparkspann.vector.FileBytes;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * An open HDF5 file: its data sets, and its bytes.
 *
 * <p>The HDF5 library maps local files only; any other source is copied to a temporary file that {@link #close} deletes.
 * Thread-safe.
 */
final class Hdf5Document implements ByteSource {
    private static final int COPY_BYTES = 4 << 20;
    private static final int MAX_LISTED = 50;
    private static final int MAX_GROUP_DEPTH = 8;

    private final ByteSource source;
    private final Path temporary;
    private final HdfFile hdf;

    private Hdf5Document(ByteSource source, Path temporary, HdfFile hdf) {
        this.source = source;
        this.temporary = temporary;
        this.hdf = hdf;
    }

    static Hdf5Document open(ByteSource source) {
        if (source instanceof FileBytes) {
            Path path = Path.of(source.name());
            return new Hdf5Document(
                    source, null, guard(source.name(), () -> new HdfFile(path)));
        }
        Path copy = copy(source);
        try {
            return new Hdf5Document(
                    source, copy, guard(source.name(), () -> new HdfFile(copy)));
        } catch (RuntimeException e) {
            deleteAfter(e, copy);
            throw e;
        }
    }

    private static Path copy(ByteSource source) {
        Path copy = null;
        try {
            copy = Files.createTempFile("spann-", ".hdf5");
            try (OutputStream out = Files.newOutputStream(copy)) {
                byte[] buffer = new byte[(int) Math.min(source.length(), COPY_BYTES)];
                for (long at = 0; at < source.length(); at += buffer.length) {
                    int count = (int) Math.min(buffer.length, source.length() - at);
                    source.readFully(at, buffer, 0, count);
                    out.write(buffer, 0, count);
                }
            }
            return copy;
        } catch (IOException e) {
            StorageException failure =
                    new StorageException(
                            String.format(
                                    "%s: cannot be copied to %s for reading: %s; it needs %d bytes",
                                    source.name(), copy, e.getMessage(), source.length()),
                            e);
            deleteAfter(failure, copy);
            throw failure;
        } catch (RuntimeException e) {
            deleteAfter(e, copy);
            throw e;
        }
    }

    private static void deleteAfter(RuntimeException failure, Path copy) {
        try {
            if (copy != null) {
                Files.deleteIfExists(copy);
            }
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    /**
     * Runs a call of the HDF5 library, which reports damage by exceptions of many types.
     *
     * @throws InvalidInputException instead of any of them
     */
    static <T> T guard(String name, Supplier<T> call) {
        try {
            return call.get();
        } catch (SpannException e) {
            throw e;
        } catch (RuntimeException | StackOverflowError | LinkageError e) {
            throw new InvalidInputException(
                    name
                            + ": cannot be read as HDF5: "
                            + Excerpt.of(String.valueOf(e.getMessage()))
                            + "; it is damaged, truncated, or of another format",
                    e);
        }
    }

    /** @throws InvalidInputException that lists the data sets that exist, if there is no such data set in this file */
    Dataset dataset(String path) {
        return guard(name(), () -> find(path));
    }

    private Dataset find(String path) {
        Node node = hdf;
        for (String part : path.split("/")) {
            if (part.isEmpty()) {
                continue;
            }
            node = node instanceof Group group ? group.getChild(part) : null;
            if (node instanceof Link link) {
                node = followed(path, link);
            }
        }
        if (node instanceof Dataset dataset) {
            return dataset;
        }
        List<String> names = new ArrayList<>();
        list(hdf, "", 0, names);
        throw new InvalidInputException(
                String.format(
                        "%s: there is no data set '%s'; %s",
                        name(),
                        path,
                        names.isEmpty()
                                ? "the file has none"
                                : "the data sets are " + String.join(", ", names)));
    }

    /** A link out of the file is refused: input must not make us read files that the user did not name. */
    private Node followed(String path, Link link) {
        Node target = link instanceof ExternalLink ? null : link.getTarget();
        if (target == null || target.getHdfFile() != hdf) {
            throw new InvalidInputException(
                    String.format(
                            "%s: data set '%s' is a link to another file; name that file instead",
                            name(), path));
        }
        return target;
    }

    private static void list(Group group, String prefix, int depth, List<String> names) {
        for (Node child : group) {
            if (names.size() >= MAX_LISTED) {
                return;
            }
            if (child instanceof Dataset) {
                names.add(prefix + child.getName());
            } else if (child instanceof Group inner && depth < MAX_GROUP_DEPTH) {
                list(inner, prefix + child.getName() + "/", depth + 1, names);
            }
        }
    }

    /** Bytes before the HDF5 data, which addresses in the file do not count. */
    long addressBase() {
        return hdf.getUserBlockSize();
    }

    @Override
    public String name() {
        return source.name();
    }

    @Override
    public long length() {
        return source.length();
    }

    @Override
    public void readFully(long position, byte[] target, int offset, int length) {
        source.readFully(position, target, offset, length);
    }

    @Override
    public void close() {
        try {
            hdf.close();
            if (temporary != null) {
                Files.deleteIfExists(temporary);
            }
        } catch (RuntimeException | IOException e) {
            throw new StorageException(name() + ": cannot be closed: " + e.getMessage(), e);
        } finally {
            source.close();
        }
    }
}
