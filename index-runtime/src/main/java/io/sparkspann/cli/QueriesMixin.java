package io.sparkspann.cli;

import io.sparkspann.search.QueryRows;
import io.sparkspann.search.SpannIndex;
import io.sparkspann.vector.VectorBlock;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that say what is searched for. */
final class QueriesMixin {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @ArgGroup(multiplicity = "1")
    private Source source;

    /** Where queries come from. */
    static final class Source {
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

    /** Takes some queries, the first of which has a number. */
    interface Answer {
        void of(long firstQuery, QueryRows queries);
    }

    /**
     * Hands over all queries, in their order.
     *
     * @param chunk at a time, at most
     * @throws ParameterException if the numbers are none
     */
    void forEach(SpannIndex index, int chunk, Answer answer) {
        if (source.numbers != null) {
            float[] vector = parse(source.numbers);
            VectorBlock block = VectorBlock.ofFloats(vector.length, vector);
            answer.of(0, QueryRows.of(index.manifest().schema().space(), block));
            return;
        }
        try (QueryFile file =
                QueryFile.open(command, source.file, format, index.manifest().schema().space())) {
            for (long from = 0; from < file.size(); from += chunk) {
                int count = (int) Math.min(chunk, file.size() - from);
                answer.of(from, file.read(from, count));
            }
        }
    }

    private float[] parse(String numbers) {
        String[] cells = numbers.strip().split("[,\\s]\\s*", -1);
        float[] vector = new float[cells.length];
        for (int j = 0; j < cells.length; j++) {
            try {
                vector[j] = Float.parseFloat(cells[j]);
            } catch (NumberFormatException e) {
                throw new ParameterException(
                        command.commandLine(),
                        "--vector: component " + j + " is '" + cells[j] + "', not a number");
            }
        }
        return vector;
    }
}
