package io.sparkspann.cluster;

/** Runs of numbers, given as the ascending first number of each and the end of the last. */
public final class Starts {
    private Starts() {}

    /**
     * The run that holds a number; runs may be empty.
     *
     * @param starts {@code runs + 1} ascending numbers
     * @param number from the first start to before the last
     */
    public static int runOf(int[] starts, int number) {
        int low = 0;
        int high = starts.length - 2;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (starts[middle] <= number) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }
}
