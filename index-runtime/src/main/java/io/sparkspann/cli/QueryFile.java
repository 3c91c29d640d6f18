package io.sparkspann.cli;

import io.sparkspann.distance.VectorSpace;
import io.sparkspann.error.InvalidInputException;
import io.sparkspann.search.QueryRows;
import io.sparkspann.vector.VectorBlock;
import io.sparkspann.vector.VectorCheck;
import io.sparkspann.vector.file.VectorFile;
import io.sparkspann.vector.file.VectorFiles;
import java.io.Closeable;
import picocli.CommandLine.Model.CommandSpec;

/** A file of queries, checked against the index that they are for. One thread. */
final class QueryFile implements Closeable {
    private final String path;
    private final VectorFile file;
    private final VectorSpace space;

    private QueryFile(String path, VectorFile file, VectorSpace space) {
        this.path = path;
        this.file = file;
        this.space = space;
    }

    /**
     * @throws InvalidInputException if the file is none of vectors, or of another dimension
     */
    static QueryFile open(CommandSpec command, String path, FormatMixin format, VectorSpace space) {
        String dataset = format.datasetOr(VectorFiles.QUERY_DATASET);
        VectorFile file = InputFiles.vectors(command, path, format.format(), dataset);
        if (!space.takesQueries(file.elementType(), file.dimensions())) {
            int found = file.dimensions();
            file.close();
            throw new InvalidInputException(
                    path
                            + ": the queries have dimension "
                            + found
                            + ", the index wants "
                            + space.queries()
                            + "; use vectors of the same model");
        }
        return new QueryFile(path, file, space);
    }

    long size() {
        return file.size();
    }

    /**
     * @throws InvalidInputException if a query cannot be searched for, naming its row
     */
    QueryRows read(long from, int count) {
        VectorBlock block = file.read(from, count);
        for (int i = 0; i < count; i++) {
            String problem = VectorCheck.problem(block, i, space.metric().domain());
            if (problem != null) {
                throw new InvalidInputException(
                        path
                                + ": row "
                                + (from + i)
                                + " cannot be used as a query: "
                                + problem
                                + "; correct or remove it");
            }
        }
        return QueryRows.of(space, block);
    }

    @Override
    public void close() {
        file.close();
    }
}
