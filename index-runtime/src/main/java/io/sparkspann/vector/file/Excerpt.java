package io.sparkspann.vector.file;

/** Text of a file, made fit for a one-line message. */
final class Excerpt {
    private static final int MAX_CHARS = 60;

    private Excerpt() {}

    static String of(String text) {
        StringBuilder result = new StringBuilder();
        for (int i = 0; i < Math.min(text.length(), MAX_CHARS); i++) {
            char c = text.charAt(i);
            if (Character.isISOControl(c)) {
                result.append(String.format("\\x%02x", (int) c));
            } else {
                result.append(c);
            }
        }
        return text.length() > MAX_CHARS ? result.append("...").toString() : result.toString();
    }
}
