package io.sparkspann.search;

import io.sparkspann.distance.Metric;
import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.IdType;
import io.sparkspann.vector.VectorBlock;
import java.util.List;
import java.util.Random;

/**
 * One of the golden indexes: {@code golden/v1.0/<name>} is an index directory, {@code <name>.tsv}
 * beside it has queries and their exact neighbours.
 */
record GoldenCase(Metric metric, ElementType elementType, IdType idType, int shards) {
    static final String VERSION = "v1.0";
    static final int VECTORS = 300;
    static final int DIMENSIONS = 8;
    static final int QUERIES = 12;
    static final int K = 10;

    private static final long SEED = 20;

    static final List<GoldenCase> ALL =
            List.of(
                    new GoldenCase(Metric.L2, ElementType.FLOAT32, IdType.LONG, 3),
                    new GoldenCase(Metric.COSINE, ElementType.UINT8, IdType.STRING, 2),
                    new GoldenCase(Metric.IP, ElementType.INT8, IdType.INT, 1));

    String name() {
        return metric.label() + "-" + elementType.label() + "-" + idType.label();
    }

    /** Base vectors, then queries; the same ones at each call. */
    VectorBlock vectors() {
        Random random = new Random(SEED);
        int n = (VECTORS + QUERIES) * DIMENSIONS;
        if (elementType.isByte()) {
            byte[] bytes = new byte[n];
            random.nextBytes(bytes);
            return VectorBlock.ofBytes(elementType, DIMENSIONS, bytes);
        }
        float[] floats = new float[n];
        for (int i = 0; i < n; i++) {
            floats[i] = (random.nextInt(2001) - 1000) / 8f;
        }
        return VectorBlock.ofFloats(DIMENSIONS, floats);
    }

    /** Number of the id of a row: order and sign differ from those of the rows. */
    static long number(long row) {
        return row * 97 % VECTORS * 1_000 - 150_000;
    }

    /** The id of a row as text. */
    String id(long row) {
        return idType == IdType.STRING ? "naïve " + number(row) : Long.toString(number(row));
    }

    @Override
    public String toString() {
        return name();
    }
}
