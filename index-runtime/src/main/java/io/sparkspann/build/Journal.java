package io.sparkspann.build;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sparkspann.error.CommitConflictException;
import io.sparkspann.error.CorruptIndexException;
import io.sparkspann.storage.Storage;
import io.sparkspann.vector.ByteSource;
import java.io.IOException;
import java.util.function.Supplier;

/**
 * What the finished stages of a build left: a small file each, created whole. A resumed build takes
 * the results that are there and computes the rest.
 */
final class Journal {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Storage storage;
    private final String folder;

    Journal(Storage storage, String folder) {
        this.storage = storage;
        this.folder = folder;
    }

    /**
     * The result of a stage.
     *
     * @param earlier whether it is of an earlier run
     */
    record Entry<R>(R result, boolean earlier) {}

    /**
     * The result of a stage, from an earlier run or from {@code work}.
     *
     * @throws CommitConflictException if another process finished the stage meanwhile
     */
    <R> Entry<R> stage(String name, TypeReference<R> type, Supplier<R> work) {
        String path = folder + "/journal/" + name + ".json";
        if (storage.exists(path)) {
            return new Entry<>(read(path, type), true);
        }
        R result = work.get();
        if (storage.putIfAbsent(path, write(result)) == Storage.Put.EXISTS) {
            throw new CommitConflictException(
                    storage.location()
                            + ": another process is building this index; let one finish");
        }
        return new Entry<>(result, false);
    }

    private <R> R read(String path, TypeReference<R> type) {
        byte[] bytes = readAll(storage, path);
        try {
            return JSON.readValue(bytes, type);
        } catch (IOException e) {
            throw new CorruptIndexException(path, "journal", 0, "it is not the result of a stage");
        }
    }

    private static byte[] write(Object result) {
        try {
            return JSON.writeValueAsBytes(result);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A record of plain values can always be written", e);
        }
    }

    static byte[] readAll(Storage storage, String path) {
        try (ByteSource source = storage.open(path)) {
            byte[] bytes = new byte[Math.toIntExact(source.length())];
            source.readFully(0, bytes, 0, bytes.length);
            return bytes;
        }
    }
}
