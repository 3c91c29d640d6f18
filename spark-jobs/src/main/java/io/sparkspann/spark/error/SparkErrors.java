package io.sparkspann.spark.error;

import io.sparkspann.error.CommitConflictException;
import io.sparkspann.error.CorruptIndexException;
import io.sparkspann.error.InvalidInputException;
import io.sparkspann.error.SpannException;
import io.sparkspann.error.StorageException;
import io.sparkspann.error.UnsupportedFormatException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the cause that a person can act on inside the exceptions with which Spark reports a failed
 * task.
 */
public final class SparkErrors {
    private static final Pattern NAMED =
            Pattern.compile("io\\.sparkspann\\.error\\.(\\w+Exception): ([^\\r\\n]+)");

    private static final Pattern UNREADABLE =
            Pattern.compile(
                    "(?:Encountered error while reading file|Could not read footer for file:)"
                            + " (\\S+?)\\.?(?:\\s|$)");
    private static final Pattern DAMAGE =
            Pattern.compile(
                    "(.*): section (.*) at byte (\\d{1,18}) is damaged: (.*); run 'spann"
                            + " verify'.*");

    /** How executors that ran out of memory are reported, by the JVM, by Spark and by YARN. */
    private static final Pattern OUT_OF_MEMORY =
            Pattern.compile(
                    "java\\.lang\\.OutOfMemoryError|Java heap space|GC overhead limit"
                            + " exceeded|exited with code (?:52|137)\\b|[Ee]xit (?:code|status):?"
                            + " (?:52|137)\\b|Container killed by YARN for exceeding");

    private SparkErrors() {}

    /**
     * As {@link #unwrap(Throwable)}; where there is no error of this project, a {@link
     * NotEnoughMemoryException} if memory was exhausted.
     *
     * @param work what was done, for people
     */
    public static Optional<SpannException> unwrap(Throwable error, String work) {
        return unwrap(error)
                .or(
                        () ->
                                isOutOfMemory(error)
                                        ? Optional.of(new NotEnoughMemoryException(work, error))
                                        : Optional.empty());
    }

    private static boolean isOutOfMemory(Throwable error) {
        Throwable cause = error;
        for (int depth = 0; cause != null && depth < 100; depth++) {
            if (cause instanceof OutOfMemoryError
                    || OUT_OF_MEMORY.matcher(String.valueOf(cause.getMessage())).find()) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    /**
     * The error of this project inside {@code error}: itself, a cause at any depth, or, where an
     * executor sent only text, an error of the same type with the same message. A file of a table
     * that Spark could not read is an {@link InvalidInputException} if Parquet says why, else a
     * {@link StorageException}.
     */
    public static Optional<SpannException> unwrap(Throwable error) {
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Throwable> open = new ArrayDeque<>();
        List<Throwable> order = new ArrayList<>();
        open.add(error);
        while (!open.isEmpty()) {
            Throwable next = open.poll();
            if (!seen.add(next)) {
                continue;
            }
            order.add(next);
            if (next instanceof SpannException found) {
                return Optional.of(found);
            }
            if (next.getCause() != null) {
                open.add(next.getCause());
            }
            open.addAll(Arrays.asList(next.getSuppressed()));
        }
        return order.stream()
                .flatMap(e -> ofText(e).stream())
                .findFirst()
                .or(() -> unreadable(order));
    }

    /** An error for a file of a table that Spark could not read. */
    private static Optional<SpannException> unreadable(List<Throwable> errors) {
        for (Throwable error : errors) {
            Matcher matcher = UNREADABLE.matcher(String.valueOf(error.getMessage()));
            if (matcher.find()) {
                String problem =
                        String.valueOf(root(error).getMessage()).lines().findFirst().orElse("");
                String message =
                        Redaction.redact(matcher.group(1) + ": cannot be read: " + problem);
                return Optional.of(
                        errors.stream().anyMatch(SparkErrors::isOfParquet)
                                ? new InvalidInputException(message, error)
                                : new StorageException(message, error));
            }
        }
        return Optional.empty();
    }

    /** The innermost cause. */
    public static Throwable root(Throwable error) {
        Throwable root = error;
        for (int depth = 0; root.getCause() != null && depth < 100; depth++) {
            root = root.getCause();
        }
        return root;
    }

    private static boolean isOfParquet(Throwable error) {
        return error.getClass().getName().startsWith("org.apache.parquet.")
                || String.valueOf(error.getMessage()).contains("is not a Parquet file");
    }

    private static Optional<SpannException> ofText(Throwable error) {
        String text = error.getMessage();
        if (text == null) {
            return Optional.empty();
        }
        Matcher matcher = NAMED.matcher(text);
        return matcher.find()
                ? Optional.of(named(matcher.group(1), matcher.group(2), error))
                : Optional.empty();
    }

    private static SpannException named(String type, String message, Throwable cause) {
        switch (type) {
            case "CommitConflictException":
                return new CommitConflictException(message);
            case "UnsupportedFormatException":
                return new UnsupportedFormatException(message);
            case "StorageException":
                return new StorageException(message, cause);
            case "CorruptIndexException":
                Matcher damage = DAMAGE.matcher(message);
                if (damage.matches()) {
                    long offset = Long.parseLong(damage.group(3));
                    return new CorruptIndexException(
                            damage.group(1), damage.group(2), offset, damage.group(4));
                }
                return new StorageException(message, cause);
            default:
                return new InvalidInputException(message, cause);
        }
    }
}
