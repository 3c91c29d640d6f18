package io.sparkspann.build;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.IdType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The sample that a task of the router's training holds is limited in bytes. */
class RouterSampleTest {
    private static TableShape table(ElementType type, int dimensions) {
        return new TableShape(type, dimensions, IdType.LONG, true, 1_000_000_000, "table");
    }

    @ParameterizedTest
    @CsvSource({
        "FLOAT32, 128, 512",
        "FLOAT32, 256, 512",
        "FLOAT32, 1024, 128",
        "FLOAT32, 4096, 32",
        "UINT8, 4096, 128",
        "FLOAT32, 65536, 2",
        "FLOAT32, 1048576, 1"
    })
    void one_task_trains_as_many_leaves_as_their_sample_allows(
            ElementType type, int dimensions, int most) {
        assertThat(RouterStage.isFlat(table(type, dimensions), most)).isTrue();
        assertThat(RouterStage.isFlat(table(type, dimensions), most + 1)).isFalse();
    }

    @Test
    void a_group_with_a_small_sample_uses_all_of_it() {
        TableShape table = table(ElementType.FLOAT32, 1024);
        assertThat(RouterStage.Wish.of(table, 32_768, 200)).isEqualTo(new RouterStage.Wish(200, 1));
        assertThat(RouterStage.Wish.of(table, 0, 0)).isEqualTo(new RouterStage.Wish(1, 1));
    }

    @Test
    void a_group_with_most_of_the_sample_uses_what_fits_for_fewer_leaves() {
        TableShape table = table(ElementType.FLOAT32, 1024);
        assertThat(RouterStage.Wish.of(table, 327_680, 10_000))
                .isEqualTo(new RouterStage.Wish(1024, 0.1));
        assertThat(RouterStage.Wish.of(table, 327_680, 100))
                .isEqualTo(new RouterStage.Wish(100, 0.1));
    }
}
