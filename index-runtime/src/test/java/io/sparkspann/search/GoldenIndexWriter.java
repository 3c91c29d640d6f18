package io.sparkspann.search;

import io.sparkspann.build.BuildEngine;
import io.sparkspann.build.BuildMode;
import io.sparkspann.build.BuildOptions;
import io.sparkspann.build.IndexBuilder;
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
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Makes the golden indexes of the current format version, with expected neighbours from a plain
 * comparison of each query with every vector that shares no code with the index. Run by hand, see
 * CONTRIBUTING.md; refuses to replace what is there.
 */
final class GoldenIndexWriter {
    private GoldenIndexWriter() {}

    /**
     * @param args folder {@code src/test/resources/golden}
     */
    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0]).resolve(GoldenCase.VERSION);
        for (GoldenCase golden : GoldenCase.ALL) {
            write(golden, folder);
        }
    }

    private static void write(GoldenCase golden, Path folder) throws IOException {
        Path index = folder.resolve(golden.name());
        BuildOptions options =
                BuildOptions.of(golden.metric())
                        .withShards(golden.shards())
                        .withReplicas(3)
                        .withCalibrationQueries(60);
        new IndexBuilder(
                        new Engine(golden),
                        () -> LocalStorage.of(index),
                        options,
                        (stage, seconds) -> {})
                .build(BuildMode.ERROR);
        Files.writeString(folder.resolve(golden.name() + ".tsv"), expected(golden));
    }

    /** A line for each query: components, ids and distances of its neighbours. */
    private static String expected(GoldenCase golden) {
        VectorBlock all = golden.vectors();
        StringBuilder text = new StringBuilder("query\tids\tdistances\n");
        for (int q = GoldenCase.VECTORS; q < all.size(); q++) {
            float[] query = row(all, q);
            double[] keys = new double[GoldenCase.VECTORS];
            for (int i = 0; i < keys.length; i++) {
                keys[i] = key(golden, query, row(all, i));
            }
            List<Integer> nearest =
                    IntStream.range(0, keys.length)
                            .boxed()
                            .sorted(
                                    Comparator.<Integer>comparingDouble(i -> (float) keys[i])
                                            .thenComparing(i -> idOrder(golden, i)))
                            .limit(GoldenCase.K)
                            .toList();
            text.append(
                    String.join(
                            "\t",
                            IntStream.range(0, query.length)
                                    .mapToObj(j -> Float.toString(query[j]))
                                    .collect(Collectors.joining(",")),
                            nearest.stream().map(golden::id).collect(Collectors.joining(",")),
                            nearest.stream()
                                    .map(i -> Float.toString(reported(golden, keys[i])))
                                    .collect(Collectors.joining(","))));
            text.append('\n');
        }
        return text.toString();
    }

    /** ASCII digits after a common start: code points order them as UTF-8 does. */
    private static String idOrder(GoldenCase golden, int row) {
        return golden.idType() == IdType.STRING
                ? golden.id(row)
                : String.format("%09d", GoldenCase.number(row) + 1_000_000);
    }

    private static float[] row(VectorBlock block, int i) {
        float[] row = new float[GoldenCase.DIMENSIONS];
        block.copyTo(i, row, 0);
        return row;
    }

    private static double key(GoldenCase golden, float[] q, float[] x) {
        double squared = 0;
        double dot = 0;
        double qq = 0;
        double xx = 0;
        for (int j = 0; j < q.length; j++) {
            squared += ((double) q[j] - x[j]) * ((double) q[j] - x[j]);
            dot += (double) q[j] * x[j];
            qq += (double) q[j] * q[j];
            xx += (double) x[j] * x[j];
        }
        return switch (golden.metric()) {
            case L2 -> Math.sqrt(squared);
            case IP -> -dot;
            default -> 1 - dot / Math.sqrt(qq * xx);
        };
    }

    private static float reported(GoldenCase golden, double key) {
        return (float) (golden.metric().isSimilarity() ? -key : key);
    }

    /** One batch with all base vectors; tasks run in the calling thread. */
    private record Engine(GoldenCase golden) implements BuildEngine {
        @Override
        public TableShape table() {
            return new TableShape(
                    golden.elementType(),
                    GoldenCase.DIMENSIONS,
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
