package io.sparkspann.spark.input;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/** The parts of a file, each for a task of its own. */
final class InputParts {
    private InputParts() {}

    /**
     * One partition for each part. The parts travel in the closure of the tasks and not as
     * elements: elements go through {@code spark.serializer}, and Kryo cannot write records.
     */
    static <T extends Serializable> JavaRDD<T> of(SparkSession spark, List<T> parts) {
        ArrayList<T> shipped = new ArrayList<>(parts);
        List<Integer> numbers = IntStream.range(0, parts.size()).boxed().toList();
        return JavaSparkContext.fromSparkContext(spark.sparkContext())
                .parallelize(new ArrayList<>(numbers), numbers.size())
                .map(shipped::get);
    }
}
