package io.sparkspann.spark.error;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Takes credentials out of URIs, alone or inside a message, and makes the message one line. */
public final class Redaction {
    private static final Pattern USER_INFO =
            Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*)://([^/@\\s]*)@");
    private static final Pattern QUERY =
            Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*://[^\\s?]*)\\?[^\\s,;)'\"]*=[^\\s,;)'\"]*");

    private Redaction() {}

    /**
     * {@code text} with the user-info and the query of every URI removed. The container of an Azure
     * URI, which stands where other URIs have the user, stays.
     */
    public static String redact(String text) {
        if (text == null) {
            return "no message";
        }
        Matcher matcher = USER_INFO.matcher(text);
        StringBuilder result = new StringBuilder();
        while (matcher.find()) {
            String scheme = matcher.group(1);
            boolean container =
                    (scheme.startsWith("abfs") || scheme.startsWith("wasb"))
                            && !matcher.group(2).contains(":");
            matcher.appendReplacement(
                    result, Matcher.quoteReplacement(container ? matcher.group() : scheme + "://"));
        }
        matcher.appendTail(result);
        return QUERY.matcher(result).replaceAll("$1").replaceAll("\\s*[\\r\\n]+\\s*", " ").trim();
    }
}
