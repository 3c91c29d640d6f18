package io.sparkspann.spark.bench;

import java.util.Locale;

/** Points as lines of text. */
final class Lines {
    private Lines() {}

    static String of(Point point) {
        StringBuilder line = new StringBuilder(point.system().name()).append(' ');
        line.append(point.phase());
        if (point.k() != null) {
            line.append(", k ").append(point.k()).append(", ").append(point.setting());
        }
        line.append(", ")
                .append(point.threads())
                .append(point.threads() == 1 ? " thread" : " threads");
        if (point.recall() != null) {
            line.append(String.format(Locale.ROOT, ", recall %.4f", point.recall()));
        }
        if (point.medianMicros() != null) {
            line.append(
                    String.format(
                            Locale.ROOT,
                            ", median %.0f us, p99 %.0f us",
                            point.medianMicros(),
                            point.p99Micros()));
        } else if (point.queriesPerSecond() != null) {
            line.append(rate(point.queriesPerSecond()));
        } else {
            line.append(String.format(Locale.ROOT, ", %.1f s", point.seconds()));
        }
        return line.toString();
    }

    private static String rate(double queriesPerSecond) {
        String format = queriesPerSecond < 100 ? ", %,.2f queries/s" : ", %,.0f queries/s";
        return String.format(Locale.ROOT, format, queriesPerSecond);
    }
}
