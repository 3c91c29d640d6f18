package io.sparkspann.search;

import io.sparkspann.error.InvalidInputException;
import io.sparkspann.vector.IdBlock;
import io.sparkspann.vector.IdType;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Collection;
import java.util.Set;
import java.util.function.LongPredicate;
import java.util.function.Predicate;
import org.roaringbitmap.ImmutableBitmapDataProvider;
import org.roaringbitmap.longlong.ImmutableLongBitmapDataProvider;

/**
 * Which ids may be found, whatever the index. Serializable if what it is made of is, as bitmaps
 * are; immutable and thread-safe as far as that is.
 *
 * <pre>{@code
 * KnnJoin.of(spark, index).among(IdCondition.deny(bitmap)).join(queries, "id", "embedding");
 * }</pre>
 */
public final class IdCondition implements Serializable {
    private static final long serialVersionUID = 1L;

    /** A condition on a number, for tasks of other processes. */
    public interface NumberTest extends LongPredicate, Serializable {}

    /** A condition on a text, for tasks of other processes. */
    public interface TextTest extends Predicate<String>, Serializable {}

    /** Whether a vector passes, by its position among some ids. */
    private interface Test extends Serializable {
        boolean at(IdBlock ids, int position);
    }

    private final boolean ofNumbers;
    private final Test test;

    private IdCondition(boolean ofNumbers, Test test) {
        this.ofNumbers = ofNumbers;
        this.test = test;
    }

    /** Numeric ids that satisfy a condition. */
    public static IdCondition where(NumberTest condition) {
        return ofNumbers(condition);
    }

    /** Ids that satisfy a condition as text: strings, or numbers in decimal. */
    public static IdCondition whereText(TextTest condition) {
        return ofText(condition);
    }

    static IdCondition ofNumbers(LongPredicate condition) {
        return new IdCondition(true, (ids, i) -> condition.test(ids.number(i)));
    }

    static IdCondition ofText(Predicate<String> condition) {
        return new IdCondition(false, (ids, i) -> condition.test(ids.text(i)));
    }

    /**
     * Ids in a bitmap of 32-bit numbers. They are taken as unsigned where ids are of type long, and
     * as signed where ids are of type int.
     */
    public static IdCondition allow(ImmutableBitmapDataProvider bitmap) {
        return new IdCondition(true, (ids, i) -> contains(bitmap, ids, i));
    }

    /** All ids but those in a bitmap, as for {@link #allow}. */
    public static IdCondition deny(ImmutableBitmapDataProvider bitmap) {
        return new IdCondition(true, (ids, i) -> !contains(bitmap, ids, i));
    }

    private static boolean contains(ImmutableBitmapDataProvider bitmap, IdBlock ids, int i) {
        long id = ids.number(i);
        return (ids.type() == IdType.INT || id >>> Integer.SIZE == 0) && bitmap.contains((int) id);
    }

    /** Ids in a bitmap of 64-bit numbers. */
    public static IdCondition allow(ImmutableLongBitmapDataProvider bitmap) {
        return new IdCondition(true, (ids, i) -> bitmap.contains(ids.number(i)));
    }

    /** All ids but those in a bitmap of 64-bit numbers. */
    public static IdCondition deny(ImmutableLongBitmapDataProvider bitmap) {
        return new IdCondition(true, (ids, i) -> !bitmap.contains(ids.number(i)));
    }

    /** The listed ids. */
    public static IdCondition allowIds(long... ids) {
        long[] sorted = sorted(ids);
        return new IdCondition(true, (own, i) -> contains(sorted, own.number(i)));
    }

    /** All but the listed ids. */
    public static IdCondition denyIds(long... ids) {
        long[] sorted = sorted(ids);
        return new IdCondition(true, (own, i) -> !contains(sorted, own.number(i)));
    }

    private static long[] sorted(long[] ids) {
        long[] sorted = ids.clone();
        Arrays.sort(sorted);
        return sorted;
    }

    private static boolean contains(long[] sorted, long id) {
        return Arrays.binarySearch(sorted, id) >= 0;
    }

    /** The listed ids, as text. */
    public static IdCondition allowIds(Collection<String> ids) {
        Set<String> allowed = Set.copyOf(ids);
        return new IdCondition(false, (own, i) -> allowed.contains(own.text(i)));
    }

    /** All but the listed ids, as text. */
    public static IdCondition denyIds(Collection<String> ids) {
        Set<String> denied = Set.copyOf(ids);
        return new IdCondition(false, (own, i) -> !denied.contains(own.text(i)));
    }

    /** What satisfies both. */
    public IdCondition and(IdCondition other) {
        Test first = test;
        Test second = other.test;
        return new IdCondition(
                ofNumbers || other.ofNumbers, (ids, i) -> first.at(ids, i) && second.at(ids, i));
    }

    /**
     * Checks that it can be evaluated on ids of a type.
     *
     * @throws InvalidInputException if it is about numbers, and ids are strings
     */
    public void requireFor(IdType type) {
        if (ofNumbers && type == IdType.STRING) {
            throw new InvalidInputException(
                    "The ids of the index are strings, not numbers; use a condition on text, or"
                            + " allowIds and denyIds with text");
        }
    }

    /** Whether an id passes. */
    public boolean test(IdBlock ids, int position) {
        return test.at(ids, position);
    }
}
