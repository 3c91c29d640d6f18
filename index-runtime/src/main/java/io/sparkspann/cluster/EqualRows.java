package io.sparkspann.cluster;

/** Finds rows of a run that have the same components. One instance serves one thread. */
final class EqualRows {
    private final RowSource rows;
    private final float[] row;
    private final float[] other;

    EqualRows(RowSource rows) {
        this.rows = rows;
        this.row = new float[rows.dimensions()];
        this.other = new float[rows.dimensions()];
    }

    /** Whether all rows of a run that is not empty are equal. */
    boolean areAll(int[] members, int from, int to) {
        rows.copy(members[from], row, 0);
        for (int i = from + 1; i < to; i++) {
            if (!equalsRow(members[i])) {
                return false;
            }
        }
        return true;
    }

    private boolean equalsRow(int member) {
        rows.copy(member, other, 0);
        for (int j = 0; j < row.length; j++) {
            // Rows of bits have NaNs, which are not all equal.
            if (Float.floatToRawIntBits(row[j]) != Float.floatToRawIntBits(other[j])) {
                return false;
            }
        }
        return true;
    }

    /**
     * Moves the rows that more than half of a run are equal to to its front; both parts keep their
     * order.
     *
     * @return how many they are; 0 if no row occurs so often, and nothing was moved
     */
    int majorityFirst(int[] members, int from, int to) {
        // Boyer and Moore's vote: if there is a majority, its row is the one left over.
        int votes = 0;
        for (int i = from; i < to; i++) {
            if (votes == 0) {
                rows.copy(members[i], row, 0);
                votes = 1;
            } else {
                votes += equalsRow(members[i]) ? 1 : -1;
            }
        }
        int[] rest = new int[to - from];
        int[] equal = new int[to - from];
        int equalCount = 0;
        for (int i = from; i < to; i++) {
            if (equalsRow(members[i])) {
                equal[equalCount++] = members[i];
            } else {
                rest[i - from - equalCount] = members[i];
            }
        }
        if (equalCount <= (to - from) / 2) {
            return 0;
        }
        System.arraycopy(equal, 0, members, from, equalCount);
        System.arraycopy(rest, 0, members, from + equalCount, to - from - equalCount);
        return equalCount;
    }
}
