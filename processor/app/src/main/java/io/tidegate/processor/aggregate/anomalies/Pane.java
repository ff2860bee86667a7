package io.tidegate.processor.aggregate.anomalies;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The values of a key in one part of its window: all of them, or, of more than {@value #CAPACITY}, every second, fourth,
 * ... of them in the order in which they came, so that a key has a bound in bytes whatever it sends. Immutable.
 */
final class Pane {

    /** The most values that are kept. */
    static final int CAPACITY = 64;

    private final long startMs;
    /** How many values it was given. */
    private final long given;
    /** Of so many values in a row, one is kept; a power of two. */
    private final long stride;

    private final double[] values;

    private Pane(long startMs, long given, long stride, double[] values) {
        this.startMs = startMs;
        this.given = given;
        this.stride = stride;
        this.values = values;
    }

    /** Without values. */
    static Pane startingAt(long startMs) {
        return new Pane(startMs, 0, 1, new double[0]);
    }

    long startMs() {
        return startMs;
    }

    /** How many values it was given. */
    long given() {
        return given;
    }

    /** How many values it has kept. */
    int size() {
        return values.length;
    }

    /** With one more value, which is finite. */
    Pane plus(double value) {
        if (given % stride != 0) {
            return new Pane(startMs, given + 1, stride, values);
        }
        if (values.length == CAPACITY) {
            double[] every = new double[CAPACITY / 2];
            Arrays.setAll(every, i -> values[2 * i]);
            return new Pane(startMs, given, 2 * stride, every).plus(value);
        }
        double[] more = Arrays.copyOf(values, values.length + 1);
        more[values.length] = value;
        return new Pane(startMs, given + 1, stride, more);
    }

    /** Puts its values into an array, from a place on. */
    void copyInto(double[] target, int from) {
        System.arraycopy(values, 0, target, from, values.length);
    }

    void write(DataOutput out) throws IOException {
        out.writeLong(startMs);
        out.writeLong(given);
        out.writeLong(stride);
        out.writeInt(values.length);
        for (double value : values) {
            out.writeDouble(value);
        }
    }

    static Pane read(DataInput in) throws IOException {
        Pane pane = new Pane(in.readLong(), in.readLong(), in.readLong(), new double[in.readInt()]);
        for (int i = 0; i < pane.values.length; i++) {
            pane.values[i] = in.readDouble();
        }
        return pane;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Pane pane
                && startMs == pane.startMs
                && given == pane.given
                && stride == pane.stride
                && Arrays.equals(values, pane.values);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(startMs) * 31 + Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        return startMs + Arrays.toString(values);
    }
}
