package io.sparkspann.search;

import io.sparkspann.build.BuildEngine;
import io.sparkspann.build.BuildMode;
import io.sparkspann.build.BuildOptions;
import io.sparkspann.build.IndexBuilder;
import io.sparkspann.build.Quantizer;
import io.sparkspann.build.TableShape;
import io.sparkspann.storage.LocalStorage;
import io.sparkspann.vector.IdBlock;
import io.sparkspann.vector.IdBlockBuilder;
import io.sparkspann.vector.IdType;
import io.sparkspann.vector.VectorBatch;
import io.sparkspann.vector.VectorBlock;
import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Makes the golden indexes of the current format version, with expected neighbours from {@link
 * GoldenTruth}. Run by hand, see CONTRIBUTING.md; refuses to replace what is there.
 */
final class GoldenIndexWriter {
    private GoldenIndexWriter() {}

    /**
     * @param args folder {@code src/test/resources/golden}
     */
    public static void main(String[] args) throws IOException {
        for (GoldenCase golden : GoldenCase.ALL) {
            if (golden.version().equals(GoldenCase.VERSION)) {
                write(golden, Path.of(args[0]).resolve(golden.folder()));
            }
        }
    }

    private static void write(GoldenCase golden, Path folder) throws IOException {
        Path index = folder.resolve(golden.name());
        BuildOptions options =
                BuildOptions.of(golden.metric())
                        .withShards(golden.shards())
                        .withReplicas(3)
                        .withElementType(golden.isQuantized() ? null : golden.elementType())
                        .withQuantizer(golden.isQuantized() ? Quantizer.SQ8 : Quantizer.NONE)
                        .withCalibrationQueries(60);
        new IndexBuilder(
                        new Engine(golden),
                        () -> LocalStorage.of(index),
                        options,
                        (stage, seconds) -> {})
                .build(BuildMode.ERROR);
        // Informative, and no part of the format.
        Files.delete(index.resolve("report.json"));
        Files.writeString(folder.resolve(golden.name() + ".tsv"), expected(golden));
    }

    /** A line for each query: components, ids and distances of its neighbours. */
    private static String expected(GoldenCase golden) {
        VectorBlock all = golden.vectors();
        GoldenTruth truth = new GoldenTruth(golden);
        StringBuilder text = new StringBuilder("query\tids\tdistances\n");
        for (int q = 0; q < GoldenCase.QUERIES; q++) {
            float[] query = new float[golden.readDimensions()];
            all.copyTo(GoldenCase.VECTORS + q, query, 0);
            List<GoldenTruth.Found> nearest = truth.ranking(q).subList(0, GoldenCase.K);
            text.append(
                    String.join(
                            "\t",
                            IntStream.range(0, query.length)
                                    .mapToObj(j -> Float.toString(query[j]))
                                    .collect(Collectors.joining(",")),
                            nearest.stream()
                                    .map(GoldenTruth.Found::id)
                                    .collect(Collectors.joining(",")),
                            nearest.stream()
                                    .map(found -> Float.toString(found.distance()))
                                    .collect(Collectors.joining(","))));
            text.append('\n');
        }
        return text.toString();
    }

    /** One batch with all base vectors; tasks run in the calling thread. */
    private record Engine(GoldenCase golden) implements BuildEngine {
        @Override
        public TableShape table() {
            return new TableShape(
                    golden.readType(),
                    golden.readDimensions(),
                    golden.idType(),
                    false,
                    GoldenCase.VECTORS,
                    golden.name());
        }

        @Override
        public <R extends Serializable> List<R> mapInput(String stage, InputTask<R> task) {
            VectorBlock vectors = golden.vectors().slice(0, GoldenCase.VECTORS);
            VectorBatch batch = new VectorBatch(ids(), vectors, golden.name(), 0, 0);
            Iterator<VectorBatch> batches = List.of(batch).iterator();
            return List.of(task.run(0, batches));
        }

        private IdBlock ids() {
            IdBlockBuilder ids = new IdBlockBuilder(golden.idType());
            for (int i = 0; i < GoldenCase.VECTORS; i++) {
                if (golden.idType() == IdType.STRING) {
                    byte[] utf8 = golden.id(i).getBytes(StandardCharsets.UTF_8);
                    ids.add(utf8, 0, utf8.length);
                } else {
                    ids.add(GoldenCase.number(i));
                }
            }
            return ids.build();
        }

        @Override
        public <R extends Serializable> List<R> run(String stage, int tasks, IndexedTask<R> task) {
            List<R> results = new ArrayList<>();
            for (int i = 0; i < tasks; i++) {
                results.add(task.run(i));
            }
            return results;
        }
    }
}
