package io.sparkspann.spark.source;

import io.sparkspann.error.InvalidInputException;
import io.sparkspann.format.Manifest;
import io.sparkspann.search.SearchOptions;
import io.sparkspann.spark.join.KnnJoin;
import io.sparkspann.spark.join.RangeJoin;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.sources.BaseRelation;

/** A read whose rows are those of a join with a table of queries. */
record JoinRead(SparkSession spark, SourceOptions options) {
    static final String QUERIES = "queries";

    static final List<String> NAMES =
            List.of(
                    QUERIES,
                    "k",
                    "recallTarget",
                    "probes",
                    "epsilon",
                    "exact",
                    "radius",
                    "excludeSelf",
                    "maxDistance",
                    "outer",
                    "payload",
                    "queryIdColumn",
                    "queryVectorColumn");

    /** What a join within a radius has no use for. */
    private static final String[] OF_NEAREST = {
        "k", "recallTarget", "probes", "epsilon", "exact", "maxDistance", "outer", "payload"
    };

    /**
     * @throws InvalidInputException if options are given that are of joins, but no queries are
     */
    static void requireNone(SourceOptions options) {
        for (String name : NAMES) {
            if (options.has(name)) {
                throw new InvalidInputException(
                        "spann: option "
                                + name
                                + " is of joins, but there is no option "
                                + QUERIES
                                + ", which names a table, view or Parquet folder of queries");
            }
        }
    }

    private void requireWith(String name, String other) {
        if (options.has(name) && !options.has(other)) {
            throw new InvalidInputException(
                    "spann: option " + name + " is of no use without " + other + "; set both");
        }
    }

    private void requireNot(String name, String... others) {
        for (String other : others) {
            if (options.has(name) && options.has(other)) {
                throw new InvalidInputException(
                        "spann: "
                                + name
                                + " and "
                                + other
                                + " exclude each other; set one of them");
            }
        }
    }

    BaseRelation relation(Manifest manifest) {
        requireNot("probes", "recallTarget");
        if (options.has("radius")) {
            requireNot("radius", OF_NEAREST);
            return range(manifest);
        }
        requireWith("epsilon", "probes");
        requireWith("queryIdColumn", "excludeSelf");
        return nearest(manifest).relation(queries());
    }

    private KnnJoin nearest(Manifest manifest) {
        boolean exact = options.flag("exact");
        if (exact) {
            requireNot("exact", "recallTarget", "probes");
        }
        SearchOptions search = search();
        // Refuses what makes no sense, and what the index was not calibrated for.
        search.policy(manifest);
        KnnJoin join =
                KnnJoin.of(spark, options.path(), manifest)
                        .with(search)
                        .excludeSelf(options.flag("excludeSelf"))
                        .outer(options.flag("outer"))
                        .payload(payload())
                        .idColumn(idColumn())
                        .vectorColumn(vectorColumn());
        KnnJoin all = exact ? join.exact() : join;
        return options.has("maxDistance") ? all.maxDistance(options.number("maxDistance", 0)) : all;
    }

    private SearchOptions search() {
        int k = options.integer("k", 10);
        return options.has("probes")
                ? SearchOptions.ofProbes(
                        k,
                        options.integer("probes", 0),
                        options.number("epsilon", Double.POSITIVE_INFINITY))
                : SearchOptions.ofRecall(
                        k, options.number("recallTarget", SearchOptions.DEFAULT_RECALL_TARGET));
    }

    /** All within a radius, by the ids of the queries. */
    private BaseRelation range(Manifest manifest) {
        return RangeJoin.of(spark, options.path(), manifest, options.number("radius", 0))
                .excludeSelf(options.flag("excludeSelf"))
                .relation(queries(), idColumn(), vectorColumn());
    }

    private String idColumn() {
        return options.text("queryIdColumn", "id");
    }

    private String vectorColumn() {
        return options.text("queryVectorColumn", "vector");
    }

    /** Names of columns, separated by commas. */
    private String[] payload() {
        return Arrays.stream(options.text("payload", "").split(","))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toArray(String[]::new);
    }

    /** A table or view of the session, or a Parquet file or folder. */
    private Dataset<Row> queries() {
        String name = options.text(QUERIES, "");
        boolean isPath = name.indexOf('/') >= 0 || name.indexOf('\\') >= 0;
        return isPath ? spark.read().parquet(name) : spark.table(name);
    }
}
