package io.sparkspann.search;

import io.sparkspann.distance.Metric;
import io.sparkspann.format.FormatVersion;
import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.IdType;
import io.sparkspann.vector.VectorBlock;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * One of the golden indexes: {@code golden/v<version>/<name>} is an index directory, {@code
 * <name>.tsv} beside it has queries and their exact neighbours.
 */
record GoldenCase(FormatVersion version, Metric metric, Stored stored, IdType idType, int shards) {
    private static final FormatVersion V1_0 = new FormatVersion(1, 0);

    /** The version that new golden indexes are of. */
    static final FormatVersion VERSION = new FormatVersion(1, 1);

    static final int VECTORS = 300;
    static final int QUERIES = 12;
    static final int K = 10;

    private static final long SEED = 20;

    /** What components are stored as, and what they are read and asked for as. */
    enum Stored {
        FLOAT32(ElementType.FLOAT32, ElementType.FLOAT32),
        UINT8(ElementType.UINT8, ElementType.UINT8),
        INT8(ElementType.INT8, ElementType.INT8),
        FLOAT16(ElementType.FLOAT32, ElementType.FLOAT16),
        BITS(ElementType.UINT8, ElementType.BITS),
        SQ8(ElementType.FLOAT32, ElementType.INT8);

        private final ElementType read;
        private final ElementType type;

        Stored(ElementType read, ElementType type) {
            this.read = read;
            this.type = type;
        }
    }

    static final List<GoldenCase> ALL =
            List.of(
                    new GoldenCase(V1_0, Metric.L2, Stored.FLOAT32, IdType.LONG, 3),
                    new GoldenCase(V1_0, Metric.COSINE, Stored.UINT8, IdType.STRING, 2),
                    new GoldenCase(V1_0, Metric.IP, Stored.INT8, IdType.INT, 1),
                    new GoldenCase(VERSION, Metric.L2, Stored.FLOAT16, IdType.STRING, 1),
                    new GoldenCase(VERSION, Metric.HAMMING, Stored.BITS, IdType.INT, 2),
                    new GoldenCase(VERSION, Metric.COSINE, Stored.SQ8, IdType.LONG, 2));

    String name() {
        String elements = stored.name().toLowerCase(Locale.ROOT);
        return metric.label() + "-" + elements + "-" + idType.label();
    }

    /** Name of the folder of its version. */
    String folder() {
        return "v" + version;
    }

    /** Type of the components in the index. */
    ElementType elementType() {
        return stored.type;
    }

    /** Type of the components that are read, and of queries. */
    ElementType readType() {
        return stored.read;
    }

    boolean isQuantized() {
        return stored == Stored.SQ8;
    }

    /** Components that are read. Of bits they are bytes, an odd number of words. */
    int readDimensions() {
        return stored == Stored.BITS ? 12 : 8;
    }

    /** Components in the index. */
    int dimensions() {
        return stored == Stored.BITS ? 3 : 8;
    }

    /** Base vectors, then queries, as they are read; the same ones at each call. */
    VectorBlock vectors() {
        Random random = new Random(SEED);
        int n = (VECTORS + QUERIES) * readDimensions();
        if (readType().isByte()) {
            byte[] bytes = new byte[n];
            random.nextBytes(bytes);
            return VectorBlock.ofBytes(readType(), readDimensions(), bytes);
        }
        float[] floats = new float[n];
        for (int i = 0; i < n; i++) {
            // Of float16 with digits that it cannot hold.
            floats[i] = (random.nextInt(2001) - 1000) / (stored == Stored.FLOAT16 ? 7f : 8f);
        }
        return VectorBlock.ofFloats(readDimensions(), floats);
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
