package io.sparkspann.spark.source;

import io.sparkspann.build.BuildOptions;
import io.sparkspann.build.Quantizer;
import io.sparkspann.distance.Metric;
import io.sparkspann.error.InvalidInputException;
import io.sparkspann.spark.input.BadRows;
import io.sparkspann.spark.input.InputSpec;
import io.sparkspann.vector.ElementType;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a write is asked for. */
record WriteOptions(String path, InputSpec input, BuildOptions build) {
    static final List<String> NAMES =
            List.of(
                    "idColumn",
                    "vectorColumn",
                    "metric",
                    "elementType",
                    "binaryType",
                    "quantizer",
                    "onBadRow",
                    "shards",
                    "replicas",
                    "headRatio",
                    "rngFactor",
                    "calibrationQueries",
                    "seed");

    static WriteOptions of(Map<String, String> parameters) {
        SourceOptions options = new SourceOptions(parameters, NAMES);
        BuildOptions usual =
                BuildOptions.of(Metric.ofLabel(lower(options.text("metric", Metric.L2.label()))));
        BuildOptions build =
                usual.withShards(options.integer("shards", usual.shards()))
                        .withReplicas(options.integer("replicas", usual.replicas()))
                        .withHeadRatio(options.number("headRatio", usual.headRatio()))
                        .withRngFactor(options.number("rngFactor", usual.rngFactor()))
                        .withSeed(options.longInteger("seed", usual.seed()))
                        .withElementType(type(options, "elementType"))
                        .withQuantizer(Quantizer.ofLabel(lower(options.text("quantizer", "none"))))
                        .withCalibrationQueries(
                                options.integer("calibrationQueries", usual.calibrationQueries()));
        InputSpec input =
                InputSpec.of("the DataFrame")
                        .withColumns(
                                options.text("idColumn", "id"),
                                options.text("vectorColumn", "vector"))
                        .withComponentType(type(options, "binaryType"))
                        .withStoredType(build.elementType())
                        .withBadRows(badRows(options.text("onBadRow", "fail")))
                        .withDomain(build.metric().domain());
        return new WriteOptions(options.path(), input, build);
    }

    private static ElementType type(SourceOptions options, String name) {
        String label = options.text(name, null);
        return label == null ? null : ElementType.ofLabel(lower(label));
    }

    private static BadRows badRows(String text) {
        return switch (lower(text)) {
            case "fail" -> BadRows.FAIL;
            case "skip" -> BadRows.SKIP;
            default ->
                    throw new InvalidInputException(
                            "spann: option onBadRow is '" + text + "'; it must be fail or skip");
        };
    }

    private static String lower(String text) {
        return text.strip().toLowerCase(Locale.ROOT);
    }
}
