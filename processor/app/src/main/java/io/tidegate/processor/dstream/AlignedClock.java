package io.tidegate.processor.dstream;

import java.time.Duration;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.util.SystemClock;

/**
 * The clock of Spark's batches (conf {@code spark.streaming.clock}). At the first start it stands at the next multiple of
 * {@value #ALIGN_MS} until the wall clock gets there, so the stream's zero time, from which Spark counts slides and
 * checkpoints, is such a multiple. A recovered stream has its zero time already and needs no aligning.
 */
public final class AlignedClock extends SystemClock {
    private static final long serialVersionUID = 1;

    /** The key of the Spark configuration that holds the unit, in milliseconds. */
    static final String ALIGN_MS = "spark.tidegate.align-ms";

    /** Makes it the clock of a streaming context to come, at a multiple of {@code unit}. */
    public static void configure(SparkConf conf, Duration unit) {
        conf.set("spark.streaming.clock", AlignedClock.class.getName());
        conf.set(ALIGN_MS, String.valueOf(unit.toMillis()));
    }

    private final long start;

    /** For Spark, which calls it once per streaming context. */
    public AlignedClock() {
        this(SparkEnv.get().conf().getLong(ALIGN_MS, 1));
    }

    AlignedClock(long unitMs) {
        start = nextMultiple(System.currentTimeMillis(), unitMs);
    }

    /** The least multiple of {@code unit} that is not less than {@code ms}. */
    public static long nextMultiple(long ms, long unit) {
        return -Math.floorDiv(-ms, unit) * unit;
    }

    @Override
    public long getTimeMillis() {
        return Math.max(start, super.getTimeMillis());
    }
}
