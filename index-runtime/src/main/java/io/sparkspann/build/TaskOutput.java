package io.sparkspann.build;

import io.sparkspann.format.FileEntry;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What a task of a build did, where its result tells. Results of tasks that were lost or that ran
 * twice are not counted.
 */
public interface TaskOutput {
    /** Bytes of the files that the task wrote. */
    default long writtenBytes() {
        return 0;
    }

    /** Distances that the task computed; 0 where they are not counted. */
    default long distances() {
        return 0;
    }

    /** Bytes of files, some of which may be null. */
    static long bytes(FileEntry... files) {
        return Stream.of(files).filter(Objects::nonNull).mapToLong(FileEntry::lengthBytes).sum();
    }
}
