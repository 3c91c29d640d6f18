package io.sparkspann.vector;

/** The vectors that a metric has distances for, of those with finite components. */
public enum VectorDomain {
    /** All. */
    ANY,
    /** Those that have a direction: not all components are zero. */
    NOT_ZERO,
    /** Those that lie inside the unit ball. */
    UNIT_BALL,
    /** Those on the upper sheet of the hyperboloid, but for rounding of their components. */
    HYPERBOLOID;

    /**
     * How far {@code x_0^2 - x_1^2 - ...} may be from 1, as a part of {@code x_0^2}: rounding to
     * float32 makes less.
     */
    public static final double HYPERBOLOID_TOLERANCE = 4e-6;

    /** Component {@code j} of a vector inside. */
    public float component(int j) {
        return switch (this) {
            case ANY, NOT_ZERO -> 1f;
            case UNIT_BALL -> 0f;
            case HYPERBOLOID -> j == 0 ? 1f : 0f;
        };
    }

    /** What is wrong with finite components, null if nothing is. */
    String problem(float[] components, int from, int to) {
        return switch (this) {
            case ANY, NOT_ZERO -> null;
            case UNIT_BALL -> outsideBall(components, from, to);
            case HYPERBOLOID -> offHyperboloid(components, from, to);
        };
    }

    private static String outsideBall(float[] components, int from, int to) {
        double squared = squared(components, from, to);
        return squared < 1
                ? null
                : "its length is "
                        + (float) Math.sqrt(squared)
                        + ", but a point of the Poincaré ball has a length below 1";
    }

    private static String offHyperboloid(float[] components, int from, int to) {
        double time = components[from];
        double product = time * time - squared(components, from + 1, to);
        if (time > 0 && Math.abs(product - 1) <= HYPERBOLOID_TOLERANCE * Math.max(1, time * time)) {
            return null;
        }
        return time > 0
                ? "x_0^2 - x_1^2 - ... is " + (float) product + ", but 1 on the hyperboloid"
                : "component 0 is " + (float) time + ", but positive on the upper hyperboloid";
    }

    private static double squared(float[] components, int from, int to) {
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += (double) components[i] * components[i];
        }
        return sum;
    }
}
