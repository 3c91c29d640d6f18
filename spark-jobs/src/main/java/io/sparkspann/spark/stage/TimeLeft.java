package io.sparkspann.spark.stage;

import java.util.Locale;

/** Says how long something takes, no finer than anybody can know. */
final class TimeLeft {
    private static final long MINUTE = 60;
    private static final long HOUR = 60 * MINUTE;

    private TimeLeft() {}

    /** Such as {@code about 1 min 20 s}. */
    static String text(long millis) {
        long seconds = rounded(millis, 5);
        if (seconds <= 5) {
            return "a few seconds";
        }
        if (seconds < MINUTE) {
            return "about " + seconds + " s";
        }
        seconds = rounded(millis, 10);
        if (seconds < 10 * MINUTE) {
            return parts(seconds, MINUTE, "min", "s");
        }
        long minutes = rounded(millis, MINUTE) / MINUTE;
        return minutes < HOUR / MINUTE
                ? "about " + minutes + " min"
                : parts(rounded(millis, 5 * MINUTE) / MINUTE, HOUR / MINUTE, "h", "min");
    }

    private static long rounded(long millis, long toSeconds) {
        return Math.round(millis / 1000.0 / toSeconds) * toSeconds;
    }

    private static String parts(long value, long unit, String great, String small) {
        String rest = value % unit == 0 ? "" : " " + value % unit + " " + small;
        return String.format(Locale.ROOT, "about %d %s%s", value / unit, great, rest);
    }
}
