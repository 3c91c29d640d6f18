package io.sparkspann.search;

import io.sparkspann.build.BuildMode;
import io.sparkspann.build.BuildOptions;
import io.sparkspann.build.IndexBuilder;
import io.sparkspann.build.LocalEngine;
import io.sparkspann.distance.Metric;
import io.sparkspann.storage.MemoryStorage;
import io.sparkspann.vector.FileBytes;
import io.sparkspann.vector.VectorBlock;
import io.sparkspann.vector.VectorDomain;
import io.sparkspann.vector.file.VectorFile;
import io.sparkspann.vector.file.VectorFileWriter;
import io.sparkspann.vector.file.VectorFiles;
import io.sparkspann.vector.file.VectorFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A small index in memory. */
final class SampleIndex {
    private SampleIndex() {}

    /**
     * @param block float32 or uint8; ids are its row numbers
     * @param folder for a temporary file
     */
    static MemoryStorage build(VectorBlock block, Metric metric, int shards, Path folder)
            throws IOException {
        VectorFormat format = block.type().isByte() ? VectorFormat.BVECS : VectorFormat.FVECS;
        Path input = folder.resolve("base");
        try (VectorFileWriter writer =
                new VectorFileWriter(Files.newOutputStream(input), format, "base")) {
            writer.append(block);
        }
        MemoryStorage storage = new MemoryStorage();
        BuildOptions options =
                BuildOptions.of(metric).withShards(shards).withCalibrationQueries(100);
        try (VectorFile file = VectorFiles.open(FileBytes.open(input), format)) {
            LocalEngine engine = new LocalEngine(file, "base", false, VectorDomain.ANY, 1);
            new IndexBuilder(engine, () -> storage, options, (stage, seconds) -> {})
                    .build(BuildMode.ERROR);
        }
        return storage;
    }
}
