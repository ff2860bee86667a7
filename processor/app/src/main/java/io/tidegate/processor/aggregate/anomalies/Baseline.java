package io.tidegate.processor.aggregate.anomalies;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * What is normal for a key.
 *
 * @param median of its values
 * @param deviation how far values are from it as a rule, as a standard deviation; 0 only if all of them are 0
 */
record Baseline(double median, double deviation) {

    /** Of a normal distribution, the standard deviation in median absolute deviations (Hampel, JASA 69, 1974). */
    private static final double OF_MEDIAN_DEVIATION = 1.4826;
    /** The same in mean absolute deviations: the square root of half of pi. */
    private static final double OF_MEAN_DEVIATION = 1.2533;
    /** The least deviation, in parts of the median, of values most of which are the same. */
    private static final double OF_CONSTANT = 0.001;
    /** No score is further from zero: it has to be a number, even where nothing ever deviated. */
    private static final double MOST = 1000;

    /**
     * Of some values.
     *
     * @param values at least one; sorted afterwards
     * @param leastDeviation what {@link #deviation} is at least
     */
    static Baseline of(double[] values, double leastDeviation) {
        Arrays.sort(values);
        double median = middle(values);
        double[] deviations = new double[values.length];
        double sum = 0;
        for (int i = 0; i < values.length; i++) {
            deviations[i] = Math.abs(values[i] - median);
            sum += deviations[i];
        }
        Arrays.sort(deviations);
        double deviation = OF_MEDIAN_DEVIATION * middle(deviations);
        if (deviation
                == 0) { // more than half are the same (Iglewicz, Hoaglin: How to Detect and Handle Outliers, 1993)
            deviation = Math.max(OF_MEAN_DEVIATION * sum / values.length, OF_CONSTANT * Math.abs(median));
        }
        return new Baseline(median, Math.max(deviation, leastDeviation));
    }

    private static double middle(double[] sorted) {
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : sorted[half - 1] / 2 + sorted[half] / 2;
    }

    /** How many deviations a value is above the median, or, negative, below; 1000 at most. */
    double score(double value) {
        double score = (value - median) / deviation;
        return Double.isNaN(score) ? 0 : Math.max(-MOST, Math.min(MOST, score));
    }

    void write(DataOutput out) throws IOException {
        out.writeDouble(median);
        out.writeDouble(deviation);
    }

    static Baseline read(DataInput in) throws IOException {
        return new Baseline(in.readDouble(), in.readDouble());
    }
}
