package io.sparkspann.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkspann.distance.Metric;
import io.sparkspann.error.InvalidInputException;
import io.sparkspann.storage.LocalStorage;
import io.sparkspann.storage.Storage;
import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.IdBlock;
import io.sparkspann.vector.IdType;
import io.sparkspann.vector.VectorBatch;
import io.sparkspann.vector.VectorBlock;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables that the build refuses: what is said of them. */
class RefusedTableTest {
    @TempDir Path folder;

    /** Two splits, each of a file of its own. */
    private record Files(boolean rowNumbers, long[] ids, float[] components)
            implements BuildEngine {
        @Override
        public TableShape table() {
            return new TableShape(
                    ElementType.FLOAT32, 1, IdType.LONG, rowNumbers, ids.length, "files");
        }

        @Override
        public <R extends Serializable> List<R> mapInput(String stage, InputTask<R> task) {
            int half = ids.length / 2;
            List<R> results = new ArrayList<>();
            for (int split = 0; split < 2; split++) {
                int[] rows = IntStream.range(split * half, (split + 1) * half).toArray();
                VectorBatch batch =
                        new VectorBatch(
                                IdBlock.ofNumbers(IdType.LONG, ids).gather(rows),
                                VectorBlock.ofFloats(1, components).gather(rows),
                                "file-" + split,
                                rows[0],
                                0);
                results.add(task.run(split, List.of(batch).iterator()));
            }
            return results;
        }

        @Override
        public <R extends Serializable> List<R> run(String stage, int n, IndexedTask<R> task) {
            return IntStream.range(0, n).mapToObj(task::run).toList();
        }
    }

    private void refused(Files input, String message) {
        Storage storage = LocalStorage.of(folder.resolve("index"));
        IndexBuilder builder =
                new IndexBuilder(
                        input, () -> storage, BuildOptions.of(Metric.L2), (stage, seconds) -> {});
        assertThatThrownBy(() -> builder.build(BuildMode.ERROR))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(message);
        assertThat(folder.resolve("index")).doesNotExist();
    }

    @Test
    void an_id_that_occurs_twice_is_told_with_the_files() {
        refused(
                new Files(false, new long[] {7, -8, 9, -8}, new float[4]),
                "file-0, file-1: id -8 occurs more than once; ids must be unique: keep one of the"
                        + " rows that have it");
    }

    @Test
    void a_vector_that_is_too_long_is_told_with_its_row() {
        float[] components = {1, 2, 3e30f, 4};
        refused(
                new Files(true, new long[] {0, 1, 2, 3}, components),
                "file-1: row 2 has a squared norm of "
                        + (double) 3e30f * 3e30f
                        + ", which float32 cannot hold; scale the vectors down");
        refused(
                new Files(false, new long[] {10, 11, 12, 13}, components),
                "file-1: the row with id 12 has a squared norm of "
                        + (double) 3e30f * 3e30f
                        + ", which float32 cannot hold; scale the vectors down");
    }
}
