package io.sparkspann.spark.join;

import java.util.function.Supplier;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;

/**
 * The rows of the indexed table that may be neighbours, in Spark's own form; nothing runs before
 * they are asked for. Ids are those of the index, in its type.
 *
 * @param ids rows of one column, the id
 * @param schema of {@code vectors}: id, vector
 * @param vectors the same rows with their vectors; null where only the index is to say which they
 *     are
 */
public record Candidates(
        Supplier<RDD<InternalRow>> ids, StructType schema, Supplier<RDD<InternalRow>> vectors) {}
