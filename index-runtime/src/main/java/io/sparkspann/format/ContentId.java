package io.sparkspann.format;

import io.sparkspann.error.InvalidInputException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Says which index content a file belongs to, so that a file of another index is refused: 128 bits that follow from
 * what the content was made of. Text form: 32 lower-case hexadecimal digits.
 *
 * @param high first 8 of the 16 bytes, big-endian
 * @param low last 8 of the 16 bytes, big-endian
 */
public record ContentId(long high, long low) {
    /** Size of the binary form. */
    public static final int BYTES = 16;

    private static final HexFormat HEX = HexFormat.of();

    /** First 128 bits of SHA-256 over the parts, each preceded by its length (so {@code ab,c} is not {@code a,bc}). */
    public static ContentId of(byte[]... parts) {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
        for (byte[] part : parts) {
            digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, part.length));
            digest.update(part);
        }
        return read(ByteBuffer.wrap(digest.digest()));
    }

    /** @throws InvalidInputException if {@code text} is not 32 lower-case hexadecimal digits */
    public static ContentId parse(String text) {
        if (text.length() != 2 * BYTES || !text.matches("[0-9a-f]+")) {
            throw new InvalidInputException(
                    "Content id '" + text + "' is not " + 2 * BYTES + " lower-case hexadecimal digits");
        }
        return read(ByteBuffer.wrap(HEX.parseHex(text)));
    }

    /** The binary form. */
    public byte[] bytes() {
        return ByteBuffer.allocate(BYTES).putLong(high).putLong(low).array();
    }

    @Override
    public String toString() {
        return HEX.formatHex(bytes());
    }

    private static ContentId read(ByteBuffer bytes) {
        return new ContentId(bytes.getLong(), bytes.getLong());
    }
}
