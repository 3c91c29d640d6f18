package io.sparkspann.spark.build;

import io.sparkspann.build.BuildEngine;
import io.sparkspann.build.BuildMode;
import io.sparkspann.build.IndexBuilder;
import io.sparkspann.build.TableShape;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.SparkSession;

/**
 * Main class of a child JVM: builds an index. Arguments: master, input, index, scratch folder, and
 * what goes wrong: {@code nothing}, {@code faults} for tasks that fail at their first attempts, or
 * the name of a stage in which a task tells of itself and hangs.
 */
final class ChildBuild {
    private ChildBuild() {}

    public static void main(String[] arguments) {
        SparkSession spark = session(arguments[0], Path.of(arguments[3]));
        try {
            new IndexBuilder(
                            new Faulty(Builds.engine(spark, arguments[1]), arguments[4]),
                            Builds.opener(spark, Path.of(arguments[2])),
                            Builds.options(3),
                            Builds.QUIET)
                    .build(
                            Files.exists(Path.of(arguments[2], "build.json"))
                                    ? BuildMode.RESUME
                                    : BuildMode.ERROR);
        } finally {
            spark.stop();
        }
    }

    static SparkSession session(String master, Path scratch) {
        SparkSession spark =
                SparkSession.builder()
                        .master(master)
                        .config("spark.ui.enabled", "false")
                        .config("spark.driver.host", "127.0.0.1")
                        .config("spark.driver.bindAddress", "127.0.0.1")
                        .config("spark.local.dir", scratch.resolve("local").toString())
                        .config(
                                "spark.sql.warehouse.dir",
                                scratch.resolve("warehouse").toUri().toString())
                        .getOrCreate();
        spark.sparkContext().setLogLevel("OFF");
        return spark;
    }

    /** Makes the first attempts of most tasks fail, before or after they have done their work. */
    private record Faulty(BuildEngine engine, String fault) implements BuildEngine {
        @Override
        public TableShape table() {
            return engine.table();
        }

        @Override
        public <R extends Serializable> List<R> mapInput(String stage, InputTask<R> task) {
            String wrong = fault;
            return engine.mapInput(
                    stage,
                    (split, batches) -> {
                        before(wrong, stage, split);
                        R result = task.run(split, batches);
                        after(wrong, stage, split);
                        return result;
                    });
        }

        @Override
        public <R extends Serializable> List<R> run(String stage, int tasks, IndexedTask<R> task) {
            String wrong = fault;
            return engine.run(
                    stage,
                    tasks,
                    index -> {
                        before(wrong, stage, index);
                        R result = task.run(index);
                        after(wrong, stage, index);
                        return result;
                    });
        }

        private static int attempt() {
            return TaskContext.get().attemptNumber();
        }

        private static int kind(String stage, int index) {
            return Math.floorMod(31 * stage.hashCode() + 7 * index, 5);
        }

        private static void before(String fault, String stage, int index) {
            if (fault.equals("faults") && attempt() == 0 && kind(stage, index) < 2) {
                System.out.println("a task fails");
                throw new IllegalStateException("failed before its work");
            }
        }

        private static void after(String fault, String stage, int index) {
            if (fault.equals("faults") && attempt() <= 1 && kind(stage, index) % 2 == 1) {
                System.out.println("a task fails after its work");
                throw new IllegalStateException("failed after its work");
            }
            if (fault.equals(stage) && index == 0) {
                System.out.println("in " + stage);
                hang();
            }
        }

        private static void hang() {
            try {
                Thread.sleep(600_000);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
