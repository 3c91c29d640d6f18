package io.sparkspann.spark.report;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** How figures are written for people. */
final class Figures {
    private Figures() {}

    static String count(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    static String decimal(double value, int digits) {
        return String.format(Locale.ROOT, "%,." + digits + "f", value);
    }

    /** Such as {@code 12.3 MB}. */
    static String bytes(double value) {
        String[] units = {"bytes", "kB", "MB", "GB", "TB", "PB"};
        int unit = 0;
        double left = value;
        while (left >= 1000 && unit < units.length - 1) {
            left /= 1000;
            unit++;
        }
        return decimal(left, unit == 0 || left >= 100 ? 0 : 1) + " " + units[unit];
    }

    static String seconds(double value) {
        if (value < 120) {
            return decimal(value, value < 10 ? 2 : 1) + " s";
        }
        long whole = Math.round(value);
        return whole < 7200
                ? String.format(Locale.ROOT, "%d min %02d s", whole / 60, whole % 60)
                : String.format(Locale.ROOT, "%d h %02d min", whole / 3600, whole / 60 % 60);
    }

    /** Such as {@code 2026-02-03 04:05:06 UTC}. */
    static String time(Instant time) {
        return DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
                .format(time.atOffset(ZoneOffset.UTC));
    }

    /** Four digits, for distances of any size. */
    static String distance(double value) {
        return value == 0 ? "0" : String.format(Locale.ROOT, "%.4g", value);
    }
}
