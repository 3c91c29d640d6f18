package io.sparkspann.spark.storage;

import io.sparkspann.vector.ByteRange;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.fs.FSDataInputStream;

/** Reads of many ranges for Hadoop before 3.3.5, which has no vectored reads: one by one. */
final class RangeReads {
    private RangeReads() {}

    static void read(FSDataInputStream stream, List<ByteRange> ranges) throws IOException {
        for (ByteRange range : ranges) {
            stream.readFully(range.position(), range.target(), range.offset(), range.length());
        }
    }
}
