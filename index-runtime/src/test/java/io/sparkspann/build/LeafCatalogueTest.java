package io.sparkspann.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class LeafCatalogueTest {
    @Test
    void divided_leaves_are_in_the_next_layer() {
        LeafCatalogue routed = LeafCatalogue.of(List.of(), 3);
        assertThat(routed.newestSegments(new int[] {1})).containsExactly(1);

        // Leaf 1 gives way to leaves 1 and 2; its second part is empty.
        LeafCatalogue once =
                routed.divided(
                        new int[] {0, -1, 3},
                        new LeafCatalogue.Layer(List.of(), new int[] {1, -1, 2}));
        assertThat(once.layers().get(0).leaves()).containsExactly(0, -1, 3);
        assertThat(once.newestSegments(new int[] {2})).containsExactly(2);

        LeafCatalogue twice =
                once.divided(
                        new int[] {0, 1, -1, 4},
                        new LeafCatalogue.Layer(List.of(), new int[] {2, 3}));
        assertThat(twice.layers().get(0).leaves()).containsExactly(0, -1, 4);
        assertThat(twice.layers().get(1).leaves()).containsExactly(1, -1, -1);
        assertThat(twice.newest().leaves()).containsExactly(2, 3);
    }

    @Test
    void only_the_newest_layer_is_divided_further() {
        LeafCatalogue once =
                LeafCatalogue.of(List.of(), 2)
                        .divided(
                                new int[] {0, -1},
                                new LeafCatalogue.Layer(List.of(), new int[] {1, 2}));
        assertThatThrownBy(() -> once.newestSegments(new int[] {0}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Leaf 0");
    }
}
