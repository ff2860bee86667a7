package io.tidegate.processor;

import io.tidegate.processor.job.AlignedClock;
import io.tidegate.spark.GatewayClient;
import java.time.Duration;
import org.apache.spark.SparkConf;

/**
 * The configuration of Spark, made anew at every start: a context that is recovered from a checkpoint runs in a Spark
 * context of this configuration, so addresses may change between starts. What somebody gave as {@code -Dspark....=...} or
 * through spark-submit is kept.
 */
final class SparkSettings {

    private SparkSettings() {}

    /** What was given from outside, and a master. */
    static SparkConf given(String master) {
        SparkConf conf = new SparkConf();
        return master.isEmpty() ? conf : conf.setMaster(master);
    }

    /**
     * Completes it.
     *
     * @param alignment the first batch begins after a multiple of this; one batch when there is a state to continue
     */
    static SparkConf complete(SparkConf given, ProcessorSettings settings, Duration alignment) {
        SparkConf conf = given.clone();
        conf.setIfMissing("spark.app.name", "tidegate-processor-" + settings.id());
        conf.set(GatewayClient.ADDRESS, settings.gateway());
        AlignedClock.configure(conf, alignment);
        conf.setIfMissing("spark.ui.enabled", "false");
        conf.setIfMissing("spark.locality.wait", "0");
        conf.set("spark.streaming.concurrentJobs", "1");
        conf.set("spark.streaming.backpressure.enabled", "true");
        conf.set(
                "spark.streaming.backpressure.pid.minRate",
                String.valueOf(settings.receiver().minRate()));
        conf.setIfMissing(
                "spark.streaming.receiver.maxRate",
                String.valueOf(settings.receiver().maxEvents()));
        conf.set("spark.streaming.stopGracefullyOnShutdown", "false");
        // A stop closes the record of blocks before the last blocks are recorded as a batch. One that gathers its
        // writes
        // stays closed, so the stop would wait for those blocks until it times out; without gathering it opens again.
        conf.set("spark.streaming.driver.writeAheadLog.allowBatching", "false");
        conf.set("spark.streaming.gracefulStopTimeout", settings.stopTimeout().toMillis() + "ms");
        conf.setIfMissing("spark.cleaner.referenceTracking.cleanCheckpoints", "true");
        if (Requirements.isLocal(conf.get("spark.master"))) {
            conf.setIfMissing("spark.driver.bindAddress", "127.0.0.1");
            conf.setIfMissing("spark.driver.host", "127.0.0.1");
        }
        return conf;
    }
}
