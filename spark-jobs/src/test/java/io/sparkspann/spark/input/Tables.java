package io.sparkspann.spark.input;

import io.sparkspann.vector.IdBlock;
import io.sparkspann.vector.VectorBatch;
import io.sparkspann.vector.VectorBlock;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a table holds, in a form that a test can compare. */
final class Tables {
    private Tables() {}

    /** One batch, as plain lists that travel to the driver. */
    record Plain(ArrayList<String> ids, ArrayList<float[]> vectors, long firstRow, long skipped)
            implements Serializable {}

    /** All vectors by id, and the number of rows left out. */
    record Contents(Map<String, float[]> vectors, long skipped, int batches) {}

    static Contents read(VectorTable table) {
        Map<String, float[]> vectors = new TreeMap<>();
        long skipped = 0;
        List<Plain> batches = table.batches().map(Tables::plain).collect();
        for (Plain batch : batches) {
            skipped += batch.skipped();
            for (int i = 0; i < batch.ids().size(); i++) {
                if (vectors.put(batch.ids().get(i), batch.vectors().get(i)) != null) {
                    throw new AssertionError("id twice: " + batch.ids().get(i));
                }
            }
        }
        return new Contents(vectors, skipped, batches.size());
    }

    private static Plain plain(VectorBatch batch) {
        IdBlock ids = batch.ids();
        VectorBlock block = batch.vectors();
        if (ids.size() != block.size()) {
            throw new AssertionError(ids.size() + " ids, " + block.size() + " vectors");
        }
        ArrayList<String> texts = new ArrayList<>();
        ArrayList<float[]> vectors = new ArrayList<>();
        for (int i = 0; i < ids.size(); i++) {
            texts.add(ids.text(i));
            float[] vector = new float[block.dimensions()];
            block.copyTo(i, vector, 0);
            vectors.add(vector);
        }
        return new Plain(texts, vectors, batch.firstRow(), batch.skippedRows());
    }
}
