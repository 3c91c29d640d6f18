package io.sparkspann.distance;

/** The number that a metric reports, by its definition, in the plainest way in double precision. */
public final class TrueDistance {
    private TrueDistance() {}

    /** Of two vectors; for metrics of bits 32 of them are in the place of each float. */
    public static double of(Metric metric, float[] a, float[] b) {
        return switch (metric) {
            case L2 -> Math.sqrt(squaredL2(a, b, 1, 1));
            case SQUARED_L2 -> squaredL2(a, b, 1, 1);
            case L1 -> l1(a, b);
            case IP -> dot(a, b);
            case COSINE, NORMALIZED_COSINE -> 1 - cosine(a, b);
            case NORMALIZED_L2 -> Math.sqrt(squaredL2(a, b, norm(a), norm(b)));
            case ANGLE, NORMALIZED_ANGLE -> Math.acos(Math.max(-1, Math.min(1, cosine(a, b))));
            case HAMMING -> bits(a, b, '^');
            case JACCARD -> jaccard(a, b);
            case POINCARE -> acosh(1 + 2 * squaredL2(a, b, 1, 1) / (gap(a) * gap(b)));
            case LORENTZ -> acosh(Math.max(1, 2.0 * a[0] * b[0] - dot(a, b)));
        };
    }

    /** The number as it orders vectors: smaller is nearer. */
    public static double key(Metric metric, float[] a, float[] b) {
        double reported = of(metric, a, b);
        return metric.isSimilarity() ? -reported : reported;
    }

    private static double gap(float[] a) {
        return 1 - dot(a, a);
    }

    private static double norm(float[] a) {
        return Math.sqrt(dot(a, a));
    }

    private static double cosine(float[] a, float[] b) {
        return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
    }

    private static double acosh(double x) {
        return Math.log(x + Math.sqrt(x * x - 1));
    }

    private static double jaccard(float[] a, float[] b) {
        double union = bits(a, b, '|');
        return union == 0 ? 0 : 1 - bits(a, b, '&') / union;
    }

    private static double bits(float[] a, float[] b, char operation) {
        long count = 0;
        for (int bit = 0; bit < a.length * 32; bit++) {
            boolean x = (Float.floatToRawIntBits(a[bit / 32]) >>> bit % 32 & 1) == 1;
            boolean y = (Float.floatToRawIntBits(b[bit / 32]) >>> bit % 32 & 1) == 1;
            boolean counts =
                    switch (operation) {
                        case '^' -> x != y;
                        case '|' -> x || y;
                        default -> x && y;
                    };
            count += counts ? 1 : 0;
        }
        return count;
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int j = 0; j < a.length; j++) {
            sum += (double) a[j] * b[j];
        }
        return sum;
    }

    private static double squaredL2(float[] a, float[] b, double aNorm, double bNorm) {
        double sum = 0;
        for (int j = 0; j < a.length; j++) {
            double difference = a[j] / aNorm - b[j] / bNorm;
            sum += difference * difference;
        }
        return sum;
    }

    private static double l1(float[] a, float[] b) {
        double sum = 0;
        for (int j = 0; j < a.length; j++) {
            sum += Math.abs((double) a[j] - b[j]);
        }
        return sum;
    }
}
