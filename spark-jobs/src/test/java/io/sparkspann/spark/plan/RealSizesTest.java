package io.sparkspann.spark.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sparkspann.build.BuildMode;
import io.sparkspann.build.BuildOptions;
import io.sparkspann.build.BuildReport;
import io.sparkspann.distance.Metric;
import io.sparkspann.format.FileKind;
import io.sparkspann.format.Manifest;
import io.sparkspann.format.ShardEntry;
import io.sparkspann.spark.SharedSpark;
import io.sparkspann.spark.build.SpannBuild;
import io.sparkspann.spark.input.InputSpec;
import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.VectorBlock;
import io.sparkspann.vector.file.VectorFileWriter;
import io.sparkspann.vector.file.VectorFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sizes of a plan are those of an index, if replicas and the like are those of the index. */
class RealSizesTest {
    private static final int ROWS = 20_000;
    private static final int DIMENSIONS = 24;

    @TempDir private Path folder;

    private Manifest build(BuildOptions options) throws IOException {
        Path file = folder.resolve("base.fvecs");
        float[] values = new float[ROWS * DIMENSIONS];
        Random random = new Random(5);
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        try (VectorFileWriter out =
                new VectorFileWriter(
                        Files.newOutputStream(file), VectorFormat.FVECS, file.toString())) {
            out.append(VectorBlock.ofFloats(DIMENSIONS, values));
        }
        BuildReport report =
                SpannBuild.run(
                        SharedSpark.session(),
                        InputSpec.of(file.toString()),
                        folder.resolve("index").toString(),
                        options,
                        BuildMode.ERROR,
                        (stage, seconds) -> {});
        return report.manifest();
    }

    private static long bytes(Manifest manifest, FileKind kind) {
        return manifest.shards().stream()
                .mapToLong(shard -> shard.files().get(kind).lengthBytes())
                .sum();
    }

    @Test
    void files_of_a_real_index_are_as_long_as_planned() throws IOException {
        BuildOptions options = BuildOptions.of(Metric.L2).withShards(3);
        Manifest real = build(options);
        long heads = real.shards().stream().mapToLong(ShardEntry::heads).sum();
        double replicas =
                real.shards().stream().mapToDouble(ShardEntry::records).sum() / real.vectors();
        double ids = (bytes(real, FileKind.IDS) / 12.0 - ROWS * 8 / 12.0) / ROWS;
        double edges = bytes(real, FileKind.GRAPH) / 4.0 / heads - 1;
        Measurements measured = Measurements.load();
        Map<String, Measurements.Count> counts = new java.util.HashMap<>(measured.counts());
        counts.put("replicas", just(replicas));
        counts.put("foreign", just(ids));
        counts.put("graph-edges", just(edges));
        IndexModel plan =
                new IndexModel(
                        ROWS,
                        DIMENSIONS,
                        ElementType.FLOAT32,
                        options,
                        new Measurements(
                                measured.sources(), measured.rates(), measured.warmUps(), counts));
        assertThat(plan.shards()).isEqualTo(real.shards().size());
        assertThat(plan.heads()).isCloseTo(heads, within(0.02 * heads));
        close(plan.postingsBytes(), bytes(real, FileKind.POSTINGS));
        close(plan.headsBytes(), bytes(real, FileKind.HEADS));
        close(plan.graphBytes(), bytes(real, FileKind.GRAPH));
        close(plan.idsBytes(), bytes(real, FileKind.IDS));
        close(plan.routerBytes(), real.router().lengthBytes());
        close(plan.indexBytes(), BuildReport.indexBytes(real));
    }

    private static Measurements.Count just(double value) {
        return new Measurements.Count("test", 1, 0, List.of(List.of(1.0, value)));
    }

    private static void close(double planned, double real) {
        assertThat(planned).isCloseTo(real, within(0.04 * real));
    }
}
