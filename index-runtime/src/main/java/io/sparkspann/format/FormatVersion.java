package io.sparkspann.format;

/**
 * Version of the on-disk format. Readers refuse a greater major version and accept any minor one.
 *
 * @param major 1 or more
 * @param minor 0 or more
 */
public record FormatVersion(int major, int minor) {
    /** The version that this library writes, and the newest that it reads. */
    public static final FormatVersion CURRENT = new FormatVersion(Layout.MAJOR, Layout.MINOR);

    @Override
    public String toString() {
        return major + "." + minor;
    }
}
