package io.sparkspann.spark.storage;

import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;

/** An object store with the interface of S3, in a process of its own, on a folder of this machine. */
final class S3Emulator implements AutoCloseable {
    static final String SECRET = "a-secret-that-no-message-shows";

    private static final int START_SECONDS = 60;

    private final Process process;
    private final int port;

    private S3Emulator(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /**
     * @param folder for the objects, by bucket
     */
    static S3Emulator start(Path folder, String bucket) throws IOException, InterruptedException {
        Files.createDirectories(folder.resolve("data").resolve(bucket));
        int port = freePort();
        Path settings = folder.resolve("s3proxy.conf");
        Files.write(
                settings,
                List.of(
                        "s3proxy.authorization=none",
                        "s3proxy.endpoint=http://127.0.0.1:" + port,
                        "jclouds.provider=filesystem-nio2",
                        "jclouds.filesystem.basedir=" + folder.resolve("data")));
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process process =
                new ProcessBuilder(
                                java,
                                "-Xmx256m",
                                "-jar",
                                System.getProperty("s3proxy.jar"),
                                "--properties",
                                settings.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(new File(folder.toFile(), "s3proxy.log"))
                        .start();
        S3Emulator emulator = new S3Emulator(process, port);
        emulator.await();
        return emulator;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress("127.0.0.1", 0));
            return socket.getLocalPort();
        }
    }

    private void await() throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (System.nanoTime() < end && process.isAlive()) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress("127.0.0.1", port), 1000);
                return;
            } catch (IOException e) {
                Thread.sleep(200);
            }
        }
        throw new IOException("The emulator did not start; see s3proxy.log in its folder");
    }

    /** Settings of S3A for the buckets of this emulator. */
    void configure(Configuration conf) {
        conf.set("fs.s3a.endpoint", "http://127.0.0.1:" + port);
        conf.set("fs.s3a.endpoint.region", "us-east-1");
        conf.set("fs.s3a.path.style.access", "true");
        conf.set("fs.s3a.connection.ssl.enabled", "false");
        conf.set("fs.s3a.access.key", "some-key");
        conf.set("fs.s3a.secret.key", SECRET);
        conf.set(
                "fs.s3a.aws.credentials.provider",
                "org.apache.hadoop.fs.s3a.SimpleAWSCredentialsProvider");
        conf.set("fs.s3a.change.detection.mode", "none");
        conf.set("fs.s3a.attempts.maximum", "2");
        conf.set("fs.s3a.retry.limit", "2");
    }

    @Override
    public void close() {
        process.destroy();
    }
}
