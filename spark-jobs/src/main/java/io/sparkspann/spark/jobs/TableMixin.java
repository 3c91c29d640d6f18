package io.sparkspann.spark.jobs;

import io.sparkspann.spark.input.BadRows;
import io.sparkspann.spark.input.InputSpec;
import picocli.CommandLine.Option;

/** How a table is read. */
final class TableMixin {
    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description =
                    "parquet, fvecs, bvecs, ivecs, fbin, f16bin, u8bin, i8bin, hdf5, npy or tsv"
                            + " (default: by the name; a folder is Parquet).")
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
            names = "--dataset",
            paramLabel = "NAME",
            description = "Data set of an HDF5 file (default: train of base, test of queries).")
    private String dataset;

    /**
     * The table at a path.
     *
     * @param usualDataset data set of an HDF5 file where none is named
     * @param skipBadRows whether bad rows are counted and left out
     */
    InputSpec spec(String path, String usualDataset, boolean skipBadRows) {
        return InputSpec.of(path)
                .withFormat(format)
                .withColumns(idColumn, vectorColumn)
                .withDataset(dataset == null ? usualDataset : dataset)
                .withBadRows(skipBadRows ? BadRows.SKIP : BadRows.FAIL);
    }
}
