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
 */
record JoinOptions(
        SearchOptions search,
        Selection selection,
        String idColumn,
        String vectorColumn,
        PayloadColumns payload,
        JoinMemory memory) {
    static final JoinOptions DEFAULT =
            new JoinOptions(
                    SearchOptions.ofRecall(10, SearchOptions.DEFAULT_RECALL_TARGET),
                    Selection.of(10),
                    null,
                    "vector",
                    PayloadColumns.NONE,
                    JoinMemory.BY_SETTINGS);

    JoinOptions withSearch(SearchOptions options) {
        Selection same = selection.withK(options.k());
        return new JoinOptions(options, same, idColumn, vectorColumn, payload, memory);
    }

    JoinOptions withSelection(Selection other) {
        return new JoinOptions(search, other, idColumn, vectorColumn, payload, memory);
    }

    JoinOptions withIdColumn(String column) {
        return new JoinOptions(search, selection, column, vectorColumn, payload, memory);
    }

    JoinOptions withVectorColumn(String column) {
        return new JoinOptions(search, selection, idColumn, column, payload, memory);
    }

    JoinOptions withPayload(PayloadColumns columns) {
        return new JoinOptions(search, selection, idColumn, vectorColumn, columns, memory);
    }

    JoinOptions withMemory(JoinMemory other) {
        return new JoinOptions(search, selection, idColumn, vectorColumn, payload, other);
    }
}
