package io.sparkspann.build;

import io.sparkspann.error.InvalidInputException;
import java.util.Locale;

/** What a build does with an index directory that is not empty. */
public enum BuildMode {
    /** Refuses. */
    ERROR,
    /**
     * Publishes a new snapshot over the current one, whose files are kept until the next is
     * published; discards an unfinished build.
     */
    OVERWRITE,
    /**
     * Continues an unfinished build of the same input and options; does nothing if that is
     * finished, and begins it if there is none.
     */
    RESUME;

    /**
     * @throws InvalidInputException if there is no such mode
     */
    public static BuildMode ofLabel(String label) {
        for (BuildMode mode : values()) {
            if (mode.name().toLowerCase(Locale.ROOT).equals(label)) {
                return mode;
            }
        }
        throw new InvalidInputException("mode is '" + label + "'; use error, overwrite or resume");
    }
}
