package io.sparkspann.search;

import io.sparkspann.distance.Geometry;
import io.sparkspann.distance.VectorSpace;
import io.sparkspann.error.InvalidInputException;
import io.sparkspann.vector.Conversion;
import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.VectorBlock;
import io.sparkspann.vector.VectorCheck;
import io.sparkspann.vector.VectorDomain;

/**
 * Queries made ready for search: as floats, embedded, with the term that turns scores into
 * distances. Immutable.
 */
public final class QueryRows {
    private final VectorSpace space;
    private final int size;
    private final float[] rows;
    private final float[] embedded;
    private final float[] scored;
    private final float[] terms;
    private final float[] magnitudes;
    private final boolean integers;

    private QueryRows(VectorSpace space, float[] rows, int size) {
        this.space = space;
        this.size = size;
        this.rows = rows;
        int d = space.dimensions();
        int e = space.embeddedDimensions();
        this.embedded = space.embedsAsStored() ? rows : new float[size * e];
        this.scored = space.scoresAsStored() ? rows : new float[size * d];
        this.terms = new float[size];
        this.magnitudes = new float[size];
        for (int i = 0; i < size; i++) {
            if (embedded != rows) {
                space.embedQuery(rows, i * d, embedded, i * e);
            }
            terms[i] = space.queryTerm(rows, i * d);
            if (scored != rows) {
                space.scoredQuery(rows, scored, i * d);
            }
            magnitudes[i] = space.queryMagnitude(embedded, i * e, terms[i]);
        }
        this.integers = space.scoresAreExact(rows, size);
    }

    /**
     * Prepares the vectors of a block.
     *
     * @throws InvalidInputException if the dimension differs or a vector cannot be searched for
     */
    public static QueryRows of(VectorSpace space, VectorBlock block) {
        if (!space.takesQueries(block.type(), block.dimensions())) {
            throw new InvalidInputException(
                    "The queries are of "
                            + block.type().label()
                            + " and have dimension "
                            + block.dimensions()
                            + ", the index wants "
                            + space.queries()
                            + "; use vectors of the same model");
        }
        if (space.type() == ElementType.BITS && block.type().isByte()) {
            return of(space, bits(block, space.dimensions()));
        }
        int d = space.dimensions();
        boolean floats = block.type() == ElementType.FLOAT32 || block.type() == ElementType.BITS;
        float[] rows = floats ? block.floats() : new float[block.size() * d];
        for (int i = 0; i < block.size(); i++) {
            String problem = VectorCheck.problem(block, i, space.metric().domain());
            if (problem != null) {
                throw new InvalidInputException("Query " + i + " cannot be used: " + problem);
            }
            if (!floats) {
                block.copyTo(i, rows, i * d);
            }
        }
        if (space.isQuantized()) {
            float[] codes = rows == blockFloats(block) ? rows.clone() : rows;
            space.toStoredUnit(codes, block.size());
            requireRange(VectorBlock.ofFloats(d, codes));
            return new QueryRows(space, codes, block.size());
        }
        return new QueryRows(space, rows, block.size());
    }

    /** Queries may be so far outside the range of the codes that scores would overflow. */
    private static void requireRange(VectorBlock codes) {
        for (int i = 0; i < codes.size(); i++) {
            String problem = VectorCheck.problem(codes, i, VectorDomain.ANY);
            if (problem != null) {
                throw new InvalidInputException(
                        "Query "
                                + i
                                + " cannot be used: it is too far outside the range of the"
                                + " quantized vectors; measured in their steps, "
                                + problem);
            }
        }
    }

    private static float[] blockFloats(VectorBlock block) {
        return block.type() == ElementType.FLOAT32 ? block.floats() : null;
    }

    /** Prepares vectors of the index itself, in the type and unit that they are stored in. */
    public static QueryRows ofStored(VectorSpace space, VectorBlock block) {
        float[] rows = new float[block.size() * space.dimensions()];
        for (int i = 0; i < block.size(); i++) {
            block.copyTo(i, rows, i * space.dimensions());
        }
        return new QueryRows(space, rows, block.size());
    }

    private static VectorBlock bits(VectorBlock bytes, int words) {
        VectorBlock target = VectorBlock.allocate(ElementType.BITS, words, bytes.size());
        Conversion conversion = Conversion.to(ElementType.BITS);
        for (int i = 0; i < bytes.size(); i++) {
            conversion.convert(bytes, i, target, i, new float[0]);
        }
        return target;
    }

    private QueryRows(QueryRows queries, int[] order) {
        this.space = queries.space;
        this.size = order.length;
        this.rows = gather(queries.rows, order, space.dimensions());
        this.embedded =
                queries.embedded == queries.rows
                        ? rows
                        : gather(queries.embedded, order, space.embeddedDimensions());
        this.scored =
                queries.scored == queries.rows
                        ? rows
                        : gather(queries.scored, order, space.dimensions());
        this.terms = gather(queries.terms, order, 1);
        this.magnitudes = gather(queries.magnitudes, order, 1);
        this.integers = queries.integers;
    }

    private static float[] gather(float[] rows, int[] order, int d) {
        float[] gathered = new float[order.length * d];
        for (int i = 0; i < order.length; i++) {
            System.arraycopy(rows, order[i] * d, gathered, i * d, d);
        }
        return gathered;
    }

    /** Some of the queries, in another order. */
    QueryRows gather(int[] numbers) {
        return new QueryRows(this, numbers);
    }

    public VectorSpace space() {
        return space;
    }

    public int size() {
        return size;
    }

    /** The shared queries, {@code size × dimensions}, row-major. */
    public float[] rows() {
        return rows;
    }

    /**
     * The shared rows whose tile scores with stored vectors rank them, {@code size × dimensions},
     * row-major.
     */
    public float[] scored() {
        return scored;
    }

    /** The shared embedded queries, {@code size × embedded dimensions}, row-major. */
    public float[] embedded() {
        return embedded;
    }

    /** See {@link VectorSpace#queryTerm}. */
    public float term(int query) {
        return terms[query];
    }

    /** The true distance of a query and a head, given their tile score. */
    public double headDistance(int query, float score) {
        Geometry geometry = space.geometry();
        return geometry.distance(geometry.separation(score, magnitudes[query]));
    }

    /** The same for many heads. */
    ProbePolicy.HeadDistance headDistances(int query) {
        return score -> headDistance(query, score);
    }

    /** Magnitudes of the embedded queries, see {@link Geometry#magnitude}; shared. */
    public float[] magnitudes() {
        return magnitudes;
    }

    /** A rank key that the vector with a tile score in embedded space does not exceed. */
    float keyBound(int query, float score) {
        return space.keyBound(score, magnitudes[query]);
    }

    /** Whether scores of these queries carry no rounding. */
    public boolean integers() {
        return integers;
    }
}
