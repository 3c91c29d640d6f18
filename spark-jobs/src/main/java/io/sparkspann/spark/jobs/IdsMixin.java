package io.sparkspann.spark.jobs;

import io.sparkspann.cli.IdFile;
import io.sparkspann.error.InvalidInputException;
import io.sparkspann.format.Manifest;
import io.sparkspann.search.IdCondition;
import io.sparkspann.spark.storage.HadoopBytes;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Option;

/** The options that say which vectors a join may find. */
final class IdsMixin {
    @Option(names = "--allow-ids", paramLabel = "FILE", description = IdFile.ALLOW)
    private String allow;

    @Option(names = "--deny-ids", paramLabel = "FILE", description = IdFile.DENY)
    private String deny;

    /**
     * The conditions on the ids of an index. Reads the files on the driver.
     *
     * @throws InvalidInputException if a file is not as it should be
     */
    List<IdCondition> conditions(SparkSession session, Manifest manifest) {
        List<IdCondition> conditions = new ArrayList<>();
        if (allow != null) {
            conditions.add(condition(session, manifest, allow, true));
        }
        if (deny != null) {
            conditions.add(condition(session, manifest, deny, false));
        }
        return conditions;
    }

    private static IdCondition condition(
            SparkSession session, Manifest manifest, String file, boolean allows) {
        HadoopBytes bytes = HadoopBytes.open(file, session.sparkContext().hadoopConfiguration());
        return IdFile.read(bytes).content(manifest.schema().idType(), allows).condition();
    }
}
