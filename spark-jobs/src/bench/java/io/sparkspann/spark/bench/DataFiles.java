package io.sparkspann.spark.bench;

import io.sparkspann.distance.Metric;
import io.sparkspann.error.InvalidInputException;
import io.sparkspann.vector.FileBytes;
import io.sparkspann.vector.VectorBlock;
import io.sparkspann.vector.file.NeighborFile;
import io.sparkspann.vector.file.TrueNeighbors;
import io.sparkspann.vector.file.VectorFile;
import io.sparkspann.vector.file.VectorFiles;
import io.sparkspann.vector.file.VectorFormat;
import java.nio.file.Path;

/** Reads the vectors and the ground truth. */
final class DataFiles {
    private DataFiles() {}

    static VectorFile open(String path) {
        return VectorFiles.open(FileBytes.open(Path.of(path)), format(path));
    }

    /** The format, by the name of the file: fvecs or bvecs. */
    static VectorFormat format(String path) {
        VectorFormat format = VectorFormat.ofFileName(path).orElse(null);
        if (format != VectorFormat.FVECS && format != VectorFormat.BVECS) {
            throw new InvalidInputException(path + ": give an fvecs or bvecs file");
        }
        return format;
    }

    static VectorBlock all(String path) {
        try (VectorFile file = open(path)) {
            return file.read(0, Math.toIntExact(file.size()));
        }
    }

    static TrueNeighbors truth(String path) {
        return NeighborFile.read(FileBytes.open(Path.of(path)), VectorFormat.IVECS);
    }

    /** Rows as float arrays, for cosine scaled to length 1: what the peers take. */
    static float[][] rows(String path, Metric metric) {
        VectorBlock block = all(path);
        float[][] rows = new float[block.size()][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = row(block, i, metric);
        }
        return rows;
    }

    static float[] row(VectorBlock block, int i, Metric metric) {
        float[] row = new float[block.dimensions()];
        block.copyTo(i, row, 0);
        if (metric == Metric.COSINE) {
            double sum = 0;
            for (float x : row) {
                sum += (double) x * x;
            }
            for (int j = 0; j < row.length; j++) {
                row[j] = (float) (row[j] / Math.sqrt(sum));
            }
        }
        return row;
    }
}
