package io.sparkspann.build;

import io.sparkspann.format.ContentId;
import io.sparkspann.format.FileEntry;
import java.io.Serializable;
import java.util.List;

/**
 * What the first pass over the input found.
 *
 * @param rows usable rows
 * @param skipped rows left out
 * @param maxSquaredNorm greatest squared norm of a vector
 * @param contentId identifies the content of the index
 * @param samples one staging file per split: segment 0 has the router's sample, 1 the calibration
 *     queries
 */
record ScanResult(
        long rows, long skipped, float maxSquaredNorm, ContentId contentId, List<FileEntry> samples)
        implements Serializable {}
