package io.sparkspann.spark.build;

import java.io.Serializable;
import java.nio.ByteBuffer;
import org.apache.spark.SparkEnv;
import org.apache.spark.serializer.SerializerInstance;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * What a task returns, as bytes. Results go through {@code spark.serializer}, and Kryo cannot write
 * records; Spark's serializer of closures, which cannot be configured, can.
 */
public final class TaskResult {
    private static final ClassTag<Object> ANY = ClassTag$.MODULE$.apply(Object.class);

    private TaskResult() {}

    private static SerializerInstance serializer() {
        return SparkEnv.get().closureSerializer().newInstance();
    }

    public static byte[] encode(Serializable result) {
        ByteBuffer buffer = serializer().serialize(result, ANY);
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    /** What {@link #encode} was given in a task. */
    @SuppressWarnings("unchecked")
    public static <R extends Serializable> R decode(byte[] bytes) {
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        return (R) serializer().deserialize(ByteBuffer.wrap(bytes), loader, ANY);
    }
}
