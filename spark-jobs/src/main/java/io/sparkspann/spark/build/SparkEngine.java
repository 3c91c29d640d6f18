package io.sparkspann.spark.build;

import io.sparkspann.build.BuildEngine;
import io.sparkspann.build.RowKeeper;
import io.sparkspann.build.TableShape;
import io.sparkspann.error.InvalidInputException;
import io.sparkspann.spark.error.SparkErrors;
import io.sparkspann.spark.input.VectorTable;
import io.sparkspann.spark.stage.StageName;
import io.sparkspann.spark.storage.ExecutorHeap;
import io.sparkspann.vector.ElementType;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/**
 * Runs the stages of a build as Spark jobs. Tasks read the input and one another's files through
 * the storage, so a lost executor costs its running tasks and nothing else; what returns to the
 * driver are counts and file names.
 */
public final class SparkEngine implements BuildEngine {
    /** What the names of all stages begin with in Spark's UI. */
    public static final String STAGES = "spann build ";

    /** Name of what reads and keeps the input before the first stage. */
    public static final String INPUT_STAGE = STAGES + "1/7: input";

    private final SparkSession spark;
    private final VectorTable table;
    private final TableShape shape;
    private final Optional<RowKeeper> keeper;

    /**
     * @param fingerprint says which data the table holds, see {@link TableShape#fingerprint}
     */
    public SparkEngine(SparkSession spark, VectorTable table, String fingerprint) {
        this(spark, table, fingerprint, Optional.empty());
    }

    /**
     * @param keeper keeps the rows of the table, if they are to be kept
     */
    public SparkEngine(
            SparkSession spark, VectorTable table, String fingerprint, Optional<RowKeeper> keeper) {
        this.keeper = keeper;
        this.spark = spark;
        this.table = table;
        this.shape =
                new TableShape(
                        table.elementType(),
                        table.dimensions(),
                        table.idType(),
                        table.hasRowNumberIds(),
                        table.rows(),
                        fingerprint);
    }

    @Override
    public TableShape table() {
        return shape;
    }

    @Override
    public boolean skipsBadRows() {
        return table.skipsBadRows();
    }

    @Override
    public Optional<RowKeeper> rows() {
        return keeper;
    }

    @Override
    public long taskHeapBytes() {
        ExecutorHeap heap = ExecutorHeap.of(spark.sparkContext());
        return heap.bytes() / heap.tasks();
    }

    @Override
    public <R extends Serializable> List<R> mapInput(String stage, InputTask<R> task) {
        TaskTotals totals = TaskTotals.of(spark.sparkContext());
        return inJob(
                stage,
                () ->
                        table.batches()
                                .mapPartitionsWithIndex(
                                        (split, batches) ->
                                                List.of(totals.encode(task.run(split, batches)))
                                                        .iterator(),
                                        true)
                                .collect());
    }

    @Override
    public <R extends Serializable> List<R> run(String stage, int tasks, IndexedTask<R> task) {
        List<Integer> indexes = new ArrayList<>();
        for (int i = 0; i < tasks; i++) {
            indexes.add(i);
        }
        TaskTotals totals = TaskTotals.of(spark.sparkContext());
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        return inJob(
                stage,
                () ->
                        context.parallelize(indexes, tasks)
                                .map(index -> totals.encode(task.run(index)))
                                .collect());
    }

    /**
     * Holds a build that converts vectors to a table whose own type is known.
     *
     * @param stored what they are converted to, null for nothing
     * @throws InvalidInputException if their type was assumed
     */
    void requireKnownType(ElementType stored) {
        boolean converts = stored != null && stored != table.elementType();
        if (converts && !table.assumption().isEmpty()) {
            throw new InvalidInputException(
                    "The vectors are to become "
                            + stored.label()
                            + ", but nobody says what they are"
                            + table.assumption()
                            + "; give --binary-type "
                            + ElementType.LABELS
                            + " (when a DataFrame is written, option binaryType)");
        }
    }

    /** Names job and stages in Spark's UI and takes the error of this project out of Spark's. */
    private <R extends Serializable> List<R> inJob(String stage, Supplier<List<byte[]>> job) {
        String work = "stage " + stage + " (--mode resume goes on there)";
        try {
            List<R> results = new ArrayList<>();
            for (byte[] result : StageName.during(spark.sparkContext(), STAGES + stage, job::get)) {
                results.add(TaskResult.decode(result));
            }
            return results;
        } catch (RuntimeException e) {
            FailedJob.awaitTasks(spark.sparkContext());
            throw SparkErrors.unwrap(e, work).map(RuntimeException.class::cast).orElse(e);
        } catch (Exception e) {
            // Spark throws its checked exceptions undeclared.
            FailedJob.awaitTasks(spark.sparkContext());
            throw SparkErrors.unwrap(e, work)
                    .map(RuntimeException.class::cast)
                    .orElseGet(() -> new IllegalStateException("Stage " + stage + " failed", e));
        }
    }
}
