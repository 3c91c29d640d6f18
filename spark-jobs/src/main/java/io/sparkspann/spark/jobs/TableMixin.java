package io.sparkspann.spark.jobs;

import io.sparkspann.error.InvalidInputException;
import io.sparkspann.spark.input.BadRows;
import io.sparkspann.spark.input.InputSpec;
import io.sparkspann.vector.ElementType;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How a table is read. */
final class TableMixin {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description =
                    "parquet, fvecs, bvecs, ivecs, fbin, u8bin, i8bin, hdf5, npy or tsv (default:"
                            + " by the name; a folder is Parquet).")
    private String format;

    @Option(
            names = "--id-column",
            paramLabel = "NAME",
            description = "Column of the ids: long, int or string (default id).")
    private String idColumn = "id";

    @Option(
            names = "--vector-column",
            paramLabel = "NAME",
            description = "Column of the vectors: an array of numbers, or binary (default vector).")
    private String vectorColumn = "vector";

    @Option(
            names = "--element-type",
            paramLabel = "TYPE",
            description =
                    "float32, uint8 or int8: what a binary column holds (default float32,"
                            + " little-endian; of queries, the type of the index if that is of"
                            + " bytes), or the type to narrow an integer column to.")
    private String elementType;

    @Option(
            names = "--dataset",
            paramLabel = "NAME",
            description = "Data set of an HDF5 file (default: train of base, test of queries).")
    private String dataset;

    /**
     * The table at a path.
     *
     * @param usualDataset data set of an HDF5 file where none is named
     * @param skipBadRows whether bad rows are counted and left out
     * @throws ParameterException if the element type is none
     */
    InputSpec spec(String path, String usualDataset, boolean skipBadRows) {
        return InputSpec.of(path)
                .withFormat(format)
                .withColumns(idColumn, vectorColumn)
                .withDataset(dataset == null ? usualDataset : dataset)
                .withComponentType(elementType())
                .withBadRows(skipBadRows ? BadRows.SKIP : BadRows.FAIL);
    }

    private ElementType elementType() {
        try {
            return elementType == null ? null : ElementType.ofLabel(elementType);
        } catch (InvalidInputException e) {
            throw new ParameterException(command.commandLine(), e.getMessage(), e);
        }
    }
}
