package io.sparkspann.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sparkspann.error.InvalidInputException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class VectorConversionTest {
    private static VectorBatch batch(float... components) {
        return batch(VectorBlock.ofFloats(2, components));
    }

    private static VectorBatch batch(VectorBlock block) {
        long[] ids = new long[block.size()];
        Arrays.setAll(ids, i -> 100 + i);
        return new VectorBatch(IdBlock.ofNumbers(IdType.LONG, ids), block, "table", 100, 3);
    }

    private static VectorConversion to(ElementType type, boolean skip) {
        return new VectorConversion(Conversion.to(type), VectorDomain.ANY, skip, true);
    }

    private static float[] rows(VectorBlock block) {
        float[] rows = new float[block.size() * block.dimensions()];
        for (int i = 0; i < block.size(); i++) {
            block.copyTo(i, rows, i * block.dimensions());
        }
        return rows;
    }

    @ParameterizedTest
    @EnumSource(names = "BITS", mode = EnumSource.Mode.EXCLUDE)
    void whatEveryTypeHoldsStaysTheSameOnAllWays(ElementType from) {
        VectorBlock block = VectorBlock.allocate(from, 2, 2);
        assertThat(block.set(0, new float[] {0, 1})).isEqualTo(-1);
        assertThat(block.set(1, new float[] {127, 64})).isEqualTo(-1);
        for (ElementType type : ElementType.values()) {
            if (type == ElementType.BITS) {
                continue;
            }
            VectorBatch converted = to(type, false).apply(batch(block));
            assertThat(converted.vectors().type()).isEqualTo(type);
            assertThat(rows(converted.vectors())).containsExactly(0, 1, 127, 64);
            assertThat(converted.ids().numbers()).startsWith(100, 101);
            assertThat(converted.skippedRows()).isEqualTo(3);
        }
    }

    @Test
    void bytesBecomeBitsWithZerosAtTheEnd() {
        byte[] bytes = {1, 2, (byte) 0x80, 0, (byte) 0xFF, 0, 0, 0, 0, 5};
        VectorBlock block = VectorBlock.ofBytes(ElementType.UINT8, 5, bytes);
        VectorBlock bits = to(ElementType.BITS, false).apply(batch(block)).vectors();
        assertThat(bits.dimensions()).isEqualTo(2);
        assertThat(bits.bits(0, 0)).isEqualTo(0x00800201);
        assertThat(bits.bits(0, 1)).isEqualTo(0xFF);
        assertThat(bits.bits(1, 0)).isZero();
        assertThat(bits.bits(1, 1)).isEqualTo(5);
        assertThat(bits.squaredNorm(0)).isEqualTo(11);
        VectorBlock floats = VectorBlock.ofFloats(1, new float[] {1});
        VectorBatch batch = batch(floats);
        VectorConversion conversion = to(ElementType.BITS, false);
        assertThatThrownBy(() -> conversion.apply(batch))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("bits are read from bytes");
    }

    @Test
    void scaledVectorsHaveLengthOne() {
        VectorBlock block = VectorBlock.ofFloats(3, new float[] {3, 0, 4, 1e20f, 1e20f, 0});
        for (ElementType type : new ElementType[] {ElementType.FLOAT32, ElementType.FLOAT16}) {
            VectorBlock target = VectorBlock.allocate(type, 3, 2);
            Conversion unit = Conversion.normalized(type);
            assertThat(unit.convert(block, 0, target, 0, new float[3])).isNull();
            assertThat(target.squaredNorm(0)).isCloseTo(1, within(1e-3));
            VectorBlock zero = VectorBlock.ofFloats(3, new float[3]);
            assertThat(unit.convert(zero, 0, target, 1, new float[3])).contains("zero");
        }
    }

    @Test
    void floatsAreRoundedToHalfs() {
        float[] values = {0.1f, 2049f, -65519f, 1e-9f};
        short[] wanted = {
            Half.ofFloat(0.1f), Half.ofFloat(2048f), Half.ofFloat(-65504f), (short) 0
        };
        assertThat(to(ElementType.FLOAT16, false).apply(batch(values)).vectors().halfs())
                .isEqualTo(wanted);
    }

    @ParameterizedTest
    @CsvSource({
        "FLOAT16, 65520, component 1 is 65520.0, which float16 cannot hold (at most 65504)",
        "FLOAT16, -1e30, component 1 is -1.0E30, which float16 cannot hold (at most 65504)",
        "UINT8, 256, 'component 1 is 256.0, which uint8 cannot hold (integers from 0 to 255)'",
        "UINT8, -1, component 1 is -1.0",
        "UINT8, 0.5, component 1 is 0.5",
        "UINT8, 65537, component 1 is 65537.0",
        "UINT8, 4294967297, component 1 is",
        "INT8, 128, 'component 1 is 128.0, which int8 cannot hold (integers from -128 to 127)'",
        "INT8, -129, component 1 is -129.0",
        "INT8, 1e-30, component 1 is 1.0E-30"
    })
    void whatDoesNotFitIsNamedOrLeftOut(ElementType type, float value, String problem) {
        VectorBatch batch = batch(1, 2, 3, value, 5, 6);
        assertThatThrownBy(() -> to(type, false).apply(batch))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("table: row 101 cannot be used as " + type.label() + ": ")
                .hasMessageContaining(problem)
                .hasMessageNotContaining("\n");
        VectorBatch rest = to(type, true).apply(batch);
        assertThat(rows(rest.vectors())).containsExactly(1, 2, 5, 6);
        assertThat(rest.ids().text(0) + rest.ids().text(1)).isEqualTo("100102");
        assertThat(rest.skippedRows()).isEqualTo(4);
    }

    @Test
    void vectorsThatBecomeZeroAreBadWhereZerosAre() {
        VectorConversion conversion =
                new VectorConversion(
                        Conversion.to(ElementType.FLOAT16), VectorDomain.NOT_ZERO, false, false);
        assertThatThrownBy(() -> conversion.apply(batch(1, 0, 1e-9f, 1e-9f)))
                .hasMessageStartingWith("table: the row with id 101 cannot be used as float16: all")
                .hasMessageContaining("zero");
    }

    @Test
    void vectorsWhoseCodesAreAllZeroAreToldFromZeros() {
        Quantization codes = Quantization.of(-127, 127, false);
        VectorConversion conversion =
                new VectorConversion(
                        Conversion.quantized(ElementType.INT8, codes),
                        VectorDomain.NOT_ZERO,
                        false,
                        true);
        assertThat(rows(conversion.apply(batch(0.4f, -0.6f)).vectors())).containsExactly(0, -1);
        assertThatThrownBy(() -> conversion.apply(batch(1, 0, 0.5f, -0.4f)))
                .hasMessageStartingWith(
                        "table: row 101 cannot be used as int8: all codes are zero: no component"
                                + " exceeds half a quantization step; use another");
        assertThatThrownBy(() -> conversion.apply(batch(0, -0f)))
                .hasMessageContaining(
                        "row 100 cannot be used as int8: all components are zero, which has no");
    }

    @Test
    void halfsThatAreNotFiniteAreNamed() {
        VectorBlock block = VectorBlock.ofHalfs(2, new short[] {0, 0x7BFF, 1, (short) 0xFC00});
        assertThat(VectorCheck.problem(block, 0, VectorDomain.NOT_ZERO)).isNull();
        assertThat(VectorCheck.problem(block, 1, VectorDomain.ANY))
                .isEqualTo("component 1 is -Infinity");
        VectorBlock zeros = VectorBlock.ofHalfs(2, new short[] {0, (short) 0x8000});
        assertThat(VectorCheck.problem(zeros, 0, VectorDomain.ANY)).isNull();
        assertThat(VectorCheck.problem(zeros, 0, VectorDomain.NOT_ZERO)).contains("zero");
        VectorBlock outside = VectorBlock.ofHalfs(1, new short[] {Half.ofFloat(1f)});
        assertThat(VectorCheck.problem(outside, 0, VectorDomain.UNIT_BALL)).contains("length is 1");
    }
}
