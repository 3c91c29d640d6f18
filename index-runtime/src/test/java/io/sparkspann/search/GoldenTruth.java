package io.sparkspann.search;

import io.sparkspann.distance.TrueDistance;
import io.sparkspann.vector.IdType;
import io.sparkspann.vector.VectorBlock;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What searches of a golden index must find: a plain comparison in double precision of each query
 * with every vector as it is stored, which shares no code with the index.
 */
final class GoldenTruth {
    /** A base vector, and the number that the metric reports for it. */
    record Found(String id, float distance) {}

    private static final int MOST_CODE = 127;
    private static final int HALF_DIGITS = 11;

    private final GoldenCase golden;
    private final float[][] base;
    private final float[][] queries;

    GoldenTruth(GoldenCase golden) {
        this.golden = golden;
        VectorBlock all = golden.vectors();
        base = new float[GoldenCase.VECTORS][];
        queries = new float[GoldenCase.QUERIES][];
        double step = step(all);
        for (int i = 0; i < base.length; i++) {
            base[i] = stored(row(all, i), step);
        }
        for (int q = 0; q < queries.length; q++) {
            float[] query = row(all, base.length + q);
            queries[q] = golden.stored() == GoldenCase.Stored.BITS ? words(query) : query;
        }
    }

    private float[] row(VectorBlock block, int i) {
        float[] row = new float[golden.readDimensions()];
        block.copyTo(i, row, 0);
        return row;
    }

    /** Of codes of components on both sides of 0. */
    private double step(VectorBlock all) {
        float greatest = 0;
        for (int i = 0; i < base.length; i++) {
            for (float x : row(all, i)) {
                greatest = Math.max(greatest, Math.abs(x));
            }
        }
        return (double) greatest / MOST_CODE;
    }

    private float[] stored(float[] read, double step) {
        return switch (golden.stored()) {
            case FLOAT32, UINT8, INT8 -> read;
            case BITS -> words(read);
            case FLOAT16 -> {
                float[] row = new float[read.length];
                for (int j = 0; j < row.length; j++) {
                    row[j] = half(read[j]);
                }
                yield row;
            }
            case SQ8 -> {
                float[] row = new float[read.length];
                for (int j = 0; j < row.length; j++) {
                    row[j] = (float) (step * Math.rint(read[j] / step));
                }
                yield row;
            }
        };
    }

    /** The nearest number of 11 binary digits, even ones first; for normal float16. */
    private static float half(float x) {
        double unit = Math.scalb(1.0, Math.max(-14, Math.getExponent(x)) - HALF_DIGITS + 1);
        return (float) (Math.rint(x / unit) * unit);
    }

    private static float[] words(float[] bytes) {
        ByteBuffer buffer = ByteBuffer.allocate(bytes.length).order(ByteOrder.LITTLE_ENDIAN);
        for (float x : bytes) {
            buffer.put((byte) (int) x);
        }
        buffer.flip();
        float[] words = new float[bytes.length / Float.BYTES];
        buffer.asFloatBuffer().get(words);
        return words;
    }

    /** All base vectors, the nearest of a query first, equally near ones by id. */
    List<Found> ranking(int query) {
        double[] keys = new double[base.length];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = TrueDistance.key(golden.metric(), base[i], queries[query]);
        }
        return IntStream.range(0, keys.length)
                .boxed()
                .sorted(
                        Comparator.<Integer>comparingDouble(i -> (float) keys[i])
                                .thenComparing(this::idOrder))
                .map(i -> new Found(golden.id(i), reported(keys[i])))
                .toList();
    }

    /** ASCII digits after a common start: code points order them as UTF-8 does. */
    private String idOrder(int row) {
        return golden.idType() == IdType.STRING
                ? golden.id(row)
                : String.format("%09d", GoldenCase.number(row) + 1_000_000);
    }

    private float reported(double key) {
        return (float) (golden.metric().isSimilarity() ? -key : key);
    }
}
