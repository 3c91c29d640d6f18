package io.sparkspann.spark.bench;

import io.sparkspann.distance.Metric;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.lucene.codecs.Codec;
import org.apache.lucene.codecs.FilterCodec;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsFormat;
import org.apache.lucene.codecs.perfield.PerFieldKnnVectorsFormat;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;

/** Lucene's HNSW over float vectors, merged to one segment, mapped into memory. */
final class LuceneHnsw implements PeerIndex {
    private static final String VECTOR = "vector";
    private static final String ID = "id";
    private static final double BUFFER_MEGABYTES = 1900;

    private final VectorSimilarityFunction similarity;
    private final Directory directory;
    private DirectoryReader reader;
    private int[] idOfDocument;

    /**
     * @param folder for the index; a new one
     */
    LuceneHnsw(Metric metric, Path folder) throws IOException {
        this.similarity =
                metric == Metric.COSINE
                        ? VectorSimilarityFunction.DOT_PRODUCT
                        : VectorSimilarityFunction.EUCLIDEAN;
        this.directory = FSDirectory.open(Files.createDirectories(folder));
    }

    @Override
    public Point.Measured system() {
        return Point.Measured.here("lucene", Versions.ofJar(IndexWriter.class));
    }

    @Override
    public String note() {
        return "M "
                + Settings.M
                + ", beam width "
                + Settings.EF_CONSTRUCTION
                + ", one segment, "
                + (Runtime.version().feature() < 20 ? "scalar code on this Java" : "Vector API");
    }

    @Override
    public void build(float[][] base, int threads) throws Exception {
        ExecutorService mergers = Executors.newFixedThreadPool(threads);
        IndexWriterConfig config =
                new IndexWriterConfig()
                        .setOpenMode(IndexWriterConfig.OpenMode.CREATE)
                        .setCodec(codec(threads, mergers))
                        .setRAMBufferSizeMB(BUFFER_MEGABYTES)
                        .setUseCompoundFile(false);
        try (IndexWriter writer = new IndexWriter(directory, config)) {
            Passes.parallel(
                    base.length,
                    threads,
                    () ->
                            i -> {
                                Document document = new Document();
                                document.add(new KnnFloatVectorField(VECTOR, base[i], similarity));
                                document.add(new NumericDocValuesField(ID, i));
                                writer.addDocument(document);
                            });
            writer.forceMerge(1);
            writer.commit();
        } finally {
            mergers.shutdown();
        }
        open();
    }

    /** The default codec, which also reads what is written, with another width of the graph. */
    private static Codec codec(int threads, ExecutorService mergers) {
        Codec usual = Codec.getDefault();
        KnnVectorsFormat format =
                threads == 1
                        ? new Lucene99HnswVectorsFormat(Settings.M, Settings.EF_CONSTRUCTION)
                        : new Lucene99HnswVectorsFormat(
                                Settings.M, Settings.EF_CONSTRUCTION, threads, mergers);
        KnnVectorsFormat perField =
                new PerFieldKnnVectorsFormat() {
                    @Override
                    public KnnVectorsFormat getKnnVectorsFormatForField(String field) {
                        return format;
                    }
                };
        return new FilterCodec(usual.getName(), usual) {
            @Override
            public KnnVectorsFormat knnVectorsFormat() {
                return perField;
            }
        };
    }

    private void open() throws IOException {
        reader = DirectoryReader.open(directory);
        if (reader.leaves().size() != 1) {
            throw new IllegalStateException(reader.leaves().size() + " segments, not 1");
        }
        LeafReader leaf = reader.leaves().get(0).reader();
        NumericDocValues ids = leaf.getNumericDocValues(ID);
        idOfDocument = new int[leaf.maxDoc()];
        for (int document = ids.nextDoc();
                document != NumericDocValues.NO_MORE_DOCS;
                document = ids.nextDoc()) {
            idOfDocument[document] = (int) ids.longValue();
        }
    }

    @Override
    public Searcher searcher(int ef) {
        IndexSearcher searcher = new IndexSearcher(reader);
        // A query's own k is the width of its search.
        return (query, k) -> {
            ScoreDoc[] found =
                    searcher.search(new KnnFloatVectorQuery(VECTOR, query, ef), k).scoreDocs;
            int[] ids = new int[k];
            Arrays.fill(ids, -1);
            for (int r = 0; r < found.length; r++) {
                ids[r] = idOfDocument[found[r].doc];
            }
            return ids;
        };
    }

    @Override
    public void close() throws IOException {
        if (reader != null) {
            reader.close();
        }
        directory.close();
    }
}
