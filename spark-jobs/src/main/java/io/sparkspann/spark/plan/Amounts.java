package io.sparkspann.spark.plan;

import io.sparkspann.error.InvalidInputException;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Amounts as people write them. */
public final class Amounts {
    private static final Pattern COUNT =
            Pattern.compile("([0-9_,]*\\.?[0-9]+(?:e\\+?[0-9]{1,2})?)([kmgb]?)");
    private static final Pattern BYTES = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)([kmgt]?)i?b?");
    private static final long MINUTE = 60;
    private static final long HOUR = 3600;

    private Amounts() {}

    /**
     * A count such as 1000000, 1,000,000, 1e6, 250M or 1.5G (also 1.5B, a billion).
     *
     * @param name of the option, for the message
     * @throws InvalidInputException if it is no whole number of at least 1 that fits a long
     */
    public static long count(String name, String text) {
        Matcher matcher = COUNT.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (matcher.matches()) {
            BigDecimal number = new BigDecimal(matcher.group(1).replaceAll("[_,]", ""));
            int zeros =
                    switch (matcher.group(2)) {
                        case "k" -> 3;
                        case "m" -> 6;
                        case "g", "b" -> 9;
                        default -> 0;
                    };
            try {
                long value = number.scaleByPowerOfTen(zeros).longValueExact();
                if (value >= 1) {
                    return value;
                }
            } catch (ArithmeticException e) {
                throw new InvalidInputException(problem(name, text), e);
            }
        }
        throw new InvalidInputException(problem(name, text));
    }

    private static String problem(String name, String text) {
        return name + " is '" + text + "'; use a whole number such as 1000000, 1e9 or 250M";
    }

    /**
     * Bytes such as 16g, 512m or 1.5t; powers of 1024, as in Spark.
     *
     * @param name of the option, for the message
     * @throws InvalidInputException if it is no such number
     */
    public static long bytes(String name, String text) {
        Matcher matcher = BYTES.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (matcher.matches()) {
            String unit = matcher.group(2);
            double factor = unit.isEmpty() ? 1 : Math.pow(1024, 1 + "kmgt".indexOf(unit));
            double bytes = Double.parseDouble(matcher.group(1)) * factor;
            if (bytes >= 1 && bytes < Long.MAX_VALUE) {
                return (long) bytes;
            }
        }
        throw new InvalidInputException(
                name + " is '" + text + "'; use a size such as 16g or 512m");
    }

    /** Such as 1.04 GB, in powers of 1000. */
    public static String bytes(double bytes) {
        return scaled(bytes, "B");
    }

    /** Memory, such as 1.5 GiB. */
    public static String gibibytes(double bytes) {
        return bytes < (1L << 30)
                ? String.format(Locale.ROOT, "%.0f MiB", bytes / (1L << 20))
                : String.format(Locale.ROOT, "%.1f GiB", bytes / (1L << 30));
    }

    /** Such as 1.04 G. */
    public static String count(double count) {
        return count < 100_000
                ? String.format(Locale.ROOT, "%,.0f", count)
                : scaled(count, "").strip();
    }

    private static String scaled(double amount, String unit) {
        String[] prefixes = {"", "k", "M", "G", "T", "P", "E"};
        int p = 0;
        double rest = amount;
        while (rest >= 999.5 && p + 1 < prefixes.length) {
            rest /= 1000;
            p++;
        }
        String format = p == 0 || rest >= 99.95 ? "%.0f" : rest >= 9.995 ? "%.1f" : "%.2f";
        return String.format(Locale.ROOT, format, rest) + " " + prefixes[p] + unit;
    }

    /** Such as 8.3 s, 12 min or 3.1 h. */
    public static String time(double seconds) {
        if (seconds < 99.5) {
            return String.format(Locale.ROOT, seconds < 9.95 ? "%.1f s" : "%.0f s", seconds);
        }
        if (seconds < 99.5 * MINUTE) {
            return String.format(Locale.ROOT, "%.0f min", seconds / MINUTE);
        }
        return String.format(
                Locale.ROOT, seconds < 99.5 * HOUR ? "%.1f h" : "%.0f h", seconds / HOUR);
    }
}
