package io.sparkspann.cli;

import io.sparkspann.search.IndexVerifier;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Checks every byte of an index. */
@Command(
        name = "verify",
        description = {
            "Checks every byte of the current snapshot.",
            "Exits with 0 if it is intact, else with 1 after one line for each damage."
        },
        footer = {"", "Example: ${ROOT-COMMAND-NAME} verify --index words.index"})
public final class VerifyCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private IndexMixin index;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        IndexVerifier.Result result = IndexVerifier.verify(index.storage(), out::println);
        if (result.damages() > 0) {
            return CommandRunner.FAILED;
        }
        out.println(
                "ok: snapshot "
                        + result.snapshot()
                        + ", "
                        + result.files()
                        + " files, "
                        + result.bytes()
                        + " bytes, "
                        + result.vectors()
                        + " vectors, "
                        + result.postings()
                        + " postings, "
                        + result.records()
                        + " records");
        return CommandRunner.DONE;
    }
}
