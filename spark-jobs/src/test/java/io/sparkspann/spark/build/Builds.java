package io.sparkspann.spark.build;

import io.sparkspann.build.BuildEngine;
import io.sparkspann.build.BuildMode;
import io.sparkspann.build.BuildOptions;
import io.sparkspann.build.IndexBuilder;
import io.sparkspann.distance.Metric;
import io.sparkspann.format.FileEntry;
import io.sparkspann.format.Manifest;
import io.sparkspann.format.ShardEntry;
import io.sparkspann.spark.input.InputSpec;
import io.sparkspann.spark.input.VectorTable;
import io.sparkspann.spark.storage.HadoopConf;
import io.sparkspann.spark.storage.Storages;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;

/** Builds of tests, and what of them must be equal. */
public final class Builds {
    /** Hears of nothing. */
    public static final IndexBuilder.StageListener QUIET = (stage, seconds) -> {};

    private Builds() {}

    /** Options for tables of some thousand vectors. */
    public static BuildOptions options(int shards) {
        return BuildOptions.of(Metric.L2).withShards(shards).withCalibrationQueries(50);
    }

    public static Manifest build(
            SparkSession spark, String input, Path index, BuildOptions options, BuildMode mode) {
        return build(spark, InputSpec.of(input), index, options, mode);
    }

    public static Manifest build(
            SparkSession spark, InputSpec input, Path index, BuildOptions options, BuildMode mode) {
        String uri = index.toUri().toString();
        return SpannBuild.run(spark, input, uri, options, mode, QUIET).manifest();
    }

    /** The engine that {@link SpannBuild} uses. */
    static BuildEngine engine(SparkSession spark, String input) {
        InputSpec spec = InputSpec.of(input);
        return new SparkEngine(
                spark,
                VectorTable.open(spark, spec),
                SourceFingerprint.of(spec, HadoopConf.of(spark).value()));
    }

    static IndexBuilder.StorageOpener opener(SparkSession spark, Path index) {
        HadoopConf conf = HadoopConf.of(spark);
        String uri = index.toUri().toString();
        return () -> Storages.open(uri, conf.value());
    }

    /** Length and checksum of each file, by kind and shard. */
    public static Map<String, String> files(Manifest manifest) {
        Map<String, String> files = new TreeMap<>();
        files.put("router", contents(manifest.router()));
        for (ShardEntry shard : manifest.shards()) {
            shard.files()
                    .forEach(
                            (kind, file) ->
                                    files.put(shard.shard() + " " + kind.label(), contents(file)));
        }
        return files;
    }

    private static String contents(FileEntry file) {
        return file.lengthBytes() + " bytes, " + file.crc32cHex();
    }

    /** All files below a folder, relative to it; without the checksums of Hadoop's local files. */
    static List<String> list(Path folder) {
        try (Stream<Path> paths = Files.walk(folder)) {
            return paths.filter(Files::isRegularFile)
                    .map(path -> folder.relativize(path).toString())
                    .filter(name -> !name.endsWith(".crc"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Files that a finished index has: its manifests, those that they name, and the report. */
    static List<String> named(Manifest... manifests) {
        Stream<String> listed =
                Stream.of(manifests)
                        .flatMap(
                                manifest ->
                                        Stream.concat(
                                                Stream.of(
                                                        "manifest-00000"
                                                                + manifest.snapshot()
                                                                + ".json",
                                                        manifest.router().path()),
                                                manifest.shards().stream()
                                                        .flatMap(
                                                                shard ->
                                                                        shard
                                                                                .files()
                                                                                .values()
                                                                                .stream())
                                                        .map(FileEntry::path)));
        return Stream.concat(listed, Stream.of("report.json")).sorted().toList();
    }

    /** Runs with settings of the session, and sets them back. */
    public static <R> R with(SparkSession spark, Map<String, String> settings, Supplier<R> work) {
        settings.forEach((name, value) -> spark.conf().set(name, value));
        try {
            return work.get();
        } finally {
            settings.keySet().forEach(name -> spark.conf().unset(name));
        }
    }
}
