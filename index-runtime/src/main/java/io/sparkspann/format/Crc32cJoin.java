package io.sparkspann.format;

/**
 * CRC32C of two byte sequences one after the other, from the CRC of each and the length of the second: appending a
 * zero byte to a message is a linear map of its CRC over GF(2), applied here by repeated squaring (as zlib's
 * {@code crc32_combine} does).
 */
final class Crc32cJoin {
    private static final int POLYNOMIAL = 0x82F63B78;

    private Crc32cJoin() {}

    /** CRC32C of {@code A B}, where {@code B} has {@code secondLength} bytes. */
    static int join(int first, int second, long secondLength) {
        int[] power = oneZeroByte();
        int crc = first;
        for (long rest = secondLength; rest != 0; rest >>>= 1) {
            if ((rest & 1) != 0) {
                crc = apply(power, crc);
            }
            power = square(power);
        }
        return crc ^ second;
    }

    /** The map of one zero byte; column i is the image of bit i. */
    private static int[] oneZeroByte() {
        int[] matrix = new int[Integer.SIZE];
        for (int i = 0; i < Integer.SIZE; i++) {
            int crc = 1 << i;
            for (int bit = 0; bit < Byte.SIZE; bit++) {
                crc = (crc & 1) != 0 ? crc >>> 1 ^ POLYNOMIAL : crc >>> 1;
            }
            matrix[i] = crc;
        }
        return matrix;
    }

    private static int apply(int[] matrix, int vector) {
        int sum = 0;
        for (int i = 0; i < Integer.SIZE; i++) {
            sum ^= matrix[i] & -(vector >>> i & 1);
        }
        return sum;
    }

    private static int[] square(int[] matrix) {
        int[] squared = new int[Integer.SIZE];
        for (int i = 0; i < Integer.SIZE; i++) {
            squared[i] = apply(matrix, matrix[i]);
        }
        return squared;
    }
}
