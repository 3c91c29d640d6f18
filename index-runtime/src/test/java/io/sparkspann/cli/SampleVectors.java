package io.sparkspann.cli;

import io.sparkspann.distance.Metric;
import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.Half;
import io.sparkspann.vector.VectorBlock;
import io.sparkspann.vector.file.VectorFileWriter;
import io.sparkspann.vector.file.VectorFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** Vectors for tests, and the files that hold them. */
final class SampleVectors {
    private SampleVectors() {}

    /** Vectors around 40 centres; the same seed gives the same centres, whatever the salt. */
    static VectorBlock clustered(ElementType type, int dimensions, int size, long salt) {
        Random centres = new Random(7);
        float[][] centre = new float[40][dimensions];
        for (float[] c : centre) {
            for (int j = 0; j < dimensions; j++) {
                c[j] = (float) centres.nextGaussian();
            }
        }
        Random random = new Random(salt);
        VectorBlock block = VectorBlock.allocate(type, dimensions, size);
        for (int i = 0; i < size; i++) {
            float[] c = centre[random.nextInt(centre.length)];
            for (int j = 0; j < dimensions; j++) {
                put(block, i * dimensions + j, c[j] + 0.4 * random.nextGaussian());
            }
        }
        return block;
    }

    /** The same for a metric that may not have distances for all vectors. */
    static VectorBlock clustered(
            Metric metric, ElementType type, int dimensions, int size, long salt) {
        VectorBlock block = clustered(type, dimensions, size, salt);
        for (int i = 0; i < size && !type.isByte() && type != ElementType.BITS; i++) {
            float[] row = new float[dimensions];
            block.copyTo(i, row, 0);
            io.sparkspann.distance.SampleVectors.fit(metric, row, 0, dimensions);
            block.set(i, row);
        }
        return block;
    }

    private static void put(VectorBlock block, int at, double value) {
        switch (block.type()) {
            case FLOAT32 -> block.floats()[at] = (float) value;
            case FLOAT16 -> block.halfs()[at] = Half.ofFloat((float) value);
            case UINT8 ->
                    block.bytes()[at] =
                            (byte) Math.max(0, Math.min(255, Math.round(128 + 30 * value)));
            case BITS -> {
                // Neighbours differ in a few of the bits of their centre.
                int word = Math.round((float) value * 2) * 0x9E3779B9;
                int flips = Float.floatToRawIntBits((float) value) & 0x01010101;
                block.floats()[at] = Float.intBitsToFloat(word ^ flips);
            }
            case INT8 ->
                    block.bytes()[at] =
                            (byte) Math.max(-128, Math.min(127, Math.round(30 * value)));
        }
    }

    /** Writes an fvecs, f16bin, u8bin or i8bin file, as the type wants it. */
    static Path write(Path folder, String name, VectorBlock block) {
        return switch (block.type()) {
            case FLOAT32 -> writeFvecs(folder.resolve(name + ".fvecs"), block);
            case FLOAT16 -> writeBin(folder.resolve(name + ".f16bin"), block);
            case UINT8 -> writeBin(folder.resolve(name + ".u8bin"), block);
            case BITS -> writeBin(folder.resolve(name + ".u8bin"), bytes(block));
            case INT8 -> writeBin(folder.resolve(name + ".i8bin"), block);
        };
    }

    /** Bits as the bytes that they are read from. */
    private static VectorBlock bytes(VectorBlock bits) {
        ByteBuffer bytes =
                ByteBuffer.allocate(bits.size() * bits.dimensions() * Float.BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN);
        bits.write(0, bits.size(), bytes);
        return VectorBlock.ofBytes(
                ElementType.UINT8, bits.dimensions() * Float.BYTES, bytes.array());
    }

    private static Path writeFvecs(Path file, VectorBlock block) {
        try (VectorFileWriter writer =
                new VectorFileWriter(
                        Files.newOutputStream(file), VectorFormat.FVECS, file.toString())) {
            writer.append(block);
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path writeBin(Path file, VectorBlock block) {
        int length = block.size() * block.dimensions() * block.type().bytes();
        ByteBuffer bytes = ByteBuffer.allocate(8 + length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(block.size()).putInt(block.dimensions());
        block.write(0, block.size(), bytes);
        try {
            return Files.write(file, bytes.array());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes an fvecs file of the given rows. */
    static Path write(Path folder, String name, float[]... rows) {
        float[] all = new float[rows.length * rows[0].length];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(rows[i], 0, all, i * rows[0].length, rows[0].length);
        }
        return write(folder, name, VectorBlock.ofFloats(rows[0].length, all));
    }

    /** Writes an ivecs file. */
    static Path writeTruth(Path file, int columns, int... ids) {
        try (VectorFileWriter writer =
                new VectorFileWriter(
                        Files.newOutputStream(file), VectorFormat.IVECS, file.toString())) {
            writer.append(columns, ids);
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
