package io.tidegate.processor.settings;

import io.tidegate.processor.checkpoint.InProcessFileSystem;
import io.tidegate.processor.dstream.AlignedClock;
import io.tidegate.spark.dstream.GatewayStream;
import java.time.Duration;
import org.apache.spark.SparkConf;

/**
 * The configuration of Spark, made anew at every start: a context that is recovered from a checkpoint runs in a Spark
 * context of this configuration, so addresses may change between starts. What somebody gave as {@code -Dspark....=...} or
 * through spark-submit is kept.
 */
public final class SparkSettings {

    /** Beside the heap, for all state of an executor together. */
    private static final String ROCKSDB_MB = "256";

    private SparkSettings() {}

    /** What was given from outside, and a master. */
    public static SparkConf given(String master) {
        SparkConf conf = new SparkConf();
        return master.isEmpty() ? conf : conf.setMaster(master);
    }

    /** For what only a session can check: a thread in this process, with the processor's dialect. */
    static SparkConf ofCheck() {
        SparkConf conf = new SparkConf().setMaster("local[1]").setAppName("tidegate-processor-check");
        conf.set("spark.ui.enabled", "false");
        dialect(conf);
        inProcess(conf);
        return conf;
    }

    /**
     * Completes it.
     *
     * @param alignment the first batch begins after a multiple of this; one batch when there is a state to continue
     */
    public static SparkConf complete(SparkConf given, ProcessorSettings settings, Duration alignment) {
        SparkConf conf = given.clone();
        conf.setIfMissing("spark.app.name", "tidegate-processor-" + settings.id());
        conf.set(GatewayStream.ADDRESS, settings.gateway());
        AlignedClock.configure(conf, alignment);
        conf.setIfMissing("spark.ui.enabled", "false");
        conf.setIfMissing("spark.locality.wait", "0");
        conf.set("spark.streaming.concurrentJobs", "1");
        conf.setIfMissing(
                "spark.streaming.receiver.maxRate",
                String.valueOf(settings.receiver().maxEvents()));
        conf.set("spark.streaming.stopGracefullyOnShutdown", "false");
        // A stop closes the record of blocks before the last blocks are recorded as a batch. One that gathers its
        // writes
        // stays closed, so the stop would wait for those blocks until it times out; without gathering it opens again.
        conf.set("spark.streaming.driver.writeAheadLog.allowBatching", "false");
        conf.set("spark.streaming.gracefulStopTimeout", settings.stopTimeout().toMillis() + "ms");
        sql(conf, settings);
        conf.setIfMissing("spark.cleaner.referenceTracking.cleanCheckpoints", "true");
        if (SparkRequirements.isLocal(conf.get("spark.master"))) {
            inProcess(conf);
        }
        return conf;
    }

    private static void inProcess(SparkConf conf) {
        conf.setIfMissing("spark.driver.bindAddress", "127.0.0.1");
        conf.setIfMissing("spark.driver.host", "127.0.0.1");
        InProcessFileSystem.configure(conf);
    }

    /**
     * For queries in SQL: state in RocksDB, of which a checkpoint has the changes, with one bound for the memory of all
     * partitions, as otherwise each has its own; as many partitions as for the other
     * queries, since Spark's 200 cost 20 s a batch on a small machine; times in UTC, and, as in {@code where} and {@code
     * by}, null for an impossible cast.
     */
    private static void sql(SparkConf conf, ProcessorSettings settings) {
        conf.setIfMissing("spark.sql.shuffle.partitions", String.valueOf(settings.partitions()));
        conf.setIfMissing(
                "spark.sql.streaming.stateStore.providerClass",
                "org.apache.spark.sql.execution.streaming.state.RocksDBStateStoreProvider");
        conf.setIfMissing("spark.sql.streaming.stateStore.rocksdb.changelogCheckpointing.enabled", "true");
        conf.setIfMissing("spark.sql.streaming.stateStore.rocksdb.boundedMemoryUsage", "true");
        conf.setIfMissing("spark.sql.streaming.stateStore.rocksdb.maxMemoryUsageMB", ROCKSDB_MB);
        dialect(conf);
        conf.set("spark.sql.streaming.stopTimeout", settings.stopTimeout().toMillis() + "ms");
    }

    private static void dialect(SparkConf conf) {
        conf.setIfMissing("spark.sql.session.timeZone", "UTC");
        conf.setIfMissing("spark.sql.ansi.enabled", "false");
    }
}
