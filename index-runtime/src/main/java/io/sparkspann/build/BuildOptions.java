package io.sparkspann.build;

import io.sparkspann.distance.Metric;
import io.sparkspann.error.InvalidInputException;
import io.sparkspann.vector.ElementType;
import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What an index is built with. All of it shapes the bytes of the index.
 *
 * @param metric how distance is measured
 * @param shards number of shards, 0 to choose by {@code shardVectors} and {@code shardBytes}
 * @param shardVectors vectors wished for in a shard
 * @param shardBytes most bytes of vectors wished for in a shard, as float32
 * @param replicas most postings that hold a vector, 1 to 64
 * @param headRatio heads per vector, above 0, at most 0.5
 * @param rngFactor factor of the RNG rule, above 0; greater gives more replicas
 * @param balance strength of the balance in k-means, 0 or more
 * @param calibrationQueries base vectors held out of training to measure recall with, 0 for none
 * @param seed for all random choices
 * @param elementType what the vectors are converted to as they are read; null: they keep the type
 *     of the input. It is an error if a value does not fit integers exactly, or is beyond float16,
 *     to which float32 is rounded
 * @param quantizer how vectors are made smaller; not together with an element type
 */
public record BuildOptions(
        Metric metric,
        int shards,
        int shardVectors,
        long shardBytes,
        int replicas,
        double headRatio,
        double rngFactor,
        double balance,
        int calibrationQueries,
        long seed,
        ElementType elementType,
        Quantizer quantizer)
        implements Serializable {
    /** Most shards of an index. */
    public static final int MAX_SHARDS = 100_000;

    public BuildOptions {
        require(shards >= 0 && shards <= MAX_SHARDS, "shards", shards, "0 to " + MAX_SHARDS);
        require(shardVectors >= 1, "shard-vectors", shardVectors, "1 or more");
        require(shardBytes >= 1, "shard-bytes", shardBytes, "1 or more");
        require(replicas >= 1 && replicas <= 64, "replicas", replicas, "1 to 64");
        require(headRatio > 0 && headRatio <= 0.5, "head-ratio", headRatio, "above 0, at most 0.5");
        require(rngFactor > 0 && rngFactor <= 100, "rng-factor", rngFactor, "above 0, at most 100");
        require(balance >= 0 && balance <= 100, "balance", balance, "0 to 100");
        require(
                calibrationQueries >= 0 && calibrationQueries <= 100_000,
                "calibration-queries",
                calibrationQueries,
                "0 to 100000");
    }

    private static void require(boolean condition, String name, Object value, String range) {
        if (!condition) {
            throw new InvalidInputException(name + " is " + value + "; use " + range);
        }
    }

    /** The defaults for a metric; PERFORMANCE.md says how they were chosen. */
    public static BuildOptions of(Metric metric) {
        return new BuildOptions(
                metric, 0, 1 << 18, 128L << 20, 8, 0.05, 1.0, 0.2, 2000, 42, null, Quantizer.NONE);
    }

    public BuildOptions withShards(int value) {
        return new BuildOptions(
                metric,
                value,
                shardVectors,
                shardBytes,
                replicas,
                headRatio,
                rngFactor,
                balance,
                calibrationQueries,
                seed,
                elementType,
                quantizer);
    }

    public BuildOptions withShardVectors(int value) {
        return new BuildOptions(
                metric,
                shards,
                value,
                shardBytes,
                replicas,
                headRatio,
                rngFactor,
                balance,
                calibrationQueries,
                seed,
                elementType,
                quantizer);
    }

    public BuildOptions withReplicas(int value) {
        return new BuildOptions(
                metric,
                shards,
                shardVectors,
                shardBytes,
                value,
                headRatio,
                rngFactor,
                balance,
                calibrationQueries,
                seed,
                elementType,
                quantizer);
    }

    public BuildOptions withHeadRatio(double value) {
        return new BuildOptions(
                metric,
                shards,
                shardVectors,
                shardBytes,
                replicas,
                value,
                rngFactor,
                balance,
                calibrationQueries,
                seed,
                elementType,
                quantizer);
    }

    public BuildOptions withRngFactor(double value) {
        return new BuildOptions(
                metric,
                shards,
                shardVectors,
                shardBytes,
                replicas,
                headRatio,
                value,
                balance,
                calibrationQueries,
                seed,
                elementType,
                quantizer);
    }

    public BuildOptions withCalibrationQueries(int value) {
        return new BuildOptions(
                metric,
                shards,
                shardVectors,
                shardBytes,
                replicas,
                headRatio,
                rngFactor,
                balance,
                value,
                seed,
                elementType,
                quantizer);
    }

    public BuildOptions withSeed(long value) {
        return new BuildOptions(
                metric,
                shards,
                shardVectors,
                shardBytes,
                replicas,
                headRatio,
                rngFactor,
                balance,
                calibrationQueries,
                value,
                elementType,
                quantizer);
    }

    public BuildOptions withElementType(ElementType value) {
        return new BuildOptions(
                metric,
                shards,
                shardVectors,
                shardBytes,
                replicas,
                headRatio,
                rngFactor,
                balance,
                calibrationQueries,
                seed,
                value,
                quantizer);
    }

    public BuildOptions withQuantizer(Quantizer value) {
        return new BuildOptions(
                metric,
                shards,
                shardVectors,
                shardBytes,
                replicas,
                headRatio,
                rngFactor,
                balance,
                calibrationQueries,
                seed,
                elementType,
                value);
    }

    /** For manifest and journal: names as in the commands. */
    public Map<String, String> parameters() {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("metric", metric.label());
        parameters.put("shards", Integer.toString(shards));
        parameters.put("shard-vectors", Integer.toString(shardVectors));
        parameters.put("shard-bytes", Long.toString(shardBytes));
        parameters.put("replicas", Integer.toString(replicas));
        parameters.put("head-ratio", Double.toString(headRatio));
        parameters.put("rng-factor", Double.toString(rngFactor));
        parameters.put("balance", Double.toString(balance));
        parameters.put("calibration-queries", Integer.toString(calibrationQueries));
        parameters.put("seed", Long.toString(seed));
        if (elementType != null) {
            parameters.put("element-type", elementType.label());
        }
        if (quantizer != Quantizer.NONE) {
            parameters.put("quantizer", quantizer.label());
        }
        return parameters;
    }
}
