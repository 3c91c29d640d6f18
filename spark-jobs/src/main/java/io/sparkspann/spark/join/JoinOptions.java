package io.sparkspann.spark.join;

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
 */
record JoinOptions(
        SearchOptions search,
        Selection selection,
        String idColumn,
        String vectorColumn,
        PayloadColumns payload,
        JoinMemory memory,
        Candidates candidates) {
    static final JoinOptions DEFAULT =
            new JoinOptions(
                    SearchOptions.ofRecall(10, SearchOptions.DEFAULT_RECALL_TARGET),
                    Selection.of(10),
                    null,
                    "vector",
                    PayloadColumns.NONE,
                    JoinMemory.BY_SETTINGS,
                    null);

    JoinOptions withSearch(SearchOptions options) {
        Selection same = selection.withK(options.k());
        return new JoinOptions(options, same, idColumn, vectorColumn, payload, memory, candidates);
    }

    JoinOptions withSelection(Selection other) {
        return new JoinOptions(search, other, idColumn, vectorColumn, payload, memory, candidates);
    }

    JoinOptions withIdColumn(String column) {
        return new JoinOptions(
                search, selection, column, vectorColumn, payload, memory, candidates);
    }

    JoinOptions withVectorColumn(String column) {
        return new JoinOptions(search, selection, idColumn, column, payload, memory, candidates);
    }

    JoinOptions withPayload(PayloadColumns columns) {
        return new JoinOptions(
                search, selection, idColumn, vectorColumn, columns, memory, candidates);
    }

    JoinOptions withMemory(JoinMemory other) {
        return new JoinOptions(
                search, selection, idColumn, vectorColumn, payload, other, candidates);
    }

    JoinOptions withCandidates(Candidates rows) {
        return new JoinOptions(search, selection, idColumn, vectorColumn, payload, memory, rows);
    }
}
