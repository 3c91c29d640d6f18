package io.sparkspann.search;

import io.sparkspann.cluster.Forest;
import io.sparkspann.cluster.TreeSearch;
import io.sparkspann.distance.NearestLists;
import java.util.Arrays;

/**
 * Finds the heads of queries that may find some vectors only. Heads are a sample of the vectors
 * around them, so those among the allowed tell where allowed vectors are, and {@link ProbePolicy}
 * how many of its nearest heads a query reads. Where that takes more heads than were expected, it
 * is looked for more; a query for which all heads are not enough reads all postings, or those of
 * the 8 million nearest heads if there are more.
 */
final class AllowedHeadSearch {
    /** Heads that are looked for, relative to what evenly spread allowed ones would take. */
    private static final double SLACK = 1.25;

    private static final int GROWTH = 4;

    private final Forest forest;
    private final QueryRows queries;
    private final Probing probing;
    private final int k;
    private final int allHeads;
    private final int mostHeads;
    private final double least;

    /**
     * @param mostHeads heads of all queries that are searched for at once, at most
     */
    AllowedHeadSearch(Forest forest, QueryRows queries, Probing probing, int k, int mostHeads) {
        this.forest = forest;
        this.queries = queries;
        this.probing = probing;
        this.k = k;
        int[] firstHeads = forest.firstHeads();
        this.allHeads = firstHeads[firstHeads.length - 1];
        this.mostHeads = mostHeads;
        AllowList allowed = probing.allowed();
        this.least = ProbePolicy.leastHeads(k, allowed.count(), allowed.headCount());
    }

    /**
     * Heads of queries {@code [from, to)}, or of the first ones only, at least of one.
     *
     * @param mostQueries queries that are searched for at once, at most
     * @param mostPairs no further queries after so many heads
     */
    HeadRuns search(int from, int to, int mostQueries, int mostPairs) {
        int length = firstLength();
        int chunk = Math.max(1, Math.min(mostQueries, mostHeads / length));
        HeadRuns runs = new HeadRuns(to - from);
        while (runs.queries() < to - from && runs.pairs() < mostPairs) {
            int first = from + runs.queries();
            addChunk(first, Math.min(chunk, to - first), length, mostPairs, runs);
        }
        return runs;
    }

    private void addChunk(int first, int count, int length, int mostPairs, HeadRuns runs) {
        int[] numbers = new int[count];
        Arrays.setAll(numbers, i -> first + i);
        Found found = new Found(first, new int[count][], new float[count]);
        int[] missing = search(numbers, length, found);
        // So few at once that they fit the memory even if they want the postings of all heads.
        int batch = Math.max(1, mostHeads / bounded(allHeads));
        int added = 0;
        for (int i = 0; added < count && runs.pairs() < mostPairs; i += batch) {
            int end = Math.min(missing.length, i + batch);
            searchLonger(Arrays.copyOfRange(missing, i, end), length, found);
            int known = end < missing.length ? missing[end] - first : count;
            for (; added < known; added++) {
                runs.add(found.heads()[added], found.bounds()[added]);
            }
        }
    }

    private int firstLength() {
        return bounded(SLACK * probing.postings(k, allHeads) + 16);
    }

    private int bounded(double length) {
        return (int) Math.max(1, Math.min(length, Math.min(allHeads, mostHeads)));
    }

    /** Heads, nearest first, and bounds of the queries from {@code first} on. */
    private record Found(int first, int[][] heads, float[] bounds) {}

    /** Searches with longer and longer lists. */
    private void searchLonger(int[] numbers, int length, Found found) {
        int[] missing = numbers;
        int longer = length;
        while (missing.length > 0) {
            longer = bounded((double) GROWTH * longer);
            missing = search(missing, longer, found);
        }
    }

    /**
     * Searches with lists of a length.
     *
     * @param numbers of the queries, ascending
     * @return the queries that need longer lists
     */
    private int[] search(int[] numbers, int length, Found found) {
        int d = forest.router().dimensions();
        float[] rows = new float[numbers.length * d];
        for (int i = 0; i < numbers.length; i++) {
            System.arraycopy(queries.embedded(), numbers[i] * d, rows, i * d, d);
        }
        NearestLists lists = new NearestLists(length);
        new TreeSearch(forest, beam(length)).search(rows, numbers.length, lists);
        int[] missing = new int[numbers.length];
        int count = 0;
        for (int i = 0; i < numbers.length; i++) {
            ProbePolicy.HeadDistance distances = queries.headDistances(numbers[i]);
            int probes = probing.policy().probes(lists, i, distances, probing.allowed(), least);
            if (probes >= 0) {
                take(lists, i, probes, numbers[i], found);
            } else if (length == bounded(allHeads)) {
                take(lists, i, lists.size(i), numbers[i], found);
            } else {
                missing[count++] = numbers[i];
            }
        }
        return Arrays.copyOf(missing, count);
    }

    /** A beam for lists of a length; no head is missed where all are asked for. */
    private TreeSearch.Beam beam(int length) {
        int[] firstNodes = forest.firstNodes();
        return length == bounded(allHeads)
                ? new TreeSearch.Beam(
                        forest.router().leafCount(), firstNodes[firstNodes.length - 1])
                : TreeSearch.Beam.of(length);
    }

    private void take(NearestLists lists, int list, int probes, int number, Found found) {
        int[] heads = new int[probes];
        float bound = Float.POSITIVE_INFINITY;
        int allowed = 0;
        for (int r = 0; r < probes; r++) {
            heads[r] = lists.number(list, r);
            if (probing.allowed().containsHead(heads[r]) && ++allowed == k) {
                bound = queries.keyBound(number, lists.distance(list, r));
            }
        }
        found.heads()[number - found.first()] = heads;
        found.bounds()[number - found.first()] = bound;
    }
}
