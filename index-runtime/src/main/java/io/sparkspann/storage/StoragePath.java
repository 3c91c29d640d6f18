package io.sparkspann.storage;

import io.sparkspann.error.InvalidInputException;
import java.util.Locale;

/**
 * The rule for paths in an index directory, the same for every {@link Storage} and for manifests.
 *
 * <p>A path is 1 to {@value #MAX_LENGTH} printable ASCII characters, parts separated by {@code /}. Refused are
 * empty parts (so also absolute paths), {@code .}, {@code ..}, and the characters {@code \}, {@code :} and
 * {@code %}, which some storage takes for a separator, a drive, a scheme or an escape.
 */
public final class StoragePath {
    /** Greatest number of characters of a path. */
    public static final int MAX_LENGTH = 1024;

    private StoragePath() {}

    /**
     * Returns {@code path} if it keeps the rule.
     *
     * @throws InvalidInputException naming the path and the broken rule
     */
    public static String check(String path) {
        String problem = problem(path);
        if (problem != null) {
            throw new InvalidInputException(
                    "Path '" + shown(path) + "' is refused: " + problem + "; use a path inside the index directory");
        }
        return path;
    }

    private static String problem(String path) {
        if (path.isEmpty()) {
            return "it is empty";
        }
        if (path.length() > MAX_LENGTH) {
            return "it has " + path.length() + " characters, more than " + MAX_LENGTH;
        }
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c < ' ' || c > '~') {
                return String.format(Locale.ROOT, "character %d is U+%04X, not printable ASCII", i, (int) c);
            }
            if (c == '\\' || c == ':' || c == '%') {
                return "it contains '" + c + "'";
            }
        }
        for (String part : path.split("/", -1)) {
            if (part.isEmpty()) {
                return "it is absolute or has an empty part";
            }
            if (part.equals(".") || part.equals("..")) {
                return "it contains '" + part + "'";
            }
        }
        return null;
    }

    private static String shown(String path) {
        String start = path.length() > 100 ? path.substring(0, 100) + "..." : path;
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < start.length(); i++) {
            char c = start.charAt(i);
            text.append(c < ' ' || c > '~' ? '?' : c);
        }
        return text.toString();
    }
}
