package io.sparkspann.spark.input;

import io.sparkspann.error.InvalidInputException;
import io.sparkspann.spark.error.Redaction;

/** Holds a table to the element type that was stated for it. */
final class StatedType {
    private StatedType() {}

    /**
     * @throws InvalidInputException if the type is stated, and the table has another
     */
    static VectorTable require(VectorTable table, InputSpec spec) {
        if (spec.componentType() == null || spec.componentType() == table.elementType()) {
            return table;
        }
        throw new InvalidInputException(
                Redaction.redact(spec.path())
                        + ": the vectors are "
                        + table.elementType().label()
                        + ", and --binary-type "
                        + spec.componentType().label()
                        + " applies to binary and integer columns alone; leave it out, or write"
                        + " the vectors as arrays of integers");
    }
}
