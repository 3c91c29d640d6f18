package io.sparkspann.cli;

import io.sparkspann.error.InvalidInputException;
import io.sparkspann.search.Filter;
import io.sparkspann.search.SpannIndex;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options that say which vectors may be found. */
final class FilterMixin {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(names = "--allow-ids", paramLabel = "FILE", description = IdFile.ALLOW)
    private String allow;

    @Option(names = "--deny-ids", paramLabel = "FILE", description = IdFile.DENY)
    private String deny;

    /**
     * The filter of an index. Says on standard error how many ids the index does not have.
     *
     * @throws InvalidInputException if a file is not as it should be
     */
    Filter filter(SpannIndex index) {
        Filter filter = index.filters().all();
        if (allow != null) {
            filter = filter.and(filter(index, "--allow-ids", allow, true));
        }
        if (deny != null) {
            filter = filter.and(filter(index, "--deny-ids", deny, false));
        }
        return filter;
    }

    private Filter filter(SpannIndex index, String option, String name, boolean allows) {
        IdFile file = IdFile.read(RootCommand.of(command).file(name));
        IdFile.Content content = file.content(index.manifest().schema().idType(), allows);
        Filter filter = index.filters().filter(content.condition());
        long given = content.count();
        long known = allows ? filter.count() : index.size() - filter.count();
        if (known < given) {
            command.commandLine()
                    .getErr()
                    .println(
                            option
                                    + ": "
                                    + (given - known)
                                    + " of "
                                    + given
                                    + " ids are not in the index");
        }
        return filter;
    }
}
