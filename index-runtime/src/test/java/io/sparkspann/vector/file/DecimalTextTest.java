package io.sparkspann.vector.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DecimalTextTest {
    private static float parse(String text) {
        byte[] bytes = ("9" + text + "9").getBytes(StandardCharsets.UTF_8);
        return DecimalText.parse(bytes, 1, bytes.length - 1);
    }

    private static void sameAsJava(String text) {
        assertThat(Float.floatToRawIntBits(parse(text)))
                .as(text)
                .isEqualTo(Float.floatToRawIntBits(Float.parseFloat(text)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-0",
                "-0.0",
                "+1",
                "1.",
                ".5",
                "00012",
                "1e3",
                "1E-3",
                "-1.5e+2",
                "1e-999",
                "3.4028235e38",
                "1.17549435e-38",
                "1.4e-45",
                "16777217",
                "16777219",
                "9007199254740993",
                "123456789012345678901234567890",
                "1e39",
                "-1e999",
                "0.00000000000000000000001",
                "0.000000000000000000000012345678",
                "33554433.5",
                "1.00000005960464477539",
                "1.00000017881393432617",
                "8388608.5",
                "8388609.5"
            })
    void sameAsJavaForChosenNumbers(String text) {
        sameAsJava(text);
    }

    @Property
    void sameAsJavaForDecimals(
            @ForAll @LongRange(min = -(1L << 60), max = 1L << 60) long digits,
            @ForAll @IntRange(max = 25) int decimals) {
        BigDecimal value = new BigDecimal(BigInteger.valueOf(digits), decimals);
        sameAsJava(value.toPlainString());
    }

    @Property
    void printedFloatsComeBack(@ForAll float value) {
        assertThat(parse(Float.toString(value))).isEqualTo(value);
    }

    @Property
    void middlesBetweenFloatsRoundAsJavaDoes(@ForAll @IntRange(max = 1 << 24) int odd) {
        sameAsJava(String.format(Locale.ROOT, "%.1f", (1 << 23) + odd / 2 + 0.5));
        sameAsJava(String.valueOf((1L << 25) + 2L * odd + 1));
    }

    @Property
    void decimalsNextToAMiddleRoundAsJavaDoes(
            @ForAll @IntRange(min = 0x38000000, max = 0x4E000000) int bits) {
        float low = Float.intBitsToFloat(bits);
        double middle = ((double) low + Math.nextUp(low)) / 2;
        for (RoundingMode mode : new RoundingMode[] {RoundingMode.DOWN, RoundingMode.UP}) {
            BigDecimal near = new BigDecimal(middle).round(new MathContext(16, mode));
            sameAsJava(near.toPlainString());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "-",
                "+",
                ".",
                "-.",
                "e5",
                "1e",
                "1.2.3",
                "--1",
                "1-",
                "NaN",
                "nan",
                "inf",
                "Infinity",
                "-Infinity",
                "1f",
                "1d",
                "0x10",
                "0x1p3",
                "1,5",
                "1 5",
                "\u0661",
                "abc"
            })
    void otherTextIsNoNumber(String text) {
        assertThat(parse(text)).isNaN();
    }
}
