package io.sparkspann.cli;

import io.sparkspann.build.BuildRun;
import io.sparkspann.format.FormatVersion;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints. */
final class VersionText implements IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[] {
            BuildRun.thisProgram()
                    + ", index format "
                    + FormatVersion.CURRENT
                    + ", Java "
                    + Runtime.version()
        };
    }
}
