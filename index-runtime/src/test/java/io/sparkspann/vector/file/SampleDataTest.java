package io.sparkspann.vector.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.FileBytes;
import io.sparkspann.vector.VectorBlock;
import io.sparkspann.vector.VectorCheck;
import io.sparkspann.vector.VectorDomain;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Real files, where they are: in the folder of {@code -Dspann.data} or {@code SPANN_DATA}. */
class SampleDataTest {
    private static FileBytes file(String name) {
        String environment = System.getenv().getOrDefault("SPANN_DATA", "../../shared/data");
        Path path = Path.of(System.getProperty("spann.data", environment)).resolve(name);
        if (!Files.isReadable(path)) {
            String message =
                    "SKIPPED: no sample data at "
                            + path.toAbsolutePath().normalize()
                            + "; set -Dspann.data=FOLDER or SPANN_DATA";
            System.err.println(message);
            Assumptions.abort(message);
        }
        return FileBytes.open(path);
    }

    @Test
    void siftQueries() {
        try (VectorFile file =
                VectorFiles.open(file("photo-sift/query.bvecs"), VectorFormat.BVECS)) {
            assertThat(file.elementType()).isEqualTo(ElementType.UINT8);
            assertThat(file.dimensions()).isEqualTo(128);
            assertThat(file.size()).isEqualTo(10_000);
            VectorBlock all = file.read(0, 10_000);
            long squares = 0;
            for (byte b : all.bytes()) {
                squares += (long) (b & 0xFF) * (b & 0xFF);
            }
            assertThat(Math.sqrt(squares / 10_000.0)).isBetween(500.0, 524.0);
            assertThat(file.read(7777, 3).bytes()).isEqualTo(all.slice(7777, 7780).bytes());
        }
    }

    @Test
    void wordQueries() {
        try (VectorFile file = VectorFiles.open(file("words/query.fvecs"), VectorFormat.FVECS)) {
            assertThat(file.dimensions()).isEqualTo(100);
            assertThat(file.size()).isEqualTo(5000);
            VectorBlock all = file.read(0, 5000);
            for (int i = 0; i < all.size(); i++) {
                assertThat(VectorCheck.problem(all, i, VectorDomain.NOT_ZERO)).isNull();
            }
        }
    }

    @Test
    void wordNeighborsAreRowsOfTheBase() {
        TrueNeighbors truth =
                NeighborFile.read(file("words/groundtruth.ivecs"), VectorFormat.IVECS);
        assertThat(truth.rows()).isEqualTo(5000);
        assertThat(truth.columns()).isEqualTo(100);
        for (int i = 0; i < truth.rows(); i++) {
            assertThat(truth.id(i, 0)).isBetween(0, 79_999);
        }
    }

    @Test
    void siftText() {
        try (VectorFile file =
                VectorFiles.open(file("ngt/sift-dataset-5k.tsv"), VectorFormat.TSV)) {
            assertThat(file.dimensions()).isEqualTo(129);
            assertThat(file.size()).isEqualTo(5000);
            float[] all = file.read(0, 5000).floats();
            assertThat(all[128]).isEqualTo(100_001f);
            assertThat(file.read(4999, 1).floats())
                    .containsExactly(Arrays.copyOfRange(all, 4999 * 129, 5000 * 129));
        }
    }
}
