package io.sparkspann.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sparkspann.search.IndexFiles;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints what an index is. */
@Command(
        name = "info",
        description = "Prints what an index holds, how it was built, and what searches will cost.",
        footer = {"", "Example: ${ROOT-COMMAND-NAME} info --index words.index"})
public final class InfoCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private IndexMixin index;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Override
    public Integer call() {
        ObjectNode summary = IndexSummary.of(IndexFiles.openCurrent(index.storage()).manifest());
        if (json) {
            spec.commandLine().getOut().println(summary);
        } else {
            IndexSummary.print(summary, spec.commandLine().getOut());
        }
        return CommandRunner.DONE;
    }
}
