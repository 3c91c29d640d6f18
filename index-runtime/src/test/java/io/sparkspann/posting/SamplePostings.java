package io.sparkspann.posting;

import io.sparkspann.format.FileKind;
import io.sparkspann.format.SpnFile;
import io.sparkspann.format.SpnFixture;
import io.sparkspann.vector.VectorBlock;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Postings over the rows of a block, made at random: each row has one home and up to three
 * replicas.
 */
public final class SamplePostings {
    /** Ordinals do not fit into a signed int. */
    public static final long FIRST_ORDINAL = 3_000_000_000L;

    private final VectorBlock block;
    private final List<List<Integer>> homes = new ArrayList<>();
    private final List<List<Integer>> replicas = new ArrayList<>();

    public SamplePostings(VectorBlock block, int postings, long seed) {
        this.block = block;
        SplittableRandom random = new SplittableRandom(seed);
        for (int p = 0; p < postings; p++) {
            homes.add(new ArrayList<>());
            replicas.add(new ArrayList<>());
        }
        for (int row = 0; row < block.size(); row++) {
            // The last posting stays empty.
            int home = random.nextInt(postings - 1);
            homes.get(home).add(row);
            for (int r = random.nextInt(4); r > 0; r--) {
                int posting = random.nextInt(postings - 1);
                if (posting != home && !replicas.get(posting).contains(row)) {
                    replicas.get(posting).add(row);
                }
            }
        }
    }

    public int count(int posting) {
        return homes.get(posting).size() + replicas.get(posting).size();
    }

    public int home(int posting) {
        return homes.get(posting).size();
    }

    public int row(int posting, int record) {
        int home = home(posting);
        return record < home
                ? homes.get(posting).get(record)
                : replicas.get(posting).get(record - home);
    }

    public int size() {
        return homes.size();
    }

    public PostingLayout layout() {
        return new PostingLayout(block.type(), block.dimensions());
    }

    /** The file of shard {@code shard}. */
    public SpnFixture write(int shard) {
        return new SpnFixture(
                FileKind.POSTINGS,
                shard,
                out -> {
                    PostingWriter writer = new PostingWriter(out, layout(), shard, size());
                    for (int p = 0; p < size(); p++) {
                        writer.append(records(p));
                    }
                    writer.finish();
                });
    }

    public PostingFile open(SpnFile file, int shard) {
        return PostingFile.open(file, shard, size(), layout());
    }

    private PostingWriter.Records records(int posting) {
        return new PostingWriter.Records() {
            @Override
            public int size() {
                return count(posting);
            }

            @Override
            public int homes() {
                return home(posting);
            }

            @Override
            public VectorBlock vectors(int record) {
                return block;
            }

            @Override
            public int row(int record) {
                return SamplePostings.this.row(posting, record);
            }

            @Override
            public float distance(int record) {
                return record;
            }

            @Override
            public long ordinal(int record) {
                return FIRST_ORDINAL + row(record);
            }
        };
    }
}
