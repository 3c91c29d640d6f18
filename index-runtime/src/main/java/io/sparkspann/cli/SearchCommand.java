package io.sparkspann.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sparkspann.search.BatchSearch;
import io.sparkspann.search.Filter;
import io.sparkspann.search.Neighbors;
import io.sparkspann.search.QueryRows;
import io.sparkspann.search.ScanStats;
import io.sparkspann.search.SearchOptions;
import io.sparkspann.search.SpannIndex;
import io.sparkspann.vector.IdType;
import io.sparkspann.vector.VectorBlock;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Prints the neighbours of queries. */
@Command(
        name = "search",
        description = {
            "Prints the nearest vectors of queries: query, rank from 1, id and distance, separated"
                    + " by tabs."
        },
        footer = {
            "",
            "Example: ${ROOT-COMMAND-NAME} search --index words.index --queries query.fvecs --k 5"
        })
final class SearchCommand implements Callable<Integer> {
    /** Neighbours kept at a time, at most. */
    private static final int CHUNK_NEIGHBORS = 1 << 22;

    private static final int CHUNK_QUERIES = 1 << 14;

    @Spec private CommandSpec spec;
    @Mixin private IndexMixin index;

    @ArgGroup(multiplicity = "1")
    private Queries queries;

    /** Where queries come from. */
    static final class Queries {
        @Option(
                names = {"--queries", "--query"},
                required = true,
                paramLabel = "FILE",
                description = "File of queries; they are numbered from 0.")
        private String file;

        @Option(
                names = "--vector",
                required = true,
                paramLabel = "NUMBERS",
                description = "One query, such as \"0.1,0.2,0.3\".")
        private String numbers;
    }

    @Mixin private FormatMixin format;
    @Mixin private SearchOptionsMixin search;
    @Mixin private FilterMixin allowed;

    @Option(names = "--exact", description = "Compare with every vector.")
    private boolean exact;

    @Option(names = "--json", description = "Print one JSON object for each query.")
    private boolean json;

    @Mixin private ThreadsMixin threads;

    @Override
    public Integer call() {
        SearchOptions options = search.options();
        if (exact && search.limitsEffort()) {
            throw wrong("--exact excludes --recall-target, --probes and --epsilon");
        }
        int threadCount = threads.threads();
        float[] vector = queries.numbers == null ? null : parse(queries.numbers);
        try (SpannIndex open = index.open()) {
            Filter filter = allowed.filter(open);
            BatchSearch batch = new BatchSearch(open, threadCount, new ScanStats());
            Engine engine =
                    rows ->
                            exact
                                    ? batch.searchExact(rows, options.k(), filter)
                                    : batch.search(rows, options, filter);
            if (vector != null) {
                VectorBlock block = VectorBlock.ofFloats(vector.length, vector);
                QueryRows rows = QueryRows.of(open.manifest().schema().space(), block);
                print(0, engine.search(rows));
            } else {
                searchFile(open, engine, options.k());
            }
        }
        return CommandRunner.DONE;
    }

    /** Answers queries as the options say. */
    private interface Engine {
        Neighbors search(QueryRows rows);
    }

    private void searchFile(SpannIndex open, Engine engine, int k) {
        int chunk = Math.max(1, Math.min(CHUNK_QUERIES, CHUNK_NEIGHBORS / k));
        try (QueryFile file =
                QueryFile.open(spec, queries.file, format, open.manifest().schema().space())) {
            for (long from = 0; from < file.size(); from += chunk) {
                int count = (int) Math.min(chunk, file.size() - from);
                print(from, engine.search(file.read(from, count)));
            }
        }
    }

    private void print(long firstQuery, Neighbors found) {
        PrintWriter out = spec.commandLine().getOut();
        for (int q = 0; q < found.queries(); q++) {
            if (json) {
                out.println(toJson(firstQuery + q, found, q));
            } else {
                for (int r = 0; r < found.count(q); r++) {
                    out.println(
                            (firstQuery + q)
                                    + "\t"
                                    + (r + 1)
                                    + "\t"
                                    + found.idText(q, r)
                                    + "\t"
                                    + found.distance(q, r));
                }
            }
        }
        out.flush();
    }

    private static ObjectNode toJson(long query, Neighbors found, int q) {
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        line.put("query", query);
        ArrayNode ids = line.putArray("ids");
        ArrayNode distances = line.putArray("distances");
        boolean text = found.ids().type() == IdType.STRING;
        for (int r = 0; r < found.count(q); r++) {
            if (text) {
                ids.add(found.idText(q, r));
            } else {
                ids.add(found.id(q, r));
            }
            distances.add(found.distance(q, r));
        }
        return line;
    }

    private float[] parse(String numbers) {
        String[] cells = numbers.strip().split("[,\\s]\\s*", -1);
        float[] vector = new float[cells.length];
        for (int j = 0; j < cells.length; j++) {
            try {
                vector[j] = Float.parseFloat(cells[j]);
            } catch (NumberFormatException e) {
                throw wrong("--vector: component " + j + " is '" + cells[j] + "', not a number");
            }
        }
        return vector;
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
