package io.sparkspann.spark.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sparkspann.build.BuildOptions;
import io.sparkspann.distance.Metric;
import io.sparkspann.error.InvalidInputException;
import io.sparkspann.vector.ElementType;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlanTest {
    private static final Measurements MEASURED = Measurements.load();
    private static final Cluster WORKSTATION = new Cluster(1, 2, 3L << 30, 700e6, 1e-4);
    private static final Cluster LARGE = new Cluster(32, 16, 32L << 30, 700e6, 1e-4);

    private static IndexModel index(long vectors, BuildOptions options) {
        return new IndexModel(vectors, 128, ElementType.UINT8, options, MEASURED);
    }

    private static Plan plan(long vectors, Cluster cluster) {
        return Plan.of(
                index(vectors, BuildOptions.of(Metric.L2)),
                cluster,
                new TargetJoin(vectors, 10, 0.95),
                MEASURED);
    }

    @Test
    void a_million_vectors_come_out_as_they_were_measured() {
        Plan plan = plan(1_000_000, WORKSTATION);
        assertThat(plan.index().shards()).isEqualTo(4);
        assertThat(plan.index().outline().leaves()).isEqualTo(50);
        assertThat(plan.index().heads()).isCloseTo(49_911, within(50.0));
        assertThat(plan.index().replicas()).isCloseTo(6.838, within(0.01));
        assertThat(plan.index().indexBytes()).isCloseTo(1_039_975_904, within(10e6));
        assertThat(plan.build().memory().suffices()).isTrue();
        assertThat(plan.build().cpuSeconds()).isBetween(20.0, 45.0);
        assertThat(plan.join().model().probes()).isCloseTo(28.2, within(0.5));
        assertThat(plan.join().model().plan().direct()).isTrue();
    }

    @Test
    void what_grows_with_the_table_grows_in_the_plan() {
        List<Plan> plans =
                Stream.of(1_000L, 100_000L, 1_000_000L, 30_000_000L, 1_000_000_000L, 0xFFFF_FFFFL)
                        .map(vectors -> plan(vectors, LARGE))
                        .toList();
        for (int i = 1; i < plans.size(); i++) {
            Plan less = plans.get(i - 1);
            Plan more = plans.get(i);
            assertThat(more.index().indexBytes()).isGreaterThan(less.index().indexBytes());
            assertThat(more.index().shards()).isGreaterThanOrEqualTo(less.index().shards());
            assertThat(more.build().cpuSeconds()).isGreaterThan(less.build().cpuSeconds());
            assertThat(more.build().seconds()).isGreaterThan(less.build().seconds());
            assertThat(more.join().cpuSeconds()).isGreaterThan(less.join().cpuSeconds());
            assertThat(more.build().bytes().written())
                    .isGreaterThan(less.build().bytes().written());
            assertThat(more.build().memory().executorBytes())
                    .isGreaterThanOrEqualTo(less.build().memory().executorBytes());
        }
    }

    @Test
    void heads_and_ids_that_do_not_fit_an_executor_cost_two_shuffles_more() {
        Plan plan = plan(1_000_000_000, LARGE);
        assertThat(plan.join().model().plan().direct()).isFalse();
        assertThat(plan.join().stages()).hasSize(4);
        assertThat(plan.join().stages().get(0).cost().name()).isEqualTo("join: group");
    }

    @Test
    void a_wave_that_is_not_full_takes_as_long_as_a_full_one() {
        StageCost full = StageCost.of("x", 4).work("scan.row", 4e6).build();
        StageCost more = StageCost.of("x", 5).work("scan.row", 5e6).build();
        StageTime two = StageTime.of(full, WORKSTATION, MEASURED, 128);
        StageTime three = StageTime.of(more, WORKSTATION, MEASURED, 128);
        assertThat(two.waves()).isEqualTo(2);
        assertThat(three.waves()).isEqualTo(3);
        assertThat(three.wallSeconds()).isCloseTo(1.5 * two.wallSeconds(), within(1e-9));
    }

    @Test
    void little_memory_is_noticed_and_every_way_out_is_one() {
        Cluster tight = new Cluster(8, 16, 6L << 30, 700e6, 1e-4);
        IndexModel index = index(100_000_000, BuildOptions.of(Metric.L2));
        Plan plan = Plan.of(index, tight, null, MEASURED);
        MemoryNeed need = plan.build().memory();
        assertThat(need.suffices()).isFalse();
        assertThat(need.fitting()).isBetween(1, 15);
        Cluster fewerCores = new Cluster(8, need.fitting(), 6L << 30, 700e6, 1e-4);
        assertThat(Plan.of(index, fewerCores, null, MEASURED).build().memory().suffices()).isTrue();
        long enough = (long) Math.ceil(need.executorBytes());
        Cluster moreMemory = new Cluster(8, 16, enough, 700e6, 1e-4);
        assertThat(Plan.of(index, moreMemory, null, MEASURED).build().memory().suffices()).isTrue();
        List<String> advice = MemoryAdvice.of(plan, need);
        String shards = advice.stream().filter(way -> way.contains("--shards")).findAny().get();
        int number = Integer.parseInt(shards.replaceAll("--shards (\\d+).*", "$1"));
        IndexModel smaller = index(100_000_000, BuildOptions.of(Metric.L2).withShards(number));
        assertThat(Plan.of(smaller, tight, null, MEASURED).build().memory().suffices()).isTrue();
    }

    @Test
    void fewer_replicas_make_a_smaller_index() {
        BuildOptions options = BuildOptions.of(Metric.L2);
        double all = index(1_000_000, options).indexBytes();
        double one = index(1_000_000, options.withReplicas(1)).indexBytes();
        assertThat(one).isLessThan(all / 4);
    }

    @ParameterizedTest
    @EnumSource(names = "BITS", mode = EnumSource.Mode.EXCLUDE)
    void postings_take_what_their_layout_takes(ElementType type) {
        IndexModel index =
                new IndexModel(1_000_000, 100, type, BuildOptions.of(Metric.L2), MEASURED);
        double vectors = index.records() * 100 * type.bytes();
        assertThat(index.postingsBytes()).isBetween(vectors, 1.1 * vectors + 20 * index.records());
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, 0x1_0000_0000L})
    void impossible_numbers_of_vectors_are_refused(long vectors) {
        assertThatThrownBy(() -> index(vectors, BuildOptions.of(Metric.L2)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("2^32 - 1");
    }

    @Test
    void too_many_heads_are_refused() {
        BuildOptions half = BuildOptions.of(Metric.L2).withHeadRatio(0.5);
        assertThat(index(4_000_000_000L, half).heads()).isLessThan(Integer.MAX_VALUE);
        assertThatThrownBy(() -> index(0xFFFF_FFFFL, half.withCalibrationQueries(0)))
                .hasMessageContaining("heads");
    }

    @Test
    void every_figure_names_a_run_that_the_report_explains() {
        StringWriter text = new StringWriter();
        Plan plan = plan(1_000_000_000, LARGE);
        new PlanText(plan, new PrintWriter(text, true)).print();
        for (Plan.Job<?> job : List.of(plan.build(), plan.join())) {
            for (StageTime stage : job.stages()) {
                for (StageCost.Work work : stage.cost().work()) {
                    String source = MEASURED.rate(work.rate()).source();
                    assertThat(MEASURED.sources()).containsKey(source);
                    assertThat(text.toString()).contains("  " + source + " ");
                }
            }
        }
        MEASURED.counts()
                .values()
                .forEach(count -> assertThat(MEASURED.sources()).containsKey(count.source()));
        assertThat(text.toString()).contains("N^0.277");
    }
}
