package io.sparkspann.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkspann.error.InvalidInputException;
import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.IdBlock;
import io.sparkspann.vector.IdType;
import io.sparkspann.vector.VectorBlock;
import org.junit.jupiter.api.Test;

class ArrayLimitTest {
    @Test
    void lengths_that_fit_pass() {
        assertThat(ArrayLimit.check(Integer.MAX_VALUE - 8)).isEqualTo(Integer.MAX_VALUE - 8);
        assertThatThrownBy(() -> ArrayLimit.check(Integer.MAX_VALUE - 7L))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("more shards");
    }

    @Test
    void rows_that_no_array_holds_are_refused_with_advice() {
        VectorBlock row = VectorBlock.allocate(ElementType.FLOAT32, 1 << 16, 1);
        RowCodec codec = new RowCodec(IdType.LONG, ElementType.FLOAT32, 1 << 16);
        IdBlock ids = IdBlock.ofNumbers(IdType.LONG, new long[] {7});
        int[] often = new int[1 << 13];
        assertThatThrownBy(() -> codec.encode(ids, row, often, 0, often.length))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("more shards");
    }
}
