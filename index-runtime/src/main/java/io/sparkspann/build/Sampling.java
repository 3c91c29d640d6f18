package io.sparkspann.build;

import io.sparkspann.cluster.Seeds;
import io.sparkspann.vector.IdBlock;
import io.sparkspann.vector.IdType;
import io.sparkspann.vector.VectorBlock;
import java.io.Serializable;

/**
 * Chooses rows by a hash of their content, so that the choice does not depend on where a row is
 * read.
 *
 * @param seed of the build
 * @param calibrationShare rows whose draw, as a part of 2^64, is below this are calibration queries
 * @param routerShare rows whose draw is below this and that are not for calibration train the
 *     router
 */
record Sampling(long seed, double calibrationShare, double routerShare) implements Serializable {
    /** Expected numbers of sampled rows turned into shares of {@code rows}. */
    static Sampling of(long seed, long rows, long calibrationRows, long routerRows) {
        double n = Math.max(1, rows);
        // At most every tenth row is held out: small tables need theirs for training.
        double calibration = Math.min(0.1, calibrationRows / n);
        return new Sampling(seed, calibration, Math.min(1, calibration + routerRows / n));
    }

    boolean isCalibration(long hash) {
        return draw(hash) < calibrationShare;
    }

    boolean isRouterSample(long hash) {
        double draw = draw(hash);
        return draw >= calibrationShare && draw < routerShare;
    }

    private double draw(long hash) {
        return fraction(Seeds.mix(seed, hash));
    }

    /** A hash as a number in [0, 1). */
    static double fraction(long hash) {
        return (hash >>> 11) * 0x1p-53;
    }

    /** A 64-bit hash of id and vector of a row. */
    static long hash(IdBlock ids, VectorBlock vectors, int row) {
        return hash(idHash(ids, row), vectors, row);
    }

    /** A 64-bit hash of a vector. */
    static long vectorHash(VectorBlock vectors, int row) {
        return hash(0, vectors, row);
    }

    private static long hash(long start, VectorBlock vectors, int row) {
        long hash = start;
        int d = vectors.dimensions();
        for (int j = 0; j < d; j++) {
            hash = step(hash, vectors.bits(row, j));
        }
        return Seeds.mix(hash, d);
    }

    /** A 64-bit hash of an id. */
    static long idHash(IdBlock ids, int row) {
        if (ids.type() != IdType.STRING) {
            return Seeds.mix(1, ids.number(row));
        }
        long hash = 2;
        byte[] utf8 = ids.utf8();
        for (int i = ids.offsets()[row]; i < ids.offsets()[row + 1]; i++) {
            hash = step(hash, utf8[i]);
        }
        return Seeds.mix(hash, 0);
    }

    private static long step(long hash, int value) {
        long mixed = (hash ^ value) * 0x9E3779B97F4A7C15L;
        return mixed ^ (mixed >>> 29);
    }
}
