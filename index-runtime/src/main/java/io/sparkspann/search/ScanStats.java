package io.sparkspann.search;

/** What searches cost. Values are sums over the queries. */
public final class ScanStats {
    private long queries;
    private long probes;
    private long postingsRead;
    private long bytesRead;
    private long distances;
    private long reads;
    private long readBatches;
    private long exactQueries;

    /** Counts queries and the postings that they asked for. */
    public void addQueries(long queryCount, long probeCount) {
        queries += queryCount;
        probes += probeCount;
    }

    /** Counts queries that were compared exactly. */
    void addExactQueries(long count) {
        exactQueries += count;
    }

    void addPosting(long bytes, long distanceCount) {
        postingsRead++;
        bytesRead += bytes;
        distances += distanceCount;
    }

    /** Counts a batch of reads: the postings in it that are used, and all bytes. */
    void addReads(long postings, long readCount, long bytes) {
        readBatches++;
        postingsRead += postings;
        reads += readCount;
        bytesRead += bytes;
    }

    /** Counts distances. */
    public void addDistances(long distanceCount) {
        distances += distanceCount;
    }

    /** Adds the figures of another one. */
    public void add(ScanStats other) {
        queries += other.queries;
        probes += other.probes;
        postingsRead += other.postingsRead;
        bytesRead += other.bytesRead;
        distances += other.distances;
        reads += other.reads;
        readBatches += other.readBatches;
        exactQueries += other.exactQueries;
    }

    public long queries() {
        return queries;
    }

    /** Queries of exact searches and range searches. */
    public long exactQueries() {
        return exactQueries;
    }

    /** Postings asked for, each query counting its own. */
    public long probes() {
        return probes;
    }

    /**
     * Postings read from storage, not those that were in memory; one read may serve many queries.
     */
    public long postingsRead() {
        return postingsRead;
    }

    public long bytesRead() {
        return bytesRead;
    }

    /** Reads of single queries: postings next to each other are read together. */
    public long reads() {
        return reads;
    }

    /** Batches of parallel reads that single queries waited for. */
    public long readBatches() {
        return readBatches;
    }

    /** Distances between queries and records. */
    public long distances() {
        return distances;
    }
}
