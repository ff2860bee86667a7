package io.tidegate.gateway.admission;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Which numbered readings of one device and metric were seen, as runs: numbers that follow one another at equal distances,
 * and whose times, in µs, never fall and have no long pause. A run keeps its two ends and nothing between them, so a run of
 * a million readings costs as much as a run of two.
 *
 * <p>A reading belongs to a run when its number is one of the run's and its time lies within the run's span. At the ends of
 * a run that is exact. In between it is not: a device that counts anew, and whose clock at that time shows a time within
 * the span of an earlier run, is told apart only by the number that the new run begins with, and from there on because it
 * continues that run.
 *
 * <p>A reading that is missing in the middle of a run begins another one, and closes the gap when it comes late. At most
 * {@value #MOST} runs are kept, or as many as there is memory for; the one that was extended longest ago goes first. Not
 * thread-safe.
 */
final class SequenceRuns {

    static final int MOST = 128;

    /** The greatest distance of two numbers that are taken for neighbours: devices may number all their metrics together. */
    static final long MAX_STEP = 64;

    /** A pause that is this many times the run's mean, and not short, ends the run: the device may have been started anew. */
    private static final long PAUSE = 64;

    private static final long SHORT_US = 60_000_000;

    /** What a run takes of the heap: itself, and its place in the list. */
    static final int RUN_BYTES = 64;

    // The run that was extended last is the last.
    private final List<Run> runs = new ArrayList<>(1);

    /**
     * Whether a reading belongs to a run.
     *
     * @param excluded whether a run of that span is known to have the number at another time; not asked about its ends
     */
    boolean hold(long seq, long time, Predicate<Span> excluded) {
        for (int i = runs.size() - 1; i >= 0; i--) {
            Run run = runs.get(i);
            if (run.endsWith(seq, time)
                    || (run.spans(seq, time) && !excluded.test(new Span(run.firstTime, run.lastTime)))) {
                return true;
            }
        }
        return false;
    }

    /** Whether a run has this number, at whatever time. */
    boolean knows(long seq) {
        for (Run run : runs) {
            if (run.knows(seq)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a device has begun to count anew, and this is its next reading. */
    boolean continuesRestart(long seq, long time) {
        Run live = runs.isEmpty() ? null : runs.get(runs.size() - 1);
        return live != null && live.restarted && live.canEndWith(seq, time);
    }

    /**
     * Adds a reading that belongs to no run, or that continues one.
     *
     * @param memory what all runs but one are taken from, as far as it can spare it
     */
    void add(long seq, long time, MemoryBudget memory) {
        boolean known = knows(seq);
        int before = runs.size();
        if (extend(seq, time, known, false) || extend(seq, time, known, true)) {
            memory.giveBack((long) RUN_BYTES * (before - runs.size()));
            return;
        }
        if (before == MOST || (before > 0 && !memory.tryTakeSpare(RUN_BYTES))) {
            runs.remove(0);
        }
        runs.add(new Run(seq, time, known));
    }

    /** @param known whether some run has this number at another time: then only a run that was begun anew goes on with it */
    private boolean extend(long seq, long time, boolean known, boolean single) {
        for (int i = runs.size() - 1; i >= 0; i--) {
            Run run = runs.get(i);
            boolean begun = run.restarted && i == runs.size() - 1;
            if ((run.restarted || !known) && (run.isSingle() == single || begun) && run.extend(seq, time)) {
                runs.remove(i);
                runs.add(run);
                join(run);
                return true;
            }
        }
        return false;
    }

    /** Two runs become one where a late reading has closed the gap between them. */
    private void join(Run grown) {
        for (int i = runs.size() - 2; i >= 0; i--) {
            Run other = runs.get(i);
            if (grown.append(other)) {
                runs.remove(i);
                return;
            }
            if (other.append(grown)) {
                runs.remove(i);
                runs.set(runs.size() - 1, other);
                return;
            }
        }
    }

    int size() {
        return runs.size();
    }

    /** What all runs but one take of the heap. */
    long bytes() {
        return (long) RUN_BYTES * Math.max(0, runs.size() - 1);
    }

    /** Writes the runs, the one that was extended last at the end. */
    void write(CodedOutputStream out) throws IOException {
        out.writeUInt32NoTag(runs.size());
        for (Run run : runs) {
            out.writeBoolNoTag(run.restarted);
            out.writeSInt64NoTag(run.firstSeq);
            out.writeSInt64NoTag(run.firstTime);
            out.writeUInt64NoTag(run.step);
            if (!run.isSingle()) {
                out.writeUInt64NoTag(run.lastSeq - run.firstSeq);
                out.writeUInt64NoTag(run.lastTime - run.firstTime);
            }
        }
    }

    /** Reads what {@link #write} wrote. */
    static SequenceRuns read(CodedInputStream in) throws IOException {
        int count = in.readUInt32();
        if (count < 0 || count > MOST) {
            throw new IOException(count + " runs (expected: at most " + MOST + ")");
        }
        SequenceRuns read = new SequenceRuns();
        for (int i = 0; i < count; i++) {
            boolean restarted = in.readBool();
            Run run = new Run(in.readSInt64(), in.readSInt64(), restarted);
            run.step = in.readUInt64();
            if (!run.isSingle()) {
                run.lastSeq = run.firstSeq + in.readUInt64();
                run.lastTime = run.firstTime + in.readUInt64();
            }
            read.runs.add(run);
        }
        return read;
    }

    /** From the time of a run's first reading to that of its last. */
    record Span(long first, long last) {
        boolean contains(long time) {
            return first <= time && time <= last;
        }
    }

    private static final class Run {
        private final boolean restarted;
        private long firstSeq;
        private long firstTime;
        private long lastSeq;
        private long lastTime;
        /** 0 while it has one number. */
        private long step;

        private Run(long seq, long time, boolean restarted) {
            this.restarted = restarted;
            this.firstSeq = seq;
            this.lastSeq = seq;
            this.firstTime = time;
            this.lastTime = time;
        }

        private boolean isSingle() {
            return step == 0;
        }

        private boolean knows(long seq) {
            return isSingle() ? seq == firstSeq : firstSeq <= seq && seq <= lastSeq && (seq - firstSeq) % step == 0;
        }

        /** Whether it is the first or the last. */
        private boolean endsWith(long seq, long time) {
            return (seq == firstSeq && time == firstTime) || (seq == lastSeq && time == lastTime);
        }

        /** Whether it may be one between the first and the last. */
        private boolean spans(long seq, long time) {
            return knows(seq) && seq != firstSeq && seq != lastSeq && firstTime <= time && time <= lastTime;
        }

        private boolean canEndWith(long seq, long time) {
            return time >= lastTime && isNext(seq, lastSeq, time - lastTime);
        }

        private boolean extend(long seq, long time) {
            if (canEndWith(seq, time)) {
                step = seq - lastSeq;
                lastSeq = seq;
                lastTime = time;
                return true;
            }
            if (time <= firstTime && isNext(firstSeq, seq, firstTime - time)) {
                step = firstSeq - seq;
                firstSeq = seq;
                firstTime = time;
                return true;
            }
            return false;
        }

        /** Takes in the run that follows. */
        private boolean append(Run next) {
            boolean sameStep = next.isSingle() || next.step == step;
            if (isSingle() || !sameStep || !canEndWith(next.firstSeq, next.firstTime)) {
                return false;
            }
            lastSeq = next.lastSeq;
            lastTime = next.lastTime;
            return true;
        }

        /** Whether a number follows another at this run's distance, and so much time later at its pace. */
        private boolean isNext(long seq, long before, long pause) {
            // The difference of numbers that are very far apart is none of theirs.
            long distance = seq > before ? Math.max(0, seq - before) : 0;
            if (isSingle()) {
                return distance == 1 || (distance > 1 && distance <= MAX_STEP && pause <= SHORT_US);
            }
            long mean = (lastTime - firstTime) / ((lastSeq - firstSeq) / step);
            return distance == step && pause <= Math.max(SHORT_US, PAUSE * mean);
        }
    }
}
