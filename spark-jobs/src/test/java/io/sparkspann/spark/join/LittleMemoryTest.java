package io.sparkspann.spark.join;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkspann.format.Snapshots;
import io.sparkspann.spark.SharedSpark;
import io.sparkspann.spark.build.ChildJvm;
import io.sparkspann.spark.build.VectorSamples;
import io.sparkspann.storage.LocalStorage;
import io.sparkspann.vector.VectorBlock;
import io.sparkspann.vector.file.VectorFileWriter;
import io.sparkspann.vector.file.VectorFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Build and join of a table that is larger than the heap: memory follows the options. */
@ExtendWith(SharedSpark.class)
class LittleMemoryTest {
    private static final int DIMENSIONS = 256;
    private static final int BLOCK = 1000;

    @TempDir Path folder;

    private final SparkSession spark;

    LittleMemoryTest(SparkSession spark) {
        this.spark = spark;
    }

    @ParameterizedTest
    @CsvSource({"800, 700m"})
    @Tag("slow")
    void a_table_larger_than_the_heap(int megabytes, String heap) throws Exception {
        Path file = folder.resolve("large.fvecs");
        int rows = write(file, megabytes);
        Path index = folder.resolve("index");
        Path output = folder.resolve("pairs");
        try (ChildJvm child =
                ChildJvm.start(
                        ChildBuildAndJoin.class,
                        heap,
                        folder.resolve("scratch").toString(),
                        file.toUri().toString(),
                        index.toUri().toString(),
                        output.toUri().toString(),
                        Long.toString(16L << 20))) {
            child.awaitEnd();
        }
        assertThat(new Snapshots(LocalStorage.of(index)).load(1).vectors()).isEqualTo(rows);
        var pairs = spark.read().parquet(output.toUri().toString());
        assertThat(pairs.count()).isEqualTo(10L * rows);
        // Nearly all: a query looks for its heads in fewer places than the closure did.
        assertThat(pairs.where("rank = 1 AND query_id = neighbor_id AND distance = 0").count())
                .isBetween(rows - rows / 100_000L, (long) rows);
    }

    private static int write(Path file, int megabytes) throws IOException {
        int blocks = (int) (((long) megabytes << 20) / (4L * DIMENSIONS * BLOCK));
        VectorBlock centres = VectorSamples.clustered(BLOCK, DIMENSIONS, 100, 1);
        try (VectorFileWriter out =
                new VectorFileWriter(
                        Files.newOutputStream(file), VectorFormat.FVECS, file.toString())) {
            for (int b = 0; b < blocks; b++) {
                out.append(near(centres, b));
            }
        }
        return blocks * BLOCK;
    }

    private static VectorBlock near(VectorBlock centres, long seed) {
        Random random = new Random(seed);
        float[] components = centres.floats().clone();
        for (int i = 0; i < components.length; i++) {
            components[i] += (float) random.nextGaussian();
        }
        return VectorBlock.ofFloats(DIMENSIONS, components);
    }
}
