package io.sparkspann.vector.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkspann.error.InvalidInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class VectorFormatTest {
    @ParameterizedTest
    @CsvSource({
        "base.fvecs,FVECS",
        "s3://b/x.BVECS,BVECS",
        "a.b.ivecs,IVECS",
        "x.fbin,FBIN",
        "x.u8bin,U8BIN",
        "x.i8bin,I8BIN",
        "x.hdf5,HDF5",
        "x.h5,HDF5",
        "x.npy,NPY",
        "x.tsv,TSV",
        "x.txt,TSV"
    })
    void fileNameTellsTheFormat(String name, VectorFormat format) {
        assertThat(VectorFormat.ofFileName(name)).contains(format);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "fvecs", "x.csv", "x.parquet", "x.", "x.fvecs.gz", "d.fvecs/part"})
    void otherNamesTellNothing(String name) {
        assertThat(VectorFormat.ofFileName(name)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void labelNamesTheFormat(VectorFormat format) {
        assertThat(VectorFormat.ofLabel(format.label())).isEqualTo(format);
    }

    @Test
    void unknownLabelListsTheKnown() {
        assertThatThrownBy(() -> VectorFormat.ofLabel("xml"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("'xml'")
                .hasMessageContaining("fvecs, bvecs");
    }
}
