package io.sparkspann.spark.jobs;

import io.sparkspann.build.ReportFile;
import io.sparkspann.cli.IndexMixin;
import io.sparkspann.format.Manifest;
import io.sparkspann.search.IndexFiles;
import io.sparkspann.spark.report.ReportPage;
import io.sparkspann.storage.Storage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Writes a page about an index. */
@Command(
        name = "report",
        description = {
            "Writes one HTML page about an index and how it was built, with plots and tables.",
            "The page needs no other file and no network. Prints where it is."
        },
        footer = {
            "",
            "Example: ${ROOT-COMMAND-NAME} report --index words.index --output words.html"
        })
final class ReportCommand implements Callable<Integer> {
    private static final String HEADLESS = "java.awt.headless";

    @Spec private CommandSpec spec;
    @Mixin private IndexMixin index;

    @Option(
            names = "--output",
            paramLabel = "FILE",
            description =
                    "Where the page is to be (default: report.html in the working directory).")
    private String output;

    @Option(
            names = "--mode",
            paramLabel = "MODE",
            description = "If there is such a file: error (default), or overwrite it.")
    private String mode = "error";

    @Override
    public Integer call() {
        if (!mode.equals("error") && !mode.equals("overwrite")) {
            throw new ParameterException(
                    spec.commandLine(), "mode is '" + mode + "'; use error or overwrite");
        }
        String place =
                output == null
                        ? Path.of("report.html").toAbsolutePath().toUri().toString()
                        : output;
        Main main = (Main) spec.root().userObject();
        PageFile page = PageFile.of(place, main.hadoopConf(), mode.equals("overwrite"));
        Storage storage = index.storage();
        Manifest manifest = IndexFiles.openCurrent(storage).manifest();
        // Plots are drawn in memory; where there is a screen, Java would look for it.
        if (System.getProperty(HEADLESS) == null) {
            System.setProperty(HEADLESS, "true");
        }
        Optional<String> problem = ReportPage.plotProblem();
        problem.ifPresent(
                text -> spec.commandLine().getErr().println("the page has no plots: " + text));
        String html =
                ReportPage.of(
                        storage.location(),
                        manifest,
                        ReportFile.read(storage, manifest),
                        problem.isEmpty());
        page.write(html.getBytes(StandardCharsets.UTF_8));
        spec.commandLine().getOut().println(page.location());
        return 0;
    }
}
