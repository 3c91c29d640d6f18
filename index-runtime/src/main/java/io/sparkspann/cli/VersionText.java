package io.sparkspann.cli;

import io.sparkspann.format.FormatVersion;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints. */
final class VersionText implements IVersionProvider {
    @Override
    public String[] getVersion() {
        // Classes that do not come from the jar have no version.
        String version = VersionText.class.getPackage().getImplementationVersion();
        return new String[] {
            "spark-spann "
                    + (version == null ? "(development)" : version)
                    + ", index format "
                    + FormatVersion.CURRENT
                    + ", Java "
                    + Runtime.version()
        };
    }
}
