package io.sparkspann.vector.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkspann.error.InvalidInputException;
import io.sparkspann.vector.ElementType;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class NpyReaderTest {
    private static final String MAGIC = "\u0093NUMPY";

    private static ArrayBytes npy(int version, String header, Object... values) {
        ByteArrayOutputStream size = new ByteArrayOutputStream();
        int length = header.length();
        for (int i = 0; i < (version == 1 ? 2 : 4); i++) {
            size.write(length >>> (8 * i));
        }
        Object[] head = {
            MAGIC, (byte) version, (byte) 0, size.toString(StandardCharsets.ISO_8859_1), header
        };
        Object[] all = Arrays.copyOf(head, head.length + values.length);
        System.arraycopy(values, 0, all, head.length, values.length);
        return ArrayBytes.of(all);
    }

    private static String header(String descr, boolean fortran, String shape) {
        return String.format(
                "{'descr': '%s', 'fortran_order': %s, 'shape': (%s), }        \n",
                descr, fortran ? "True" : "False", shape);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void everyVersion(int version) {
        VectorFile file =
                VectorFiles.open(
                        npy(version, header("<f4", false, "2, 2"), 1f, 2f, 3f, 4f),
                        VectorFormat.NPY);
        assertThat(file.elementType()).isEqualTo(ElementType.FLOAT32);
        assertThat(file.size()).isEqualTo(2);
        assertThat(file.read(0, 2).floats()).containsExactly(1f, 2f, 3f, 4f);
        assertThat(file.read(1, 1).floats()).containsExactly(3f, 4f);
    }

    @Test
    void halfsStayHalfs() {
        VectorFile file =
                VectorFiles.open(
                        npy(1, header("<f2", false, "2, 1"), 0xC100_3C00), VectorFormat.NPY);
        assertThat(file.elementType()).isEqualTo(ElementType.FLOAT16);
        float[] row = new float[2];
        file.read(0, 2).copyTo(0, row, 0);
        file.read(0, 2).copyTo(1, row, 1);
        assertThat(row).containsExactly(1f, -2.5f);
    }

    @Test
    void doublesAreNarrowed() {
        VectorFile file =
                VectorFiles.open(
                        npy(
                                1,
                                header("<f8", false, "1, 4"),
                                0.1,
                                1e-300,
                                Double.NaN,
                                Double.NEGATIVE_INFINITY),
                        VectorFormat.NPY);
        assertThat(file.read(0, 1).floats())
                .containsExactly(0.1f, 0f, Float.NaN, Float.NEGATIVE_INFINITY);
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e39, -1e300, 3.4028235677973366e38})
    void doubleBeyondFloatIsNamed(double value) {
        VectorFile file =
                VectorFiles.open(
                        npy(1, header("<f8", false, "2, 2"), 1.0, 2.0, 3.0, value),
                        VectorFormat.NPY);
        assertThat(file.read(0, 1).floats()).containsExactly(1f, 2f);
        assertThatThrownBy(() -> file.read(0, 2))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("row 1, component 1: float64 value " + value);
    }

    @ParameterizedTest
    @CsvSource({"|u1,UINT8", "|i1,INT8"})
    void bytesStayBytes(String descr, ElementType type) {
        VectorFile file =
                VectorFiles.open(
                        npy(1, header(descr, false, "2, 1"), (byte) -1, (byte) 5),
                        VectorFormat.NPY);
        assertThat(file.elementType()).isEqualTo(type);
        assertThat(file.read(0, 2).bytes()).containsExactly(-1, 5);
    }

    @ParameterizedTest
    @ValueSource(strings = {">f4", ">f8", ">f2", "<i4", "<u2", "|b1", "|O", "|S8", "<c8", ""})
    void otherTypesAreRefused(String descr) {
        assertThatThrownBy(
                        () ->
                                VectorFiles.open(
                                        npy(1, header(descr, false, "1, 1"), 1f), VectorFormat.NPY))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("its type '" + descr + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "4,", "2, 2, 1", "-1, 4", "x, 4", "99999999999999999999, 1"})
    void otherShapesAreRefused(String shape) {
        assertThatThrownBy(
                        () ->
                                VectorFiles.open(
                                        npy(1, header("<f4", false, shape), 1f, 2f, 3f, 4f),
                                        VectorFormat.NPY))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("(" + shape + ")");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0, 4",
                "4, 0",
                "1, 1048577",
                "2147483647, 4",
                "999999999999999999, 1048576",
                "4611686018427387905, 1",
                "3, 1",
                "5, 1",
                "999999999999999999, 999999999999999999"
            })
    void shapesThatDoNotFitTheFileAreRefused(String shape) {
        assertThatThrownBy(
                        () ->
                                VectorFiles.open(
                                        npy(1, header("<f4", false, shape), 1f, 2f, 3f, 4f),
                                        VectorFormat.NPY))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("(" + shape + ")");
    }

    @Test
    void fortranOrderIsRefused() {
        assertThatThrownBy(
                        () ->
                                VectorFiles.open(
                                        npy(1, header("<f4", true, "1, 1"), 1f), VectorFormat.NPY))
                .hasMessageContaining("Fortran order");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1, 1)}",
                "{'descr': '<f4', 'shape': (1, 1)}",
                "{'descr': '<f4', 'fortran_order': False}"
            })
    void headersWithoutAFieldAreRefused(String header) {
        assertThatThrownBy(() -> VectorFiles.open(npy(1, header, 1f), VectorFormat.NPY))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("its header has no ");
    }

    static IntStream cuts() {
        return IntStream.range(1, (int) npy(2, header("<f4", false, "2, 1"), 1f, 2f).length());
    }

    @ParameterizedTest
    @MethodSource("cuts")
    void everyTruncationIsRefused(int length) {
        ArrayBytes source = npy(2, header("<f4", false, "2, 1"), 1f, 2f).resized(length);
        assertThatThrownBy(() -> VectorFiles.open(source, VectorFormat.NPY))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("memory: not a usable npy file: ");
        assertThat(source.closed()).isTrue();
    }

    @Test
    void trailingBytesAreRefused() {
        ArrayBytes whole = npy(1, header("<f4", false, "2, 1"), 1f, 2f);
        for (int more : new int[] {1, 3, 4, 100}) {
            assertThatThrownBy(
                            () ->
                                    VectorFiles.open(
                                            whole.resized((int) whole.length() + more),
                                            VectorFormat.NPY))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("trailing bytes");
        }
    }

    @Test
    void wrongMagicVersionAndHeaderLengthAreRefused() {
        assertThatThrownBy(() -> VectorFiles.open(ArrayBytes.text("PK\3\4 npz"), VectorFormat.NPY))
                .hasMessageContaining("does not start with \\x93NUMPY");
        for (int version : new int[] {0, 4, 255}) {
            assertThatThrownBy(
                            () ->
                                    VectorFiles.open(
                                            npy(version, header("<f4", false, "1, 1"), 1f),
                                            VectorFormat.NPY))
                    .hasMessageContaining("is unknown");
        }
        assertThatThrownBy(
                        () ->
                                VectorFiles.open(
                                        ArrayBytes.of(MAGIC, (byte) 2, (byte) 0, -1, "{}"),
                                        VectorFormat.NPY))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("4294967295 bytes long");
    }
}
