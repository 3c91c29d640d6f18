package io.sparkspann.vector.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkspann.error.InvalidInputException;
import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.VectorBlock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TsvReaderTest {
    private static VectorFile open(String text) {
        return VectorFiles.open(ArrayBytes.text(text), VectorFormat.TSV);
    }

    private static void assertRefused(String text, String message) {
        assertThatThrownBy(
                        () -> {
                            VectorFile file = open(text);
                            file.read(0, (int) file.size());
                        })
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("memory: ")
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1\t2\n3\t4\n",
                "1\t2\n3\t4",
                "1\t2\r\n3\t4\r\n",
                "1\t2\r\n3\t4\r",
                "1,2\n3,4\n",
                "1, 2\n3 ,4\n",
                "1 2\n3 4\n",
                "1   2\n 3  4  \n",
                "1\t2\n3\t4\n\n\n",
                "1\t2\r\n3\t4\r\n \t\r\n\r\n",
                "\uFEFF1\t2\n3\t4\n",
                "1.0\t2e0\n+3\t0.4e1\n",
                " 1 \t 2 \n3\t4\n"
            })
    void sameTwoVectors(String text) {
        try (VectorFile file = open(text)) {
            assertThat(file.elementType()).isEqualTo(ElementType.FLOAT32);
            assertThat(file.dimensions()).isEqualTo(2);
            assertThat(file.size()).isEqualTo(2);
            assertThat(file.read(0, 2).floats()).containsExactly(1f, 2f, 3f, 4f);
            assertThat(file.read(1, 1).floats()).containsExactly(3f, 4f);
            assertThat(file.read(2, 0).size()).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1:2;3:1e999|line 2 column 2: '1e999' does not fit float32",
                "1:2;-1e39:4|line 2 column 1: '-1e39' does not fit float32",
                "1:2;3:NaN|line 2 column 2: 'NaN' is not a finite decimal number",
                "1:2;Infinity:4|line 2 column 1: 'Infinity'",
                "1:x;3:4|line 1 column 2: 'x'",
                "1:;3:4|line 1 column 2: ''",
                "1:2;:4|line 2 column 1: ''",
                "1:2;3:0x10|line 2 column 2: '0x10'",
                "1,5:2|line 1 column 1: '1,5'",
                "1,5 2,5|line 1 column 2: '5 2'",
                "1:2;3:4;5|line 3 has 1 columns, line 1 has 2",
                "1:2;3:4:5|line 2 has 3 columns, line 1 has 2",
                "1:2;3:4:|line 2 has 3 columns, line 1 has 2",
                "1 2;3:4|line 2 column 1: '3\\x094'",
                "1:2;3 4|line 2 column 1: '3 4'",
                "1:2;;3:4|the line at byte 4 is blank",
                "1:2; ;3:4|the line at byte 4 is blank",
                ";1:2|line 1 is blank",
                "; ;|line 1 is blank",
                "id:v;1:2|line 1 column 1: 'id'",
            })
    void badTextNamesLineColumnAndValue(String text, String message) {
        assertRefused(text.replace(':', '\t').replace(';', '\n'), message);
        if (!message.contains("at byte")) {
            assertRefused(text.replace(':', '\t').replace(";", "\r\n"), message);
        }
    }

    @Test
    void binaryGarbageIsQuotedOnOneLine() {
        assertThatThrownBy(
                        () -> {
                            ArrayBytes source = ArrayBytes.of((byte) 0xFF, (byte) 0xFE, 1, "\0\b");
                            VectorFiles.open(source, VectorFormat.TSV).read(0, 1);
                        })
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("\\x00")
                .hasMessageMatching("[^\\x00-\\x1f]*");
    }

    @Test
    void aLineWithoutEndIsRefusedBeforeItFillsMemory() {
        ArrayBytes source = new ArrayBytes(new byte[(1 << 25) + (1 << 24)]);
        assertThatThrownBy(() -> VectorFiles.open(source, VectorFormat.TSV))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("the line at byte 0 is longer than 33554432 bytes");
    }

    @Test
    void tooManyColumnsAreRefused() {
        assertRefused("0,".repeat(1 << 20) + "0\n", "1048577 columns");
    }

    @Test
    void manyRowsAreFoundThroughTheIndexAndAcrossBuffers() {
        StringBuilder text = new StringBuilder();
        int rows = 20_000;
        for (int i = 0; i < rows; i++) {
            text.append(i).append('\t').append(-i).append(".25\t").append("7".repeat(1 + i % 9));
            text.append('\n');
        }
        VectorFile file = open(text.toString());
        assertThat(file.size()).isEqualTo(rows);
        VectorBlock all = file.read(0, rows);
        for (int i = 0; i < rows; i++) {
            assertThat(all.floats()[3 * i]).isEqualTo(i);
        }
        for (int first : new int[] {0, 1, 255, 256, 257, 511, 19_967, 19_968, 19_999}) {
            int count = Math.min(300, rows - first);
            assertThat(file.read(first, count).floats())
                    .isEqualTo(all.slice(first, first + count).floats());
        }
        assertThatThrownBy(() -> file.read(rows, 1)).isInstanceOf(IllegalArgumentException.class);
    }
}
