package io.sparkspann.error;

/**
 * Bytes of an index file are not what its writer wrote. Names the file, the section and the byte
 * offset of the damage.
 */
public final class CorruptIndexException extends SpannException {
    private static final long serialVersionUID = 1L;

    private final String file;
    private final String section;
    private final long offset;
    private final String problem;

    /**
     * @param file name of the damaged file, relative to the index directory
     * @param section section of the file, such as {@code header} or {@code postings}
     * @param offset byte offset in the file where the damage was noticed
     * @param problem what was expected and what was found
     */
    public CorruptIndexException(String file, String section, long offset, String problem) {
        this(
                file,
                section,
                offset,
                problem,
                "run 'spann verify' and restore the file or rebuild the index");
    }

    private CorruptIndexException(
            String file, String section, long offset, String problem, String advice) {
        super(
                file
                        + ": section "
                        + section
                        + " at byte "
                        + offset
                        + " is damaged: "
                        + problem
                        + "; "
                        + advice);
        this.file = file;
        this.section = section;
        this.offset = offset;
        this.problem = problem;
    }

    /** The same damage where something else helps than the usual. */
    public CorruptIndexException withAdvice(String advice) {
        CorruptIndexException other =
                new CorruptIndexException(file, section, offset, problem, advice);
        other.initCause(this);
        return other;
    }

    public String file() {
        return file;
    }

    public String section() {
        return section;
    }

    public long offset() {
        return offset;
    }
}
