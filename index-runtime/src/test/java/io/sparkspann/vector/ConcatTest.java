package io.sparkspann.vector;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConcatTest {
    private static IdBlock strings(String... texts) {
        IdBlockBuilder ids = new IdBlockBuilder(IdType.STRING);
        for (String text : texts) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            ids.add(utf8, 0, utf8.length);
        }
        return ids.build();
    }

    @Test
    void stringsFollowOneAnother() {
        IdBlock all = IdBlock.concat(List.of(strings("é", ""), strings(), strings("b", "日本")));
        assertThat(List.of(all.text(0), all.text(1), all.text(2), all.text(3)))
                .containsExactly("é", "", "b", "日本");
        assertThat(all.size()).isEqualTo(4);
    }

    @Test
    void numbersFollowOneAnotherAndKeepTheirType() {
        IdBlock one = IdBlock.ofNumbers(IdType.INT, new long[] {3, 1});
        IdBlock all = IdBlock.concat(List.of(one, IdBlock.ofNumbers(IdType.INT, new long[] {2})));
        assertThat(all.numbers()).containsExactly(3, 1, 2);
        assertThat(all.type()).isEqualTo(IdType.INT);
        assertThat(IdBlock.concat(List.of(one))).isSameAs(one);
    }

    @Test
    void vectorsFollowOneAnother() {
        VectorBlock floats = VectorBlock.ofFloats(2, new float[] {1, 2, 3, 4});
        assertThat(VectorBlock.concat(List.of(floats, floats.slice(1, 2))).floats())
                .containsExactly(1, 2, 3, 4, 3, 4);
        VectorBlock bytes = VectorBlock.ofBytes(ElementType.INT8, 1, new byte[] {5});
        VectorBlock all = VectorBlock.concat(List.of(bytes, bytes));
        assertThat(all.bytes()).containsExactly(5, 5);
        assertThat(all.type()).isEqualTo(ElementType.INT8);
    }
}
