package io.tidegate.processor.aggregate.anomalies;

import io.tidegate.processor.persistent.Encoding;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of one key.
 *
 * @param panes of its window, in order of time; the last one is open
 * @param baseline of the panes before the open one; null until there are enough values
 * @param phase what was published of it last
 * @param sinceMs when the phase began that has a message of its own: learning, or an anomaly
 * @param run the values in a row that speak for another phase
 * @param worst of an anomaly, the score furthest from zero
 * @param greatestMs its greatest event time
 * @param receivedMs its greatest time of receipt
 */
record KeyAnomalies(
        List<Pane> panes,
        @Nullable Baseline baseline,
        Phase phase,
        long sinceMs,
        Run run,
        double worst,
        long greatestMs,
        long receivedMs) {

    /** How a key stands. */
    enum Phase {
        LEARNING,
        NORMAL,
        ANOMALOUS
    }

    /**
     * Values in a row.
     *
     * @param length how many
     * @param sinceMs the time of the first
     * @param worst their score furthest from zero
     */
    record Run(int length, long sinceMs, double worst) {
        static final Run NONE = new Run(0, 0, 0);

        Run plus(long timeMs, double score) {
            return length == 0 ? new Run(1, timeMs, score) : new Run(length + 1, sinceMs, further(worst, score));
        }
    }

    /** The score further from zero. */
    static double further(double some, double other) {
        return Math.abs(other) > Math.abs(some) ? other : some;
    }

    /** About how many bytes of memory it takes, without its key. */
    long estimatedSize() {
        long bytes = 250;
        for (Pane pane : panes) {
            bytes += 80 + 8L * pane.size();
        }
        return bytes;
    }

    void write(DataOutput out) throws IOException {
        Encoding.writeList(out, panes, Pane::write);
        out.writeBoolean(baseline != null);
        if (baseline != null) {
            baseline.write(out);
        }
        Encoding.writeText(out, phase.name());
        out.writeLong(sinceMs);
        out.writeInt(run.length);
        out.writeLong(run.sinceMs);
        out.writeDouble(run.worst);
        out.writeDouble(worst);
        out.writeLong(greatestMs);
        out.writeLong(receivedMs);
    }

    static KeyAnomalies read(DataInput in) throws IOException {
        return new KeyAnomalies(
                Encoding.readList(in, Pane::read),
                in.readBoolean() ? Baseline.read(in) : null,
                Phase.valueOf(Encoding.readText(in)),
                in.readLong(),
                new Run(in.readInt(), in.readLong(), in.readDouble()),
                in.readDouble(),
                in.readLong(),
                in.readLong());
    }
}
