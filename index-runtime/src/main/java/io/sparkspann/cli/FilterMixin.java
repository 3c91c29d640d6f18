package io.sparkspann.cli;

import io.sparkspann.error.InvalidInputException;
import io.sparkspann.search.Filter;
import io.sparkspann.search.Filters;
import io.sparkspann.search.SpannIndex;
import io.sparkspann.vector.IdType;
import java.util.Set;
import org.roaringbitmap.RoaringBitmap;
import org.roaringbitmap.longlong.Roaring64NavigableMap;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options that say which vectors may be found. */
final class FilterMixin {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--allow-ids",
            paramLabel = "FILE",
            description =
                    "Find only vectors with these ids: text with one id a line, or a Roaring bitmap"
                            + " (.roaring, .roaring64).")
    private String allow;

    @Option(
            names = "--deny-ids",
            paramLabel = "FILE",
            description = "Find no vectors with these ids, from such a file.")
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
        boolean isText = index.manifest().schema().idType() == IdType.STRING;
        if (isText && file.isBitmap()) {
            throw new InvalidInputException(
                    name
                            + ": is a bitmap, but the ids of the index are text; give a file with"
                            + " one id a line");
        }
        Filters filters = index.filters();
        Filter filter;
        long given;
        if (isText) {
            Set<String> texts = file.texts();
            given = texts.size();
            filter = allows ? filters.allowIds(texts) : filters.denyIds(texts);
        } else if (!file.isBitmap()) {
            long[] numbers = file.numbers();
            given = numbers.length;
            filter = allows ? filters.allowIds(numbers) : filters.denyIds(numbers);
        } else if (file.isLongBitmap()) {
            Roaring64NavigableMap bitmap = file.longBitmap();
            given = bitmap.getLongCardinality();
            filter = allows ? filters.allow(bitmap) : filters.deny(bitmap);
        } else {
            RoaringBitmap bitmap = file.bitmap();
            given = bitmap.getLongCardinality();
            filter = allows ? filters.allow(bitmap) : filters.deny(bitmap);
        }
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
