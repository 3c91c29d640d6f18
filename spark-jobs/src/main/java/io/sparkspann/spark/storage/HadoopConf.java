package io.sparkspann.spark.storage;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;

/**
 * A Hadoop configuration that travels to executors. It may hold credentials, so it has no text
 * form.
 *
 * <p>It travels as bytes, so that every {@code spark.serializer} can write it: Kryo knows no
 * methods with which a class writes itself. Thread-safe as long as nobody changes the
 * configuration.
 */
public final class HadoopConf implements Serializable {
    private static final long serialVersionUID = 2L;

    private final byte[] encoded;
    private transient Configuration configuration;

    public HadoopConf(Configuration configuration) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            configuration.write(out);
        } catch (IOException e) {
            throw new UncheckedIOException("A configuration can always be written to memory", e);
        }
        this.encoded = bytes.toByteArray();
        this.configuration = configuration;
    }

    /**
     * The configuration of a session: that of the cluster plus the {@code spark.hadoop.*} settings.
     */
    public static HadoopConf of(SparkSession spark) {
        return new HadoopConf(spark.sparkContext().hadoopConfiguration());
    }

    /** The shared configuration; do not change it. */
    public synchronized Configuration value() {
        if (configuration == null) {
            Configuration read = new Configuration(false);
            try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(encoded))) {
                read.readFields(in);
            } catch (IOException e) {
                throw new UncheckedIOException("A configuration in memory can always be read", e);
            }
            configuration = read;
        }
        return configuration;
    }
}
