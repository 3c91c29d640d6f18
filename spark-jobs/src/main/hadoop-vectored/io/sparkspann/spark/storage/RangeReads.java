package io.sparkspann.spark.storage;

import io.sparkspann.vector.ByteRange;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileRange;

/** Reads of many ranges by Hadoop's vectored reads, which object stores serve in parallel. */
final class RangeReads {
    private RangeReads() {}

    /**
     * @param ranges ranges that do not overlap
     */
    static void read(FSDataInputStream stream, List<ByteRange> ranges) throws IOException {
        List<FileRange> wanted = new ArrayList<>();
        for (ByteRange range : ranges) {
            wanted.add(FileRange.createFileRange(range.position(), range.length(), range));
        }
        stream.readVectored(wanted, ByteBuffer::allocate);
        for (FileRange read : wanted) {
            ByteRange range = (ByteRange) read.getReference();
            read(stream, read, range);
        }
    }

    /** A range that fails is read alone, which opens broken connections again. */
    private static void read(FSDataInputStream stream, FileRange read, ByteRange range)
            throws IOException {
        try {
            await(read).get(range.target(), range.offset(), range.length());
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException | BufferUnderflowException e) {
            try {
                stream.readFully(
                        range.position(), range.target(), range.offset(), range.length());
            } catch (IOException again) {
                again.addSuppressed(e);
                throw again;
            }
        }
    }

    private static ByteBuffer await(FileRange range) throws IOException {
        try {
            return range.getData().get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted = new InterruptedIOException("interrupted");
            interrupted.initCause(e);
            throw interrupted;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw e.getCause() instanceof IOException cause
                    ? cause
                    : new IOException(e.getCause().getMessage(), e.getCause());
        }
    }
}
