package io.sparkspann.build;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sparkspann.error.StorageException;
import io.sparkspann.format.Manifest;
import io.sparkspann.storage.Storage;
import io.sparkspann.vector.ByteSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The report of the last build beside the manifests of an index, for people. No reader of the index
 * needs it, and nothing about it fails a build.
 */
public final class ReportFile {
    /** Name of the file in the index directory. */
    public static final String NAME = "report.json";

    /** A report of 100,000 shards has about a sixth of that. */
    private static final int MOST_BYTES = 64 << 20;

    private static final byte[] BEGINNING =
            ("{\n  \"" + ReportJson.MARK + "\"").getBytes(StandardCharsets.US_ASCII);

    private static final Logger LOG = LoggerFactory.getLogger(ReportFile.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    private ReportFile() {}

    /**
     * How the build of a snapshot went.
     *
     * @param run empty if that is not known
     * @param why it is not known, in a few words; else empty
     */
    public record Found(Optional<BuildRun> run, String why) {
        private static Found nothing(String why) {
            return new Found(Optional.empty(), why);
        }
    }

    /**
     * Puts the report of a build that has been committed in the place of the one before.
     *
     * @return a line for the user if that failed, else empty
     */
    static String write(Storage storage, Manifest manifest, BuildRun run) {
        try {
            byte[] content = bytes(manifest, run);
            if (storage.exists(NAME)) {
                if (!isReport(storage)) {
                    return problem(storage, "is no report of a build, and stays as it is");
                }
                storage.delete(NAME);
            }
            return storage.putIfAbsent(NAME, content) == Storage.Put.CREATED
                    ? ""
                    : problem(storage, "another process has just written it");
        } catch (RuntimeException | IOException e) {
            LOG.debug("report of {}", storage.location(), e);
            return problem(storage, String.valueOf(e.getMessage()));
        }
    }

    private static String problem(Storage storage, String what) {
        String place = storage.location() + "/" + NAME;
        String line =
                "the index is complete, but the report of its build was not written: "
                        + (what.contains(NAME) ? what : place + ": " + what);
        LOG.warn("{}", line);
        return line;
    }

    private static byte[] bytes(Manifest manifest, BuildRun run) throws JsonProcessingException {
        String text =
                JSON.writer(ReportJson.PRINTER).writeValueAsString(ReportJson.of(manifest, run));
        return (text + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** Whether the file is one of {@link #write}, whole or torn, and not a user's. */
    private static boolean isReport(Storage storage) {
        if (!storage.list(NAME).isEmpty()) {
            return false;
        }
        try (ByteSource source = storage.open(NAME)) {
            byte[] found = new byte[(int) Math.min(BEGINNING.length, source.length())];
            source.readFully(0, found, 0, found.length);
            return Arrays.equals(found, Arrays.copyOf(BEGINNING, found.length));
        }
    }

    /** Reads how a snapshot was built. No state of the file is an error. */
    public static Found read(Storage storage, Manifest manifest) {
        try {
            if (!storage.exists(NAME)) {
                return Found.nothing("there is no " + NAME);
            }
            JsonNode json = parse(storage);
            if (!ReportJson.isOf(json, manifest)) {
                return Found.nothing(NAME + " is about another build");
            }
            Optional<BuildRun> run = ReportJson.run(json);
            return run.isPresent() ? new Found(run, "") : Found.nothing(NAME + " is damaged");
        } catch (IOException | StorageException e) {
            LOG.debug("report of {}", storage.location(), e);
            return Found.nothing(NAME + " cannot be read");
        }
    }

    private static JsonNode parse(Storage storage) throws IOException {
        try (ByteSource source = storage.open(NAME)) {
            if (source.length() > MOST_BYTES) {
                throw new IOException(NAME + " has more than " + MOST_BYTES + " bytes");
            }
            byte[] bytes = new byte[(int) source.length()];
            source.readFully(0, bytes, 0, bytes.length);
            return JSON.readTree(bytes);
        }
    }
}
