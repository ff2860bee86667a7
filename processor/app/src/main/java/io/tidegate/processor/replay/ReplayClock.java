package io.tidegate.processor.replay;

import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.util.ManualClock;

/** The clock of a replay's batches: it begins in the past, and goes on when somebody advances it. */
public final class ReplayClock extends ManualClock {

    private static final String START_MS = "spark.tidegate.virtual-start-ms";

    /** Makes it the clock of a streaming context to come. */
    static void configure(SparkConf conf, long startMs) {
        conf.set("spark.streaming.clock", ReplayClock.class.getName());
        conf.set(START_MS, String.valueOf(startMs));
    }

    /** For Spark, which calls it once per streaming context. */
    public ReplayClock() {
        super(SparkEnv.get().conf().getLong(START_MS, 0));
    }
}
