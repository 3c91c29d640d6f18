package io.sparkspann.spark.input;

import io.sparkspann.error.InvalidInputException;
import io.sparkspann.spark.storage.HadoopConf;
import io.sparkspann.spark.storage.Storages;
import io.sparkspann.vector.ByteSource;
import io.sparkspann.vector.file.VectorFile;
import io.sparkspann.vector.file.VectorFiles;
import io.sparkspann.vector.file.VectorFormat;
import java.io.Serializable;

/**
 * A vector file, as tasks need to know it.
 *
 * @param name the path without credentials
 */
record FileInput(String name, InputSpec spec, VectorFormat format, HadoopConf conf)
        implements Serializable {
    ByteSource bytes() {
        return Storages.openFile(spec.path(), conf.value());
    }

    VectorFile vectors() {
        String dataset = spec.dataset() == null ? VectorFiles.BASE_DATASET : spec.dataset();
        return VectorFiles.open(bytes(), format, dataset);
    }

    boolean skipsBadRows() {
        return spec.badRows() == BadRows.SKIP;
    }

    InvalidInputException badRow(long row, String problem) {
        return new InvalidInputException(
                name
                        + ": row "
                        + row
                        + ", "
                        + problem
                        + "; correct the row, or leave such rows out with --on-bad-row skip");
    }
}
