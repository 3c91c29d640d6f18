package io.sparkspann.spark.storage;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;

/**
 * A Hadoop configuration that travels to executors. It may hold credentials, so it has no text form.
 *
 * <p>Thread-safe as long as nobody changes the configuration.
 */
public final class HadoopConf implements Serializable {
    private static final long serialVersionUID = 1L;

    private transient Configuration configuration;

    public HadoopConf(Configuration configuration) {
        this.configuration = configuration;
    }

    /** The configuration of a session: that of the cluster plus the {@code spark.hadoop.*} settings. */
    public static HadoopConf of(SparkSession spark) {
        return new HadoopConf(spark.sparkContext().hadoopConfiguration());
    }

    /** The shared configuration; do not change it. */
    public Configuration value() {
        return configuration;
    }

    private void writeObject(ObjectOutputStream out) throws IOException {
        out.defaultWriteObject();
        configuration.write(out);
    }

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
        in.defaultReadObject();
        configuration = new Configuration(false);
        configuration.readFields(in);
    }
}
