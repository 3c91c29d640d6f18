package io.sparkspann.search;

import io.sparkspann.build.BuildMode;
import io.sparkspann.build.BuildOptions;
import io.sparkspann.build.IndexBuilder;
import io.sparkspann.build.LocalEngine;
import io.sparkspann.distance.Metric;
import io.sparkspann.distance.SampleVectors;
import io.sparkspann.storage.MemoryStorage;
import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.FileBytes;
import io.sparkspann.vector.VectorBlock;
import io.sparkspann.vector.VectorDomain;
import io.sparkspann.vector.file.VectorFile;
import io.sparkspann.vector.file.VectorFileWriter;
import io.sparkspann.vector.file.VectorFiles;
import io.sparkspann.vector.file.VectorFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/** A small index in memory. */
final class SampleIndex {
    private SampleIndex() {}

    /**
     * @param block of any type; ids are its row numbers
     * @param folder for a temporary file
     */
    static MemoryStorage build(VectorBlock block, Metric metric, int shards, Path folder)
            throws IOException {
        BuildOptions options =
                BuildOptions.of(metric)
                        .withShards(shards)
                        .withElementType(block.type())
                        .withCalibrationQueries(100);
        return build(block, options, folder);
    }

    /** The same with options. */
    static MemoryStorage build(VectorBlock block, BuildOptions options, Path folder)
            throws IOException {
        VectorBlock read = asRead(block);
        VectorFormat format = read.type().isByte() ? VectorFormat.BVECS : VectorFormat.FVECS;
        Path input = folder.resolve("base");
        try (VectorFileWriter writer =
                new VectorFileWriter(Files.newOutputStream(input), format, "base")) {
            writer.append(read);
        }
        MemoryStorage storage = new MemoryStorage();
        try (VectorFile file = VectorFiles.open(FileBytes.open(input), format)) {
            LocalEngine engine = new LocalEngine(file, "base", false, VectorDomain.ANY, 1);
            new IndexBuilder(engine, () -> storage, options, (stage, seconds) -> {})
                    .build(BuildMode.ERROR);
        }
        return storage;
    }

    /** The vectors in a type that there are files of. */
    private static VectorBlock asRead(VectorBlock block) {
        return switch (block.type()) {
            case FLOAT32, UINT8 -> block;
            case FLOAT16, INT8 ->
                    VectorBlock.ofFloats(block.dimensions(), SampleVectors.rows(block));
            case BITS -> bytes(block);
        };
    }

    /** Bits as the bytes that they are read from. */
    public static VectorBlock bytes(VectorBlock bits) {
        int d = bits.dimensions() * Float.BYTES;
        ByteBuffer bytes = ByteBuffer.allocate(bits.size() * d).order(ByteOrder.LITTLE_ENDIAN);
        bits.write(0, bits.size(), bytes);
        return VectorBlock.ofBytes(ElementType.UINT8, d, bytes.array());
    }
}
