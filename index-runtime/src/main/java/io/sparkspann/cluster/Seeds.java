package io.sparkspann.cluster;

/** Pseudo-random choices that depend on nothing but a seed and positions. */
public final class Seeds {
    private Seeds() {}

    /**
     * A 64-bit mix of two numbers (the finaliser of SplitMix64: Steele, Lea, Flood, OOPSLA 2014).
     */
    public static long mix(long seed, long number) {
        long z = seed + (number + 1) * 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /**
     * At most {@code count} of {@code members[from, to)}: one from each of as many even stretches,
     * in their order.
     */
    static int[] pick(int[] members, int from, int to, int count, long seed) {
        int n = to - from;
        int picked = Math.min(n, count);
        int[] result = new int[picked];
        for (int i = 0; i < picked; i++) {
            int start = (int) ((long) i * n / picked);
            int end = (int) ((long) (i + 1) * n / picked);
            result[i] =
                    members[from + start + (int) Math.floorMod(mix(seed, i), (long) (end - start))];
        }
        return result;
    }
}
