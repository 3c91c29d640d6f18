package io.sparkspann.build;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.IdBlock;
import io.sparkspann.vector.IdType;
import io.sparkspann.vector.VectorBlock;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class RowBufferTest {
    private static final int DIMENSIONS = 3;

    @Property(tries = 100)
    void rows_of_many_blocks_are_put_in_order(
            @ForAll @IntRange(min = 1, max = 40) int rows,
            @ForAll boolean known,
            @ForAll boolean bytes,
            @ForAll int seed) {
        ElementType type = bytes ? ElementType.UINT8 : ElementType.FLOAT32;
        RowCodec codec = new RowCodec(IdType.LONG, type, DIMENSIONS);
        Random random = new Random(seed);
        VectorBlock vectors = vectors(type, rows, random);
        IdBlock ids = IdBlock.ofNumbers(IdType.LONG, random.longs(rows).toArray());
        RowBuffer buffer = known ? new RowBuffer(codec, rows) : new RowBuffer(codec);
        for (int from = 0; from < rows; ) {
            int to = from + random.nextInt(rows - from + 1);
            buffer.add(ids, vectors, IntStream.range(from, to).toArray());
            from = to;
        }
        List<Integer> shuffled =
                Arrays.asList(IntStream.range(0, rows).boxed().toArray(Integer[]::new));
        Collections.shuffle(shuffled, random);
        int[] order = shuffled.stream().mapToInt(Integer::intValue).toArray();

        assertThat(buffer.size()).isEqualTo(rows);
        assertThat(buffer.ids().numbers()).isEqualTo(ids.numbers());
        assertThat(buffer.takeVectors(order))
                .usingRecursiveComparison()
                .isEqualTo(vectors.gather(order));
    }

    private static VectorBlock vectors(ElementType type, int rows, Random random) {
        if (type.isByte()) {
            byte[] components = new byte[rows * DIMENSIONS];
            random.nextBytes(components);
            return VectorBlock.ofBytes(type, DIMENSIONS, components);
        }
        float[] components = new float[rows * DIMENSIONS];
        for (int i = 0; i < components.length; i++) {
            components[i] = random.nextFloat();
        }
        return VectorBlock.ofFloats(DIMENSIONS, components);
    }
}
