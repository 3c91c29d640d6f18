package io.sparkspann.spark.jobs;

import io.sparkspann.cli.CommandRunner;
import io.sparkspann.cli.EvaluateCommand;
import io.sparkspann.cli.InfoCommand;
import io.sparkspann.cli.RootCommand;
import io.sparkspann.cli.VerifyCommand;
import io.sparkspann.spark.storage.Storages;
import io.sparkspann.storage.Storage;
import io.sparkspann.vector.ByteSource;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The command {@code spark-spann}: builds indexes and joins tables with them on Spark. */
@Command(
        name = "spark-spann",
        description = "Builds SPANN vector indexes with Spark and joins tables with them.",
        subcommands = {
            BuildCommand.class,
            JoinCommand.class,
            ExactJoinCommand.class,
            RangeJoinCommand.class,
            PlanCommand.class,
            EvaluateCommand.class,
            InfoCommand.class,
            ReportCommand.class,
            VerifyCommand.class,
            DemoCommand.class
        },
        footer = {
            "",
            "Exit codes: 0 done, 1 failed, 2 wrong use, 130 interrupted.",
            "Examples:",
            "  spark-spann build --input words.parquet --index words.index",
            "  spark-spann report --index words.index --output words.html"
        })
public final class Main extends RootCommand {
    @Option(
            names = "--conf",
            paramLabel = "KEY=VALUE",
            scope = ScopeType.INHERIT,
            description =
                    "A setting of Spark or, as spark.hadoop.KEY, of Hadoop's file systems; may be"
                            + " repeated.")
    private Map<String, String> settings = new LinkedHashMap<>();

    Main() {}

    /** Runs and, if it failed, ends the JVM with the exit code. */
    public static void main(String[] args) {
        int code =
                run(
                        args,
                        new FileOutputStream(FileDescriptor.out),
                        new FileOutputStream(FileDescriptor.err));
        // In cluster mode an exit during shutdown hooks of the application master counts as a
        // failure.
        if (code != CommandRunner.DONE) {
            System.exit(code);
        }
    }

    /**
     * Runs one command line.
     *
     * @param out receives the results
     * @param err receives progress and errors
     * @return the exit code
     */
    public static int run(String[] args, OutputStream out, OutputStream err) {
        return CommandRunner.run(new Main(), args, out, err);
    }

    /** What spark-submit set in the system properties, and what was given with {@code --conf}. */
    SparkConf sparkConf() {
        SparkConf conf = new SparkConf();
        settings.forEach(conf::set);
        return conf;
    }

    /** Settings of file systems, for commands without a session. */
    Configuration hadoopConf() {
        return SparkHadoopUtil.get().newConfiguration(sparkConf());
    }

    @Override
    public Storage storage(String location) {
        return Storages.open(location, hadoopConf());
    }

    @Override
    public ByteSource file(String location) {
        return Storages.openFile(location, hadoopConf());
    }
}
