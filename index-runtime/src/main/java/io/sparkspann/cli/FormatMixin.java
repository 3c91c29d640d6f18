package io.sparkspann.cli;

import io.sparkspann.vector.file.VectorFormat;
import picocli.CommandLine.Option;

/** The options that say how a vector file is read. */
final class FormatMixin {
    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            converter = Labels.OfVectorFormat.class,
            description =
                    "fvecs, bvecs, ivecs, fbin, f16bin, u8bin, i8bin, hdf5, npy or tsv (default: by"
                            + " the name of the file).")
    private VectorFormat format;

    @Option(
            names = "--dataset",
            paramLabel = "NAME",
            description = "Data set of an HDF5 file (default: train of base, test of queries).")
    private String dataset;

    /** Null if it is to be told by the name of the file. */
    VectorFormat format() {
        return format;
    }

    String datasetOr(String usual) {
        return dataset == null ? usual : dataset;
    }
}
