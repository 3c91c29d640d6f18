package io.sparkspann.spark.join;

import io.sparkspann.search.SearchOptions;

/**
 * What a join is asked for.
 *
 * @param search how many postings queries read
 * @param selection which neighbours become rows
 * @param idColumn column of the queries' own ids; null if no id is to be compared
 * @param vectorColumn column of the queries' vectors
 * @param memory that it may take
 */
record JoinOptions(
        SearchOptions search,
        Selection selection,
        String idColumn,
        String vectorColumn,
        JoinMemory memory) {
    static final JoinOptions DEFAULT =
            new JoinOptions(
                    SearchOptions.ofRecall(10, SearchOptions.DEFAULT_RECALL_TARGET),
                    Selection.of(10),
                    null,
                    "vector",
                    JoinMemory.BY_SETTINGS);

    JoinOptions withSearch(SearchOptions options) {
        Selection same = selection.withK(options.k());
        return new JoinOptions(options, same, idColumn, vectorColumn, memory);
    }

    JoinOptions withSelection(Selection other) {
        return new JoinOptions(search, other, idColumn, vectorColumn, memory);
    }

    JoinOptions withIdColumn(String column) {
        return new JoinOptions(search, selection, column, vectorColumn, memory);
    }

    JoinOptions withVectorColumn(String column) {
        return new JoinOptions(search, selection, idColumn, column, memory);
    }

    JoinOptions withMemory(JoinMemory other) {
        return new JoinOptions(search, selection, idColumn, vectorColumn, other);
    }
}
