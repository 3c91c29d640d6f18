package io.sparkspann.spark.plan;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** A plan as a JSON object. Bytes and seconds are numbers. */
public final class PlanJson {
    private final Plan plan;

    private PlanJson(Plan plan) {
        this.plan = plan;
    }

    /** The whole plan. */
    public static ObjectNode of(Plan plan) {
        return new PlanJson(plan).json();
    }

    private ObjectNode json() {
        IndexModel index = plan.index();
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("vectors", index.outline().table().rows());
        json.put("dimensions", index.dimensions());
        json.put("type", index.space().type().label());
        json.put("shards", index.shards());
        json.put("leaves", index.outline().leaves());
        json.put("heads", Math.round(index.heads()));
        json.put("mean_replicas", index.replicas());
        json.put("index_bytes", Math.round(index.indexBytes()));
        ObjectNode files = json.putObject("file_bytes");
        files.put("postings", Math.round(index.postingsBytes()));
        files.put("heads", Math.round(index.headsBytes()));
        files.put("graph", Math.round(index.graphBytes()));
        files.put("ids", Math.round(index.idsBytes()));
        files.put("router", Math.round(index.routerBytes()));
        ObjectNode build = job(json.putObject("build"), plan.build());
        build.put("driver_bytes", Math.round(plan.build().model().driverBytes()));
        build.put("driver_result_bytes", Math.round(plan.build().model().resultBytes()));
        if (plan.join() != null) {
            ObjectNode join = job(json.putObject("join"), plan.join());
            JoinModel model = plan.join().model();
            join.put("queries", model.join().queries());
            join.put("k", model.join().k());
            join.put("recall_target", model.join().recallTarget());
            join.put("probes", model.probes());
            join.put("records", model.distances());
            join.put("shards_of_query", model.fan());
            join.put("direct", model.plan().direct());
        }
        return json;
    }

    private ObjectNode job(ObjectNode json, Plan.Job<?> job) {
        json.put("seconds", job.seconds());
        json.put("cpu_seconds", job.cpuSeconds());
        json.put("core_hours", job.cpuSeconds() / 3600);
        bytes(json, job.bytes());
        MemoryNeed need = job.memory();
        json.put("executor_bytes", Math.round(need.executorBytes()));
        json.put("memory_suffices", need.suffices());
        ArrayNode advice = json.putArray("advice");
        MemoryAdvice.of(plan, need).forEach(advice::add);
        ArrayNode stages = json.putArray("stages");
        for (StageTime stage : job.stages()) {
            ObjectNode each = stages.addObject();
            each.put("stage", stage.cost().name());
            each.put("tasks", stage.cost().tasks());
            each.put("waves", stage.waves());
            each.put("cpu_seconds", stage.cpuSeconds());
            each.put("seconds", stage.wallSeconds());
            each.put("task_bytes", Math.round(stage.cost().taskMemory()));
            bytes(each, stage.cost().bytes());
            ArrayNode work = each.putArray("work");
            for (StageCost.Work units : stage.cost().work()) {
                work.addObject()
                        .put("rate", units.rate())
                        .put("units", units.units())
                        .put("measured", plan.measured().rate(units.rate()).source());
            }
        }
        return json;
    }

    private static void bytes(ObjectNode json, StageCost.Bytes bytes) {
        json.put("bytes_read", Math.round(bytes.read()));
        json.put("bytes_written", Math.round(bytes.written()));
        json.put("bytes_shuffled", Math.round(bytes.shuffled()));
        json.put("files_opened", Math.round(bytes.opened()));
    }
}
