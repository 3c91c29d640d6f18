package io.sparkspann.spark.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkspann.spark.SharedSpark;
import io.sparkspann.spark.build.VectorSamples;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.roaringbitmap.RoaringBitmap;

/** Files of ids that joins may or may not find. */
@ExtendWith(SharedSpark.class)
class IdsOptionsTest {
    private final SparkSession spark;

    @TempDir Path folder;

    private String base;

    IdsOptionsTest(SparkSession spark) {
        this.spark = spark;
    }

    @BeforeEach
    void build() {
        base =
                VectorSamples.file(
                        folder.resolve("base.fvecs"), VectorSamples.clustered(300, 6, 5, 1));
        assertThat(Outcome.of("build", "--input", base, "--index", place("index")).code()).isZero();
    }

    private String place(String name) {
        return folder.resolve(name).toString();
    }

    private Outcome join(String command, String option, String value, String allow, String deny) {
        return Outcome.of(
                command,
                "--index",
                place("index"),
                "--queries",
                base,
                "--output",
                place("pairs"),
                option,
                value,
                "--allow-ids",
                allow,
                "--deny-ids",
                deny);
    }

    @ParameterizedTest
    @CsvSource({"join, --k, 4", "exact-join, --k, 4", "range-join, --radius, 1000000"})
    void what_is_allowed_and_not_denied_is_found(String command, String option, String value)
            throws IOException {
        RoaringBitmap some = new RoaringBitmap();
        some.add(100L, 110L);
        try (DataOutputStream out =
                new DataOutputStream(Files.newOutputStream(folder.resolve("some.roaring")))) {
            some.serialize(out);
        }
        Files.writeString(folder.resolve("none.txt"), "101\n108\n999\n");
        Outcome joined = join(command, option, value, place("some.roaring"), place("none.txt"));
        assertThat(joined.code()).as("%s", joined).isZero();
        Dataset<Row> pairs = spark.read().parquet(place("pairs"));
        assertThat(pairs.select("neighbor_id").distinct().as("id").collectAsList())
                .extracting(row -> row.getLong(0))
                .isSubsetOf(100L, 102L, 103L, 104L, 105L, 106L, 107L, 109L);
        assertThat(pairs.count()).isEqualTo(300L * (command.equals("range-join") ? 8 : 4));
    }

    @Test
    void a_file_that_is_no_list_of_numbers_is_refused() throws IOException {
        Files.writeString(folder.resolve("some.txt"), "7\nseven\n");
        Outcome joined = join("exact-join", "--k", "2", place("some.txt"), place("some.txt"));
        assertThat(joined.code()).isNotZero();
        assertThat(joined.err()).anyMatch(line -> line.contains("line 2 is 'seven'"));
        assertThat(folder.resolve("pairs")).doesNotExist();
    }
}
