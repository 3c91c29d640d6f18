package io.sparkspann.spark.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkspann.error.InvalidInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AmountsTest {
    @ParameterizedTest
    @CsvSource({
        "1, 1",
        "1000000, 1000000",
        "'1,000,000', 1000000",
        "1_000, 1000",
        "1e9, 1000000000",
        "2.5E6, 2500000",
        "250M, 250000000",
        "1.5g, 1500000000",
        "2b, 2000000000",
        "10k, 10000",
        "' 7 ', 7"
    })
    void counts_are_read(String text, long count) {
        assertThat(Amounts.count("vectors", text)).isEqualTo(count);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "-1", "1.5", "1e-3", "abc", "1e99", "M", "1mm", "NaN"})
    void other_counts_are_refused(String text) {
        assertThatThrownBy(() -> Amounts.count("vectors", text))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("vectors is '" + text + "'")
                .hasMessageNotContaining("\n");
    }

    @ParameterizedTest
    @CsvSource({
        "1024, 1024",
        "16g, 17179869184",
        "512m, 536870912",
        "1.5G, 1610612736",
        "2t, 2199023255552",
        "64k, 65536",
        "3GiB, 3221225472",
        "3gb, 3221225472"
    })
    void bytes_are_read(String text, long bytes) {
        assertThat(Amounts.bytes("memory", text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "g", "-1g", "0", "16x", "1e3", "99999999999t"})
    void other_sizes_are_refused(String text) {
        assertThatThrownBy(() -> Amounts.bytes("memory", text))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("memory is '" + text + "'");
    }

    @Test
    void amounts_are_printed_for_people() {
        assertThat(Amounts.bytes(1_039_975_904.0)).isEqualTo("1.04 GB");
        assertThat(Amounts.bytes(12.0)).isEqualTo("12 B");
        assertThat(Amounts.bytes(999_600.0)).isEqualTo("1.00 MB");
        assertThat(Amounts.count(49_911)).isEqualTo("49,911");
        assertThat(Amounts.count(1e9)).isEqualTo("1.00 G");
        assertThat(Amounts.time(8.31)).isEqualTo("8.3 s");
        assertThat(Amounts.time(720)).isEqualTo("12 min");
        assertThat(Amounts.time(11_160)).isEqualTo("3.1 h");
        assertThat(Amounts.gibibytes(1.5 * (1 << 30))).isEqualTo("1.5 GiB");
    }
}
