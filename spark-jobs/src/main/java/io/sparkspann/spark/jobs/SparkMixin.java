package io.sparkspann.spark.jobs;

import io.sparkspann.error.SpannException;
import io.sparkspann.spark.error.SparkErrors;
import java.util.LinkedHashMap;
import java.util.Map;
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

    @Option(
            names = "--conf",
            paramLabel = "KEY=VALUE",
            description = "A setting of Spark; may be repeated.")
    private Map<String, String> settings = new LinkedHashMap<>();

    /** Work that needs a session. */
    @FunctionalInterface
    interface SessionWork {
        int run(SparkSession spark) throws Exception;
    }

    /**
     * Runs work on a session, which is stopped afterwards unless it was there before.
     *
     * @throws SpannException the error of this project, if there is one inside Spark's
     */
    int withSession(String name, SessionWork work) throws Exception {
        // The active one is that of this thread, the default one may be another thread's.
        boolean existed =
                SparkSession.getActiveSession().isDefined()
                        || SparkSession.getDefaultSession().isDefined();
        SparkSession spark = session(name);
        try {
            return work.run(spark);
        } catch (Exception e) {
            throw SparkErrors.unwrap(e).map(Exception.class::cast).orElse(e);
        } finally {
            if (!existed) {
                spark.stop();
            }
        }
    }

    private SparkSession session(String name) {
        // Takes what spark-submit set in the system properties.
        SparkConf conf = new SparkConf();
        boolean embedded = !conf.contains("spark.master") && !settings.containsKey("spark.master");
        if (master != null) {
            conf.set("spark.master", master);
        } else if (embedded) {
            conf.set("spark.master", "local[*]");
        }
        if (embedded && (master == null || master.startsWith("local"))) {
            conf.setIfMissing("spark.ui.enabled", "false");
            conf.setIfMissing("spark.driver.host", "127.0.0.1");
            conf.setIfMissing("spark.driver.bindAddress", "127.0.0.1");
        }
        // Splits of a bounded size bound the memory of the tasks that read them.
        conf.setIfMissing("spark.sql.files.maxPartitionBytes", "64m");
        settings.forEach(conf::set);
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
