package io.sparkspann.spark.rows;

import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.CRC32C;
import org.apache.parquet.io.PositionOutputStream;

/** Counts the bytes that are written, and computes their CRC32C. */
final class CheckedOutput extends PositionOutputStream {
    private final OutputStream out;
    private final CRC32C crc = new CRC32C();
    private long position;

    CheckedOutput(OutputStream out) {
        this.out = out;
    }

    @Override
    public long getPos() {
        return position;
    }

    int crc32c() {
        return (int) crc.getValue();
    }

    @Override
    public void write(int value) throws IOException {
        out.write(value);
        crc.update(value);
        position++;
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
        out.write(source, offset, length);
        crc.update(source, offset, length);
        position += length;
    }

    @Override
    public void flush() throws IOException {
        out.flush();
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
