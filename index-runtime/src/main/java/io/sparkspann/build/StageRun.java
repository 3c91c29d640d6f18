package io.sparkspann.build;

/**
 * A stage of a build.
 *
 * @param name such as {@code 3-heads}
 * @param earlier whether an earlier run of the build, which died, had finished it; then this run
 *     knows neither its time nor what its tasks did, and these are 0
 * @param seconds its time, that of the driver included
 * @param writtenBytes bytes of the files that its tasks wrote
 * @param distances distances that its tasks computed; 0 where they are not counted
 */
public record StageRun(
        String name, boolean earlier, double seconds, long writtenBytes, long distances) {
    static StageRun ofEarlier(String name) {
        return new StageRun(name, true, 0, 0, 0);
    }
}
