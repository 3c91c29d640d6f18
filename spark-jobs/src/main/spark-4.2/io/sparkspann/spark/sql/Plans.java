package io.sparkspann.spark.sql;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeSet;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/** Spark's sequences, and the columns of index joins. */
final class Plans {
    private Plans() {}

    static <T> Seq<T> none() {
        return seq(List.of());
    }

    static <T> Seq<T> one(T element) {
        return seq(List.of(element));
    }

    static <T> Seq<T> seq(List<T> elements) {
        return CollectionConverters.asScala(elements).toList();
    }

    static <T> List<T> list(Seq<T> elements) {
        return new ArrayList<>(CollectionConverters.asJava(elements));
    }

    /** All columns of the queries but the vector, and the neighbour's id. */
    static Seq<Attribute> output(Seq<Attribute> queries, Attribute vector, Attribute neighborId) {
        List<Attribute> columns = list(queries);
        columns.removeIf(column -> column.exprId().equals(vector.exprId()));
        columns.add(neighborId);
        return seq(columns);
    }

    static AttributeSet attributes(Attribute attribute) {
        return AttributeSet.apply(attribute);
    }
}
