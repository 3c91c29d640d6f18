package io.sparkspann.cli;

import io.sparkspann.build.BuildOptions;
import io.sparkspann.build.BuildReport;
import io.sparkspann.build.IndexBuilder;
import io.sparkspann.build.LocalEngine;
import io.sparkspann.storage.Storage;
import io.sparkspann.vector.file.VectorFile;
import io.sparkspann.vector.file.VectorFiles;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Builds an index from a vector file. */
@Command(
        name = "create",
        description = {
            "Builds an index from a vector file; ids are row numbers from 0.",
            "--mode overwrite publishes a new snapshot; the files of the one before stay, for"
                    + " readers that have it open, until the next overwrite."
                    + " --mode resume continues a build that died, and does nothing if the index is"
                    + " complete.",
            "Prints a JSON object about the build as its last line."
        },
        footer = {
            "",
            "Example: ${ROOT-COMMAND-NAME} create --input base.fvecs --index words.index --metric"
                    + " cosine"
        })
final class CreateCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Option(
            names = "--input",
            required = true,
            paramLabel = "FILE",
            description = "File of vectors.")
    private String input;

    @Mixin private IndexMixin index;
    @Mixin private FormatMixin format;
    @Mixin private BuildOptionsMixin build;
    @Mixin private ThreadsMixin threads;
    private volatile boolean ended;

    @Override
    public Integer call() {
        BuildOptions options = build.options();
        boolean skip = build.skipsBadRows();
        int threadCount = threads.threads();
        Storage storage = index.storage();
        String dataset = format.datasetOr(VectorFiles.BASE_DATASET);
        Thread interrupted = new Thread(this::sayInterrupted);
        Runtime.getRuntime().addShutdownHook(interrupted);
        try (VectorFile file = InputFiles.vectors(spec, input, format.format(), dataset)) {
            LocalEngine engine =
                    new LocalEngine(file, input, skip, options.metric().domain(), threadCount)
                            .withState(InputFiles.state(Path.of(input)));
            BuildReport report =
                    new IndexBuilder(engine, () -> storage, options, this::progress)
                            .build(build.mode());
            if (!report.note().isEmpty()) {
                spec.commandLine().getErr().println(report.note());
            }
            spec.commandLine().getOut().println(report.toJson());
        } finally {
            ended = true;
        }
        return CommandRunner.DONE;
    }

    /** The JVM ends before the build: a signal did it. */
    private void sayInterrupted() {
        if (!ended) {
            PrintWriter err = spec.commandLine().getErr();
            err.println(
                    spec.root().name()
                            + ": interrupted; run it again, with --mode resume to go on with what"
                            + " was built");
            err.flush();
        }
    }

    private void progress(String stage, double seconds) {
        PrintWriter err = spec.commandLine().getErr();
        err.println(String.format(Locale.ROOT, "stage %s done in %.2f s", stage, seconds));
    }
}
