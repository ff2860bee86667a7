package io.tidegate.gateway.admission;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import java.io.IOException;

/**
 * The numbered readings of one device and metric that were logged: what tells a duplicate from something new. Grows only as
 * far as it is used and as there is memory for it. Not thread-safe.
 *
 * <p>A reading with a time of the device is known by its sequence number and that time; the last {@value #MOST} exactly,
 * all before them as {@link SequenceRuns}. One without is known by its number and the hash of its content, for ten minutes
 * of receipt, among the last {@value #MOST}.
 *
 * <p>A number above all of them is new: nearly every reading is, and is looked for no further.
 */
final class SeenReadings {

    static final int MOST = 128;
    private static final int FEWEST = 4;
    static final long UNTIMED_MS = 600_000;

    /** What one takes of the heap at first: itself, the last readings, a run, and an entry in a map without its key. */
    private static final int LEAST_BYTES = 400;
    /** A number, a time or hash, and a time of receipt. */
    private static final int READING_BYTES = 3 * Long.BYTES;

    /** What a reading is, compared with those remembered. */
    enum Verdict {
        NEW,
        DUPLICATE,
        /** The number is known with another time or content: the device counts anew. */
        RESTARTED
    }

    private final SequenceRuns runs;
    private long[] seqs = new long[FEWEST];
    private long[] timesOrHashes = new long[FEWEST];
    // When it was received, for readings that are known by their content; -1 for those known by their time.
    private long[] received = new long[FEWEST];
    private int size;
    private int next;
    private long greatest = Long.MIN_VALUE;

    SeenReadings() {
        this(new SequenceRuns());
    }

    private SeenReadings(SequenceRuns runs) {
        this.runs = runs;
    }

    Verdict look(ReadingIdentity reading) {
        if (reading.seq() > greatest) {
            return Verdict.NEW;
        }
        boolean known = false;
        for (int i = 0; i < size; i++) {
            if (seqs[i] == reading.seq()) {
                if (isSame(i, reading)) {
                    return Verdict.DUPLICATE;
                }
                known = true;
            }
        }
        if (reading.timed()) {
            if (runs.continuesRestart(reading.seq(), reading.timeOrHash())) {
                return Verdict.NEW;
            }
            if (runs.hold(reading.seq(), reading.timeOrHash(), span -> hasOtherWithin(span, reading.seq()))) {
                return Verdict.DUPLICATE;
            }
        }
        return known || runs.knows(reading.seq()) ? Verdict.RESTARTED : Verdict.NEW;
    }

    private boolean isSame(int i, ReadingIdentity reading) {
        boolean timed = received[i] < 0;
        return timesOrHashes[i] == reading.timeOrHash()
                && timed == reading.timed()
                && (timed || Math.abs(reading.receivedMs() - received[i]) <= UNTIMED_MS);
    }

    /** Whether the reading of this number in a run is among the last: it has another time than the one looked for. */
    private boolean hasOtherWithin(SequenceRuns.Span span, long seq) {
        for (int i = 0; i < size; i++) {
            if (seqs[i] == seq && received[i] < 0 && span.contains(timesOrHashes[i])) {
                return true;
            }
        }
        return false;
    }

    /**
     * To be called once for each reading that is logged, in the order of the log.
     *
     * @param memory what more than {@link #bytes()} of a new one is taken from; where it can't spare it, as many readings and
     *     runs are remembered as are at present
     */
    void remember(ReadingIdentity reading, MemoryBudget memory) {
        if (size == seqs.length && size < MOST) {
            int length = Math.min(MOST, 2 * size);
            if (memory.tryTakeSpare((long) READING_BYTES * (length - size))) {
                grow(length);
            }
        }
        next = next == seqs.length ? 0 : next;
        seqs[next] = reading.seq();
        timesOrHashes[next] = reading.timeOrHash();
        received[next] = reading.timed() ? -1 : reading.receivedMs();
        size = Math.max(size, next + 1);
        next++;
        greatest = Math.max(greatest, reading.seq());
        if (reading.timed()) {
            runs.add(reading.seq(), reading.timeOrHash(), memory);
        }
    }

    /**
     * Writes all of it: the last readings, the oldest first, each as what it differs by from the one before; then the runs.
     */
    void write(CodedOutputStream out) throws IOException {
        out.writeUInt32NoTag(size);
        out.writeSInt64NoTag(greatest);
        int oldest = size < seqs.length ? 0 : next;
        long seq = 0;
        long timeOrHash = 0;
        long receivedMs = 0;
        for (int n = 0; n < size; n++) {
            int i = (oldest + n) % size;
            boolean timed = received[i] < 0;
            out.writeBoolNoTag(timed);
            out.writeSInt64NoTag(seqs[i] - seq);
            seq = seqs[i];
            if (timed) {
                out.writeSInt64NoTag(timesOrHashes[i] - timeOrHash);
                timeOrHash = timesOrHashes[i];
            } else {
                out.writeFixed64NoTag(timesOrHashes[i]);
                out.writeSInt64NoTag(received[i] - receivedMs);
                receivedMs = received[i];
            }
        }
        runs.write(out);
    }

    /** Reads what {@link #write} wrote. */
    static SeenReadings read(CodedInputStream in) throws IOException {
        int size = in.readUInt32();
        if (size < 0 || size > MOST) {
            throw new IOException("the last " + size + " readings (expected: at most " + MOST + ")");
        }
        long greatest = in.readSInt64();
        long[] seqs = new long[Math.max(FEWEST, size)];
        long[] timesOrHashes = new long[seqs.length];
        long[] received = new long[seqs.length];
        long seq = 0;
        long timeOrHash = 0;
        long receivedMs = 0;
        for (int i = 0; i < size; i++) {
            boolean timed = in.readBool();
            seq += in.readSInt64();
            timeOrHash += timed ? in.readSInt64() : 0;
            seqs[i] = seq;
            timesOrHashes[i] = timed ? timeOrHash : in.readFixed64();
            receivedMs += timed ? 0 : in.readSInt64();
            received[i] = timed ? -1 : receivedMs;
        }
        SeenReadings read = new SeenReadings(SequenceRuns.read(in));
        read.seqs = seqs;
        read.timesOrHashes = timesOrHashes;
        read.received = received;
        read.size = size;
        read.next = size;
        read.greatest = greatest;
        return read;
    }

    /** What it takes of the heap, about. */
    long bytes() {
        return LEAST_BYTES + (long) READING_BYTES * (seqs.length - FEWEST) + runs.bytes();
    }

    private void grow(int length) {
        seqs = grown(seqs, length);
        timesOrHashes = grown(timesOrHashes, length);
        received = grown(received, length);
        next = size;
    }

    /** The oldest becomes the first. */
    private long[] grown(long[] ring, int length) {
        long[] grown = new long[length];
        int oldest = next % size;
        System.arraycopy(ring, oldest, grown, 0, size - oldest);
        System.arraycopy(ring, 0, grown, size - oldest, oldest);
        return grown;
    }
}
