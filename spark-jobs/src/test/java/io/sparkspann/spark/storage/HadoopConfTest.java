package io.sparkspann.spark.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.serializer.JavaSerializer;
import org.apache.spark.serializer.KryoSerializer;
import org.apache.spark.serializer.Serializer;
import org.apache.spark.serializer.SerializerInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

class HadoopConfTest {
    static Stream<Serializer> serializers() {
        SparkConf conf = new SparkConf(false);
        return Stream.of(new JavaSerializer(conf), new KryoSerializer(conf));
    }

    @ParameterizedTest
    @MethodSource("serializers")
    void arrives_whole(Serializer serializer) {
        Configuration sent = new Configuration(false);
        sent.set("fs.some.setting", "its value");
        ClassTag<HadoopConf> tag = ClassTag$.MODULE$.apply(HadoopConf.class);
        SerializerInstance instance = serializer.newInstance();
        HadoopConf arrived =
                instance.deserialize(instance.serialize(new HadoopConf(sent), tag), tag);
        assertThat(arrived.value()).isNotSameAs(sent);
        assertThat(arrived.value().get("fs.some.setting")).isEqualTo("its value");
    }
}
