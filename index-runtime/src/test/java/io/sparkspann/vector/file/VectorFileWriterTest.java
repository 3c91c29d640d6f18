package io.sparkspann.vector.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkspann.error.InvalidInputException;
import io.sparkspann.error.StorageException;
import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.VectorBlock;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class VectorFileWriterTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private VectorFileWriter writer(VectorFormat format) {
        return new VectorFileWriter(out, format, "out");
    }

    @Test
    void fvecsComeBack() {
        float[] values = new float[5000 * 100];
        Random random = new Random(1);
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextFloat();
        }
        VectorBlock block = VectorBlock.ofFloats(100, values);
        try (VectorFileWriter writer = writer(VectorFormat.FVECS)) {
            writer.append(block.slice(0, 1));
            writer.append(block.slice(1, 5000));
        }
        VectorFile file = VectorFiles.open(new ArrayBytes(out.toByteArray()), VectorFormat.FVECS);
        assertThat(file.size()).isEqualTo(5000);
        assertThat(file.read(0, 5000).floats()).isEqualTo(values);
        assertThat(file.read(1234, 17).floats()).isEqualTo(block.slice(1234, 1251).floats());
    }

    @Test
    void bvecsLargerThanOneBufferComeBack() {
        byte[] values = new byte[50_000 * 128];
        new Random(2).nextBytes(values);
        writer(VectorFormat.BVECS).append(VectorBlock.ofBytes(ElementType.UINT8, 128, values));
        VectorFile file = VectorFiles.open(new ArrayBytes(out.toByteArray()), VectorFormat.BVECS);
        assertThat(file.read(0, 50_000).bytes()).isEqualTo(values);
    }

    @Test
    void ivecsComeBack() {
        VectorFileWriter writer = writer(VectorFormat.IVECS);
        writer.append(2, new int[] {1, -2, 3, 4});
        writer.append(2, new int[0]);
        assertThat(out.toByteArray()).hasSize(24).startsWith(2, 0, 0, 0, 1, 0, 0, 0, 0xFE);
        TrueNeighbors back =
                NeighborFile.read(new ArrayBytes(out.toByteArray()), VectorFormat.IVECS);
        assertThat(back.id(1, 1)).isEqualTo(4);
    }

    @Test
    void mixedDimensionsAndTypesAreRefused() {
        VectorFileWriter writer = writer(VectorFormat.FVECS);
        writer.append(VectorBlock.ofFloats(2, new float[4]));
        assertThatThrownBy(() -> writer.append(VectorBlock.ofFloats(4, new float[4])))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("rows of dimension 4, the file has 2");
        assertThatThrownBy(
                        () -> writer.append(VectorBlock.ofBytes(ElementType.UINT8, 2, new byte[2])))
                .hasMessageContaining("uint8 vectors cannot be written as fvecs");
        assertThatThrownBy(
                        () ->
                                writer(VectorFormat.BVECS)
                                        .append(
                                                VectorBlock.ofBytes(
                                                        ElementType.INT8, 2, new byte[2])))
                .hasMessageContaining("int8 vectors cannot be written as bvecs");
        assertThatThrownBy(() -> writer.append(2, new int[2]))
                .isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> writer(VectorFormat.IVECS).append(2, new int[3]))
                .isInstanceOf(InvalidInputException.class);
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"FVECS", "BVECS", "IVECS"})
    void otherFormatsAreNotWritten(VectorFormat format) {
        assertThatThrownBy(() -> writer(format)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void fullDiskIsAStorageError() {
        OutputStream full =
                new OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        throw new IOException("no space left");
                    }
                };
        VectorFileWriter writer = new VectorFileWriter(full, VectorFormat.FVECS, "out");
        assertThatThrownBy(() -> writer.append(VectorBlock.ofFloats(1, new float[1])))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("out: cannot be written: no space left");
    }
}
