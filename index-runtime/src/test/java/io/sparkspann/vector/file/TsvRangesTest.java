package io.sparkspann.vector.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkspann.error.InvalidInputException;
import io.sparkspann.vector.VectorBlock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TsvRangesTest {
    private static List<Float> firstColumn(ArrayBytes source, TsvLayout layout, long step) {
        List<Float> result = new ArrayList<>();
        long row = 0;
        for (long from = 0; from < source.length(); from += step) {
            long to = Math.min(from + step, source.length());
            long count = TsvRanges.countRows(source, layout, from, to);
            TsvReader reader = TsvRanges.read(source, layout, from, to, row);
            long read = 0;
            for (VectorBlock b = reader.next(2); b != null; b = reader.next(2)) {
                assertThat(b.size()).isBetween(1, 2);
                for (int i = 0; i < b.size(); i++) {
                    result.add(b.floats()[i * b.dimensions()]);
                }
                read += b.size();
                assertThat(reader.row()).isEqualTo(row + read);
            }
            assertThat(read).isEqualTo(count);
            row += count;
        }
        return result;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1\t2\n33\t4\n5\t66\n7\t8\n",
                "1\t2\n33\t4\n5\t66\n7\t8",
                "1,2\r\n33,4\r\n5,66\r\n7,8",
                "\uFEFF1 2\n33 4\n5 66\n7 8\n\n\n \n",
                "1\n33\n5\n7\n"
            })
    void rangesOfAnySizeCoverEveryRowOnce(String text) {
        ArrayBytes source = ArrayBytes.text(text);
        TsvLayout layout = TsvLayout.of(source);
        for (long step = 1; step <= source.length() + 1; step++) {
            assertThat(firstColumn(source, layout, step))
                    .as("step %d", step)
                    .containsExactly(1f, 33f, 5f, 7f);
        }
    }

    @ParameterizedTest
    @CsvSource({"0,8,2", "0,4,1", "0,5,2", "1,4,0", "1,5,1", "4,8,1", "5,8,0", "8,8,0", "9,20,0"})
    void aRowBelongsToTheRangeOfItsFirstByte(long from, long to, long rows) {
        ArrayBytes source = ArrayBytes.text("1\t2\n3\t4\n");
        assertThat(TsvRanges.countRows(source, TsvLayout.of(source), from, to)).isEqualTo(rows);
    }

    @Test
    void layoutTellsSeparatorAndStart() {
        assertThat(TsvLayout.of(ArrayBytes.text("\uFEFF1,2,3\n")))
                .isEqualTo(new TsvLayout(3, ',', 3));
        assertThat(TsvLayout.of(ArrayBytes.text("1  2\n"))).isEqualTo(new TsvLayout(0, ' ', 2));
    }

    @Test
    void errorsOfALaterRangeNameTheLineOfTheFile() {
        ArrayBytes source = ArrayBytes.text("1\t2\n3\t4\n5\tx\n");
        TsvReader reader = TsvRanges.read(source, TsvLayout.of(source), 4, 12, 1);
        assertThat(reader.next(1).floats()).containsExactly(3f, 4f);
        assertThatThrownBy(() -> reader.next(1))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("line 3 column 2: 'x'");
    }

    @Test
    void aBlankLineIsSeenInItsOwnRangeThoughTextFollowsInAnother() {
        ArrayBytes source = ArrayBytes.text("1\t2\n\n3\t4\n");
        TsvLayout layout = TsvLayout.of(source);
        assertThat(TsvRanges.countRows(source, layout, 0, 4)).isEqualTo(1);
        assertThatThrownBy(() -> TsvRanges.countRows(source, layout, 4, 5))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("the line at byte 4 is blank");
    }
}
