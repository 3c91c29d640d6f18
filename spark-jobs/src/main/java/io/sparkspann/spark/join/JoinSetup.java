package io.sparkspann.spark.join;

import io.sparkspann.distance.VectorSpace;
import io.sparkspann.error.InvalidInputException;
import io.sparkspann.format.Manifest;
import io.sparkspann.format.Snapshots;
import io.sparkspann.format.VectorSchema;
import io.sparkspann.search.IndexFiles;
import io.sparkspann.spark.error.Redaction;
import io.sparkspann.spark.input.InputSpec;
import io.sparkspann.spark.input.VectorTable;
import io.sparkspann.spark.stage.StageName;
import io.sparkspann.spark.storage.HadoopConf;
import io.sparkspann.spark.storage.Storages;
import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.IdType;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;

/** The snapshot of an index that a join reads. */
record JoinSetup(SparkSession spark, String indexUri, Manifest manifest) {
    /** The current snapshot. */
    static JoinSetup ofCurrent(SparkSession spark, String indexUri) {
        Manifest manifest =
                IndexFiles.openCurrent(Storages.open(indexUri, HadoopConf.of(spark).value()))
                        .manifest();
        return new JoinSetup(spark, indexUri, manifest);
    }

    /** Queries are told apart by position, so a task that runs again must see the same order. */
    static Dataset<Row> ordered(Dataset<Row> queries, String idColumn, String vectorColumn) {
        return queries.sortWithinPartitions(
                queries.col(idColumn), functions.xxhash64(queries.col(vectorColumn)));
    }

    /** What plans of queries show. */
    String name() {
        return "spann join " + Redaction.redact(indexUri);
    }

    /** How to read queries, whichever way they come. */
    InputSpec spec(InputSpec queries) {
        VectorSchema schema = manifest.schema();
        return queries.withDomain(schema.metric().domain()).withUsualType(queryType(schema));
    }

    /** What queries are taken to be where nothing states it: of the index's type, if they may. */
    private static ElementType queryType(VectorSchema schema) {
        // An index of codes is asked for values.
        if (schema.quantization() != null) {
            return ElementType.FLOAT32;
        }
        ElementType stored = schema.elementType();
        return stored == ElementType.BITS ? ElementType.UINT8 : stored;
    }

    /**
     * @param name of the queries, for messages
     * @throws InvalidInputException if they do not have the dimension of the index
     */
    void requireDimensions(VectorTable queries, String name) {
        VectorSpace space = manifest.schema().space();
        if (!space.takesQueries(queries.elementType(), queries.dimensions())) {
            throw new InvalidInputException(
                    name
                            + ": the queries have dimension "
                            + queries.dimensions()
                            + ", the index wants "
                            + space.queries()
                            + queries.assumption()
                            + "; use vectors of the same model");
        }
    }

    /**
     * @throws InvalidInputException if queries are to be told from vectors by ids that never equal
     */
    void requireComparable(IdType ids, Selection selection, String name) {
        IdType own = manifest.schema().idType();
        boolean differ = (ids == IdType.STRING) != (own == IdType.STRING);
        if (selection.excludeSelf() && differ) {
            throw new InvalidInputException(
                    name
                            + ": the queries have ids of type "
                            + ids.label()
                            + ", the index of type "
                            + own.label()
                            + ", so no query can be told to be itself a vector; cast the ids, or"
                            + " do not exclude self");
        }
    }

    /** Rows in Spark's own form, of which there are no more than vectors, as a data set. */
    Dataset<Row> rows(JavaRDD<InternalRow> rows, StructType schema) {
        JoinRelation relation =
                new JoinRelation(
                        spark, schema, new IdSupply(schema, rows), manifest::vectors, name());
        return spark.baseRelationToDataFrame(relation);
    }

    /**
     * Sends the snapshot to all tasks.
     *
     * @param treeBytes memory of an executor for the trees of shards
     */
    Broadcast<SharedIndex> share(JavaSparkContext context, long treeBytes) {
        return context.broadcast(
                new SharedIndex(
                        indexUri,
                        HadoopConf.of(spark),
                        Snapshots.fileName(manifest.snapshot()),
                        manifest,
                        treeBytes));
    }

    /**
     * Plans the steps of a join.
     *
     * @param queryCount how many queries there are
     * @param queryIdBytes bytes with which each query travels beside its vector, about
     */
    JoinSteps steps(
            QueryBlock.Codec queries,
            long queryCount,
            long queryIdBytes,
            JoinColumns columns,
            JoinOptions options,
            JoinCost cost) {
        JoinMemory granted = options.memory().orBySettings(spark.sparkContext());
        JoinPlanner planner =
                JoinPlanner.of(manifest, options.search(), options.selection(), granted);
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        Broadcast<SharedIndex> index = share(context, planner.treeBytes());
        Restriction restriction =
                !options.isRestricted()
                        ? Restriction.none(context)
                        : StageName.during(
                                spark.sparkContext(),
                                JoinSteps.ALLOWED_STAGE,
                                () -> Restriction.to(options, this, index, granted.treeBytes()));
        JoinPlan plan =
                planner.withWidening(restriction.widening())
                        .plan(queryCount, queryIdBytes, context.defaultParallelism());
        Broadcast<LeafRadii> radii =
                plan.selection().exact() && !plan.direct() && restriction.listed() == null
                        ? context.broadcast(LeafRadii.of(context, index, plan.shards()))
                        : null;
        return new JoinSteps(index, restriction, radii, plan, queries, columns, cost);
    }
}
