package io.sparkspann.spark.join;

import io.sparkspann.search.IdCondition;
import io.sparkspann.search.SearchOptions;

/**
 * What a join is asked for.
 *
 * @param search how many postings queries read
 * @param selection which neighbours become rows
 * @param idColumn column of the queries' own ids; null if no id is to be compared
 * @param vectorColumn column of the queries' vectors
 * @param payload columns of the neighbours' rows
 * @param memory that it may take
 * @param candidates rows that may be found; null: all
 * @param condition on the ids of what may be found; null: none
 */
record JoinOptions(
        SearchOptions search,
        Selection selection,
        String idColumn,
        String vectorColumn,
        PayloadColumns payload,
        JoinMemory memory,
        Candidates candidates,
        IdCondition condition) {
    static final JoinOptions DEFAULT =
            new JoinOptions(
                    SearchOptions.ofRecall(10, SearchOptions.DEFAULT_RECALL_TARGET),
                    Selection.of(10),
                    null,
                    "vector",
                    PayloadColumns.NONE,
                    JoinMemory.BY_SETTINGS,
                    null,
                    null);

    JoinOptions withSearch(SearchOptions options) {
        Selection same = selection.withK(options.k());
        return new JoinOptions(
                options, same, idColumn, vectorColumn, payload, memory, candidates, condition);
    }

    JoinOptions withSelection(Selection other) {
        return new JoinOptions(
                search, other, idColumn, vectorColumn, payload, memory, candidates, condition);
    }

    JoinOptions withIdColumn(String column) {
        return new JoinOptions(
                search, selection, column, vectorColumn, payload, memory, candidates, condition);
    }

    JoinOptions withVectorColumn(String column) {
        return new JoinOptions(
                search, selection, idColumn, column, payload, memory, candidates, condition);
    }

    JoinOptions withPayload(PayloadColumns columns) {
        return new JoinOptions(
                search, selection, idColumn, vectorColumn, columns, memory, candidates, condition);
    }

    JoinOptions withMemory(JoinMemory other) {
        return new JoinOptions(
                search, selection, idColumn, vectorColumn, payload, other, candidates, condition);
    }

    JoinOptions withCandidates(Candidates rows) {
        return new JoinOptions(
                search, selection, idColumn, vectorColumn, payload, memory, rows, condition);
    }

    /** Also with this condition. */
    JoinOptions withCondition(IdCondition other) {
        IdCondition both = condition == null ? other : condition.and(other);
        return new JoinOptions(
                search, selection, idColumn, vectorColumn, payload, memory, candidates, both);
    }

    boolean isRestricted() {
        return candidates != null || condition != null;
    }
}
