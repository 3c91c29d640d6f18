package io.sparkspann.spark.jobs;

import io.sparkspann.error.SpannException;
import io.sparkspann.spark.error.SparkErrors;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How a job gets its Spark session. */
public final class SparkMixin {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--master",
            paramLabel = "URL",
            description =
                    "Spark master (default: what spark-submit or --conf says, else local[*]).")
    private String master;

    /** Work that needs a session. */
    @FunctionalInterface
    interface SessionWork {
        int run(SparkSession spark) throws Exception;
    }

    /**
     * Runs work on a session, which is stopped afterwards unless it was there before.
     *
     * @param job what to do when a signal ends the JVM meanwhile
     * @throws SpannException the error of this project, if there is one inside Spark's
     */
    int withSession(String name, Interruption.Job job, SessionWork work) throws Exception {
        Interruption interruption = new Interruption(command, job);
        try {
            return withSession(name, work);
        } finally {
            interruption.end();
        }
    }

    private int withSession(String name, SessionWork work) throws Exception {
        // The active one is that of this thread, the default one may be another thread's.
        boolean existed =
                SparkSession.getActiveSession().isDefined()
                        || SparkSession.getDefaultSession().isDefined();
        SparkSession spark = session(name);
        try {
            return work.run(spark);
        } catch (Exception e) {
            throw SparkErrors.unwrap(e, "the " + name).map(Exception.class::cast).orElse(e);
        } finally {
            if (!existed) {
                spark.stop();
            }
        }
    }

    private SparkSession session(String name) {
        SparkConf conf = ((Main) command.root().userObject()).sparkConf();
        boolean embedded = !conf.contains("spark.master");
        if (master != null) {
            conf.set("spark.master", master);
        } else if (embedded) {
            conf.set("spark.master", "local[*]");
        }
        boolean local = conf.get("spark.master").startsWith("local");
        if (local && !conf.get("spark.master").startsWith("local-cluster")) {
            // A task that runs out of memory fails, and does not end the JVM, which is the driver.
            conf.setIfMissing("spark.executor.killOnFatalError.depth", "0");
        }
        if (embedded && local) {
            conf.setIfMissing("spark.ui.enabled", "false");
            conf.setIfMissing("spark.driver.host", "127.0.0.1");
            conf.setIfMissing("spark.driver.bindAddress", "127.0.0.1");
        }
        // Splits of a bounded size bound the memory of the tasks that read them.
        conf.setIfMissing("spark.sql.files.maxPartitionBytes", "64m");
        try {
            return SparkSession.builder().config(conf).appName("spann " + name).getOrCreate();
        } catch (RuntimeException e) {
            throw new ParameterException(
                    command.commandLine(), "Spark does not start: " + firstLine(e), e);
        } catch (Exception e) {
            // Spark throws its checked exceptions undeclared.
            throw new ParameterException(
                    command.commandLine(), "Spark does not start: " + firstLine(e), e);
        }
    }

    private static String firstLine(Exception e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse(e.toString());
    }
}
