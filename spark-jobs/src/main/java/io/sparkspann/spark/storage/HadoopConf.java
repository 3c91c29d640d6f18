package io.sparkspann.spark.storage;

import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectOutput;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;

/**
 * A Hadoop configuration that travels to executors. It may hold credentials, so it has no text
 * form.
 *
 * <p>Thread-safe as long as nobody changes the configuration.
 */
public final class HadoopConf implements Externalizable {
    private static final long serialVersionUID = 1L;

    private Configuration configuration;

    /** For deserialization, which fills it. */
    public HadoopConf() {}

    public HadoopConf(Configuration configuration) {
        this.configuration = configuration;
    }

    /**
     * The configuration of a session: that of the cluster plus the {@code spark.hadoop.*} settings.
     */
    public static HadoopConf of(SparkSession spark) {
        return new HadoopConf(spark.sparkContext().hadoopConfiguration());
    }

    /** The shared configuration; do not change it. */
    public Configuration value() {
        return configuration;
    }

    @Override
    public void writeExternal(ObjectOutput out) throws IOException {
        configuration.write(out);
    }

    @Override
    public void readExternal(ObjectInput in) throws IOException {
        configuration = new Configuration(false);
        configuration.readFields(in);
    }
}
