package io.sparkspann.spark.jobs;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkspann.error.InvalidInputException;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DistinctPathsTest {
    private static void require(String output, String index) throws Exception {
        DistinctPaths.require(new Configuration(), "--output", output, "--index", index);
    }

    @ParameterizedTest
    @CsvSource({
        "/a/b,/a/b",
        "/a,/a/b",
        "/a/b/c,/a/b",
        "/a/b/,/a/b",
        "file:/a/b,/a/b",
        "/a/./b,/a/b"
    })
    void whatIsReadIsNotWrittenOver(String output, String index) {
        assertThatThrownBy(() -> require(output, index))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("give --output a folder apart from --index");
    }

    @ParameterizedTest
    @CsvSource({"/a/b,/a/c", "/a/bc,/a/b", "/a/b,/a/bc", "out,index"})
    void foldersApartAreFine(String output, String index) {
        assertThatCode(() -> require(output, index)).doesNotThrowAnyException();
    }
}
