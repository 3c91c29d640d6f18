package io.sparkspann.search;

/** What searches cost. Values are sums over the queries. */
public final class ScanStats {
    private long queries;
    private long probes;
    private long postingsRead;
    private long bytesRead;
    private long distances;

    /** Counts queries and the postings that they asked for. */
    public void addQueries(long queryCount, long probeCount) {
        queries += queryCount;
        probes += probeCount;
    }

    void addPosting(long bytes, long distanceCount) {
        postingsRead++;
        bytesRead += bytes;
        distances += distanceCount;
    }

    /** Adds the figures of another one. */
    public void add(ScanStats other) {
        queries += other.queries;
        probes += other.probes;
        postingsRead += other.postingsRead;
        bytesRead += other.bytesRead;
        distances += other.distances;
    }

    public long queries() {
        return queries;
    }

    /** Postings asked for, each query counting its own. */
    public long probes() {
        return probes;
    }

    /** Postings read; one read may serve many queries. */
    public long postingsRead() {
        return postingsRead;
    }

    public long bytesRead() {
        return bytesRead;
    }

    /** Distances between queries and records. */
    public long distances() {
        return distances;
    }
}
