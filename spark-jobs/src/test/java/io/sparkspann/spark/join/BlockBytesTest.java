package io.sparkspann.spark.join;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.IdBlock;
import io.sparkspann.vector.IdBlockBuilder;
import io.sparkspann.vector.IdType;
import io.sparkspann.vector.VectorBlock;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Blocks of a join come back from their bytes, which take no more room than they need. */
class BlockBytesTest {
    private static final List<long[]> NUMBERS =
            List.of(
                    new long[0],
                    new long[] {-7},
                    new long[] {1L << 40, (1L << 40) + 0xFFFF_FFFFL},
                    new long[] {1L << 40, (1L << 40) + 0x1_0000_0000L},
                    new long[] {Long.MAX_VALUE, Long.MIN_VALUE, 0, -1},
                    new long[] {Integer.MIN_VALUE, Integer.MAX_VALUE});

    @Test
    void numbers_come_back() {
        for (long[] numbers : NUMBERS) {
            int length = Math.toIntExact(Numbers.bytes(numbers));
            ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
            Numbers.put(numbers, bytes);
            assertThat(bytes.hasRemaining()).isFalse();
            assertThat(Numbers.take(bytes.flip(), numbers.length)).containsExactly(numbers);
            assertThat(bytes.hasRemaining()).isFalse();
        }
        assertThat(Numbers.bytes(NUMBERS.get(2))).isEqualTo(9 + 2 * 4);
        assertThat(Numbers.bytes(NUMBERS.get(3))).isEqualTo(9 + 2 * 8);
    }

    private static IdBlock ids(IdType type) {
        IdBlockBuilder ids = new IdBlockBuilder(type);
        for (String text : List.of("7", "", "日本")) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            if (type == IdType.STRING) {
                ids.add(utf8, 0, utf8.length);
            } else {
                ids.add(utf8.length - 2);
            }
        }
        return ids.build();
    }

    private static String text(IdBlock ids) {
        StringBuilder text = new StringBuilder(ids.type() + ":");
        for (int i = 0; i < ids.size(); i++) {
            text.append(ids.text(i)).append(',');
        }
        return text.toString();
    }

    @ParameterizedTest
    @EnumSource
    void queries_come_back(IdType type) {
        VectorBlock floats = VectorBlock.ofFloats(2, new float[] {1, 2, 3, 4, -5, 6.5f});
        VectorBlock bytes = VectorBlock.ofBytes(ElementType.UINT8, 1, new byte[] {1, -1, 3});
        for (VectorBlock vectors : List.of(floats, bytes)) {
            QueryBlock block =
                    QueryBlock.unrouted(new long[] {5, 1L << 50, 6}, ids(type), vectors)
                            .routed(
                                    new float[] {1, Float.POSITIVE_INFINITY, -2},
                                    new int[] {0, 0, 2},
                                    new int[] {9, 8, 7});
            QueryBlock.Codec codec =
                    new QueryBlock.Codec(type, vectors.type(), vectors.dimensions());
            QueryBlock back = QueryBlock.decode(codec, block.encode());
            assertThat(back.keys()).containsExactly(block.keys());
            assertThat(text(back.ids())).isEqualTo(text(block.ids()));
            assertThat(back.bounds()).containsExactly(block.bounds());
            assertThat(back.pairQueries()).containsExactly(0, 0, 2);
            assertThat(back.pairPostings()).containsExactly(9, 8, 7);
            if (vectors.type().isByte()) {
                assertThat(back.vectors().bytes()).containsExactly(vectors.bytes());
            } else {
                assertThat(back.vectors().floats()).containsExactly(vectors.floats());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void lists_come_back(IdType type) {
        PartialLists lists =
                new PartialLists(
                        new long[] {1, 2},
                        ids(IdType.STRING).gather(new int[] {0, 2}),
                        new int[] {0, 0, 3},
                        new float[] {0.5f, 1, 2},
                        ids(type));
        PartialLists back = PartialLists.decode(IdType.STRING, type, lists.encode());
        assertThat(back.keys()).containsExactly(1, 2);
        assertThat(text(back.queryIds())).isEqualTo("STRING:7,日本,");
        assertThat(back.starts()).containsExactly(0, 0, 3);
        assertThat(back.rankKeys()).containsExactly(0.5f, 1, 2);
        assertThat(text(back.neighborIds())).isEqualTo(text(ids(type)));
    }

    @Test
    void rows_of_parts_ascend() {
        int[][] rows = Division.of(7, 4, i -> i % 3);
        assertThat(rows[0]).containsExactly(0, 3, 6);
        assertThat(rows[1]).containsExactly(1, 4);
        assertThat(rows[2]).containsExactly(2, 5);
        assertThat(rows[3]).isNull();
    }
}
