package io.sparkspann.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sparkspann.search.Neighbors;
import io.sparkspann.vector.IdType;
import java.io.PrintWriter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints what was found for queries: lines of tabs, or JSON. */
final class NeighborsMixin {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(names = "--json", description = "Print one JSON object for each query.")
    private boolean json;

    /** Prints the neighbours of queries, the first of which has a number. */
    void print(long firstQuery, Neighbors found) {
        PrintWriter out = command.commandLine().getOut();
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
}
