package io.sparkspann.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkspann.error.InvalidInputException;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContentIdTest {
    @Test
    void isTheSameForever() {
        // First half of SHA-256 over 00000001 'a' 00000002 'bc'.
        assertThat(ContentId.of(utf8("a"), utf8("bc")))
                .hasToString("b534ce16ac9c8b36823f39a395ce8e0e");
    }

    @Test
    void partsAreKeptApart() {
        assertThat(ContentId.of(utf8("ab"), utf8("c")))
                .isNotEqualTo(ContentId.of(utf8("a"), utf8("bc")));
        assertThat(ContentId.of(utf8("a"), utf8(""))).isNotEqualTo(ContentId.of(utf8("a")));
    }

    @Property
    void textIsReadBack(@ForAll long high, @ForAll long low) {
        ContentId id = new ContentId(high, low);
        assertThat(id.toString()).hasSize(32);
        assertThat(ContentId.parse(id.toString())).isEqualTo(id);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0",
                "0123456789ABCDEF0123456789abcdef",
                "0123456789abcdef0123456789abcdeg",
                "0123456789abcdef0123456789abcdef0",
                "-123456789abcdef0123456789abcdef"
            })
    void otherTextIsRefused(String text) {
        assertThatThrownBy(() -> ContentId.parse(text)).isInstanceOf(InvalidInputException.class);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
