package io.sparkspann.build;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.IdType;
import org.junit.jupiter.api.Test;

class PassPlanTest {
    /** A record with its vector takes 25 + 4 + 71 bytes, one without 25. */
    private static final TableShape TABLE =
            new TableShape(ElementType.UINT8, 71, IdType.LONG, true, 100, "table");

    private static PassPlan.Load load(int... foreignRecords) {
        PassPlan.Load load = new PassPlan.Load(foreignRecords.length, TABLE);
        for (int head = 0; head < foreignRecords.length; head++) {
            load.add(head, foreignRecords[head], true);
            load.addSent(foreignRecords[head] * 75L);
        }
        return load;
    }

    @Test
    void what_fits_is_one_pass() {
        PassPlan plan = load(1, 2, 3).plan(600);
        assertThat(plan.starts()).containsExactly(0, 3);
        assertThat(plan.records()).containsExactly(6);
        assertThat(plan.heads()).isEqualTo(3);
    }

    @Test
    void vectors_that_records_share_count_once_for_a_single_pass() {
        PassPlan.Load load = new PassPlan.Load(2, TABLE);
        load.add(0, 4, true);
        load.add(1, 4, true);
        load.addSent(75);
        assertThat(load.plan(275).passes()).isEqualTo(1);
        assertThat(load.plan(274).passes()).isEqualTo(2);
    }

    @Test
    void a_pass_ends_before_the_budget_is_exceeded() {
        PassPlan plan = load(1, 2, 0, 3, 1).plan(300);
        assertThat(plan.starts()).containsExactly(0, 3, 4, 5);
        assertThat(plan.records()).containsExactly(3, 3, 1);
    }

    @Test
    void a_posting_larger_than_the_budget_has_a_pass_of_its_own() {
        PassPlan plan = load(1, 50, 1, 0).plan(300);
        assertThat(plan.starts()).containsExactly(0, 1, 2, 4);
        assertThat(plan.records()).containsExactly(1, 50, 1);
    }

    @Test
    void own_records_need_no_vectors() {
        PassPlan.Load load = new PassPlan.Load(2, TABLE);
        load.add(0, 4, false);
        load.add(1, 4, false);
        assertThat(load.plan(200).passes()).isEqualTo(1);
        assertThat(load.plan(100).starts()).containsExactly(0, 1, 2);
    }
}
