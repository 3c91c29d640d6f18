package io.sparkspann.posting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkspann.format.FileKind;
import io.sparkspann.format.SectionType;
import io.sparkspann.format.SpnFile;
import io.sparkspann.format.SpnFixture;
import io.sparkspann.vector.IdBlock;
import io.sparkspann.vector.IdBlockBuilder;
import io.sparkspann.vector.IdType;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdTableTest {
    private static final long FIRST = 2_147_483_640L;
    private static final int[] FOREIGN = {0, 7, 2_147_483_647, (int) 3_000_000_000L, -1};
    private static final int OWN = 4;

    private static IdBlock ids(IdType type) {
        IdBlockBuilder ids = new IdBlockBuilder(type);
        String[] strings = {"", "a", "é", "日本", "b", "", "x\0y", "🙂", "last"};
        for (int i = 0; i < 9; i++) {
            if (type == IdType.STRING) {
                byte[] utf8 = strings[i].getBytes(StandardCharsets.UTF_8);
                ids.add(utf8, 0, utf8.length);
            } else {
                ids.add(type == IdType.LONG ? Long.MIN_VALUE + i * 3_000_000_000_000L : i - 4);
            }
        }
        return ids.build();
    }

    @ParameterizedTest
    @EnumSource
    void idsComeBack(IdType type) {
        IdBlock ids = ids(type);
        IdTable table = new IdTable(FIRST, OWN, FOREIGN, ids);
        SpnFixture fixture = new SpnFixture(FileKind.IDS, 1, table::write);
        try (SpnFile file = fixture.open()) {
            IdTable back = IdTable.read(file, type, FIRST, OWN);
            assertThat(back.own()).isEqualTo(OWN);
            assertThat(back.ids().type()).isEqualTo(type);
            assertThat(back.ids().size()).isEqualTo(9);
            for (int i = 0; i < 9; i++) {
                assertThat(back.ids().text(i)).isEqualTo(ids.text(i));
                assertThat(back.ids().compare(i, ids, i)).isZero();
            }
            for (int i = 0; i < OWN; i++) {
                assertThat(back.position(FIRST + i)).isEqualTo(i);
            }
            for (int i = 0; i < FOREIGN.length; i++) {
                assertThat(back.position(Integer.toUnsignedLong(FOREIGN[i]))).isEqualTo(OWN + i);
            }
            for (long absent : new long[] {1, FIRST - 1, FIRST + OWN, 2_999_999_999L}) {
                assertThatThrownBy(() -> back.position(absent))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining(Long.toString(absent));
            }
        }
        assertThat(
                        fixture.isRefused(
                                "own vectors", file -> IdTable.read(file, type, FIRST, OWN + 1)))
                .isTrue();
    }

    /** Sizes around those of the ranges among which one is searched for. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 8, 9, 16, 17, 100, 5000})
    void foreignVectorsAreFoundInCrowdsAndGaps(int size) {
        Random random = new Random(size);
        int[] foreign =
                random.ints(2L * size)
                        .map(i -> i % 3 == 0 ? 1000 + Math.floorMod(i, 2 * size) : i)
                        .mapToLong(Integer::toUnsignedLong)
                        .distinct()
                        .limit(size)
                        .sorted()
                        .mapToInt(i -> (int) i)
                        .toArray();
        long[] ids = LongStream.range(0, foreign.length).toArray();
        IdTable table = new IdTable(0, 0, foreign, IdBlock.ofNumbers(IdType.LONG, ids));
        for (int i = 0; i < foreign.length; i++) {
            assertThat(table.position(Integer.toUnsignedLong(foreign[i]))).isEqualTo(i);
            long after = Integer.toUnsignedLong(foreign[i] + 1);
            if (i + 1 < foreign.length && foreign[i + 1] != (int) after) {
                assertThatThrownBy(() -> table.position(after))
                        .isInstanceOf(IllegalArgumentException.class);
            }
        }
    }

    @Test
    void tableWithoutVectorsComesBack() {
        for (IdType type : IdType.values()) {
            IdTable table = new IdTable(0, 0, new int[0], new IdBlockBuilder(type).build());
            try (SpnFile file = new SpnFixture(FileKind.IDS, 0, table::write).open()) {
                assertThat(IdTable.read(file, type, 0, 0).ids().size()).isZero();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"LONG", "STRING"})
    void forgedNumbersAreRefusedOrMakeSense(IdType type) {
        IdBlock ids = ids(type);
        byte[] values;
        try (SpnFile file =
                new SpnFixture(FileKind.IDS, 0, new IdTable(FIRST, OWN, FOREIGN, ids)::write)
                        .open()) {
            values = file.read(SectionType.IDS_VALUES);
        }
        int[] offsets = type == IdType.STRING ? ids.offsets() : new int[0];
        int[] numbers = new int[2 + FOREIGN.length + offsets.length];
        numbers[0] = OWN;
        numbers[1] = FOREIGN.length;
        System.arraycopy(FOREIGN, 0, numbers, 2, FOREIGN.length);
        System.arraycopy(offsets, 0, numbers, 2 + FOREIGN.length, offsets.length);
        for (int at = 0; at < numbers.length; at++) {
            for (int value : SpnFixture.HOSTILE) {
                int[] forged = numbers.clone();
                forged[at] = value;
                SpnFixture file = forged(type, forged, values);
                // As if the manifest were forged in the same way.
                int own = at == 0 ? value : OWN;
                boolean refused =
                        file.isRefused(
                                "number " + at + " = " + value,
                                f -> IdTable.read(f, type, FIRST, own));
                if (at < 2) {
                    assertThat(refused).isEqualTo(value != numbers[at]);
                }
            }
        }
    }

    private static SpnFixture forged(IdType type, int[] numbers, byte[] values) {
        int foreign = FOREIGN.length;
        return new SpnFixture(
                FileKind.IDS,
                0,
                out -> {
                    SpnFixture.ints(out, SectionType.IDS_COUNTS, numbers[0], numbers[1]);
                    out.begin(SectionType.IDS_FOREIGN);
                    out.writeInts(numbers, 2, foreign);
                    out.end();
                    SpnFixture.bytes(out, SectionType.IDS_VALUES, values);
                    if (type == IdType.STRING) {
                        out.begin(SectionType.IDS_OFFSETS);
                        out.writeInts(numbers, 2 + foreign, numbers.length - 2 - foreign);
                        out.end();
                    }
                });
    }
}
