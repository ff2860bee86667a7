package io.tidegate.spark.source;

import io.tidegate.spark.client.internal.LogStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.connector.read.streaming.CompositeReadLimit;
import org.apache.spark.sql.connector.read.streaming.MicroBatchStream;
import org.apache.spark.sql.connector.read.streaming.Offset;
import org.apache.spark.sql.connector.read.streaming.ReadLimit;
import org.apache.spark.sql.connector.read.streaming.ReadMaxRows;
import org.apache.spark.sql.connector.read.streaming.ReportsSourceMetrics;
import org.apache.spark.sql.connector.read.streaming.SupportsTriggerAvailableNow;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log as it grows: one of a query's streams, from its start to its end. Spark calls everything on the query's thread,
 * and may ask for any batch again that it has planned: the same offsets give the same rows.
 *
 * <p>Each trigger: {@link #latestOffset(Offset, ReadLimit)} asks the gateways how far the logs go and says how far this
 * batch does, {@link #planInputPartitions} cuts it into tasks, {@link #commit} tells that the batch before is finished.
 */
final class LogStream implements MicroBatchStream, SupportsTriggerAvailableNow, ReportsSourceMetrics {

    private static final Logger LOG = LoggerFactory.getLogger(LogStream.class);

    private final SourceOptions options;
    private final EventReaderFactory readers;
    private final InitialOffset initial;
    private final Optional<RetentionLease> lease;
    private final Gateways gateways;
    private final DataLossPolicy dataLoss;
    private final PartitionPlanner planner;
    private final WatermarkAlignment alignment = new WatermarkAlignment();
    private boolean availableNow;
    private @Nullable Map<String, LogStatus> target;

    LogStream(SourceOptions options, String checkpoint, EventReaderFactory readers) {
        this.options = options;
        this.readers = readers;
        initial = new InitialOffset(
                checkpoint, SparkSession.active().sparkContext().hadoopConfiguration());
        lease = RetentionLease.of(options.group(), checkpoint);
        gateways = new Gateways(options.gateways(), options.patience(), lease);
        dataLoss = new DataLossPolicy(options.failOnDataLoss());
        planner = new PartitionPlanner(options.partitionEvents(), dataLoss);
        lease.ifPresentOrElse(
                some -> LOG.info("events are held at {} for consumer group {}", options.gateways(), some.group()),
                () -> LOG.warn(
                        "nothing is held at {} for this query (no group, or a temporary checkpoint): it can read"
                                + " what the gateway retains anyway",
                        options.gateways()));
    }

    /**
     * Where the stream began, the same for ever.
     *
     * @throws io.tidegate.spark.client.GatewayUnavailableException when a gateway does not answer
     */
    @Override
    public Offset initialOffset() {
        return initial.orElseStore(() -> options.start().resolve("option startingOffsets", gateways));
    }

    @Override
    public Offset deserializeOffset(String json) {
        return LogOffset.parse(json);
    }

    @Override
    public ReadLimit getDefaultReadLimit() {
        return options.maxEvents().map(ReadLimit::maxRows).orElseGet(ReadLimit::allAvailable);
    }

    /** The stream ends where the logs end at the next question. */
    @Override
    public void prepareForTriggerAvailableNow() {
        availableNow = true;
    }

    /**
     * How far the next batch goes; {@code start} itself when there is nothing new.
     *
     * @throws IllegalStateException when {@code start} does not belong to the logs that answer
     * @throws io.tidegate.spark.client.GatewayUnavailableException when a gateway has been away for too long
     * @throws io.tidegate.spark.client.FencedException when another query has taken over the consumer group
     */
    @Override
    public Offset latestOffset(Offset start, ReadLimit limit) {
        Map<String, LogStatus> logs = logs();
        OffsetValidation.check("start of the batch", LogOffset.of(start), gateways.known());
        LogOffset end = alignment.end(
                LogOffset.of(start),
                LogStatus.each(logs, LogStatus::ends),
                LogStatus.each(logs, LogStatus::oldest),
                mostOf(limit),
                timeMs -> LogStatus.each(
                        gateways.receivedFrom(logs.values(), timeMs, availableNow ? options.patience() : Duration.ZERO),
                        LogStatus::receivedFrom),
                System.currentTimeMillis());
        return options.ticks() ? end.seenThrough(seenThrough(LogOffset.of(start), end, logs)) : end;
    }

    /** What all gateways have seen through, once the batch has all that they have; until then what it was before. */
    private static long seenThrough(LogOffset start, LogOffset end, Map<String, LogStatus> logs) {
        boolean all = end.positions().entrySet().stream().allMatch(place -> {
            LogStatus log = logs.get(place.getKey());
            return log != null && log.ends().equals(place.getValue());
        });
        return all
                ? Math.max(LogStatus.least(logs, LogStatus::seenThroughMs), start.seenThroughMs())
                : start.seenThroughMs();
    }

    private Map<String, LogStatus> logs() {
        if (!availableNow) {
            return gateways.look();
        }
        Map<String, LogStatus> fixed = target;
        if (fixed == null) {
            fixed = gateways.await();
            target = fixed;
        }
        return fixed;
    }

    private static long mostOf(ReadLimit limit) {
        if (limit instanceof ReadMaxRows max) {
            return max.maxRows();
        }
        long most = Long.MAX_VALUE;
        if (limit instanceof CompositeReadLimit all) {
            for (ReadLimit one : all.getReadLimits()) {
                most = Math.min(most, mostOf(one));
            }
        }
        return most;
    }

    /** Never called: Spark asks with a limit. */
    @Override
    public Offset latestOffset() {
        throw new UnsupportedOperationException("latestOffset(start, limit) takes its place");
    }

    /** How far the logs went when they were asked last. */
    @Override
    public Offset reportLatestOffset() {
        return LogOffset.of(LogStatus.each(gateways.known(), LogStatus::ends));
    }

    /**
     * The tasks of a batch.
     *
     * @throws DataLossException when the log has forgotten some of it and that is not to be ignored
     */
    @Override
    public InputPartition[] planInputPartitions(Offset start, Offset end) {
        LogOffset from = LogOffset.of(start);
        LogOffset until = LogOffset.of(end);
        InputPartition[] events = planner.between(from, until, gateways.known());
        if (until.seenThroughMs() <= from.seenThroughMs()) {
            return events;
        }
        InputPartition[] all = Arrays.copyOf(events, events.length + 1);
        all[events.length] = new TickPartition(until.seenThroughMs());
        return all;
    }

    @Override
    public PartitionReaderFactory createReaderFactory() {
        return readers;
    }

    /** The batch that ends there is finished; Spark says so while it prepares the next one, or again after a restart. */
    @Override
    public void commit(Offset end) {
        lease.ifPresent(some -> some.finished(LogOffset.of(end), gateways.known()));
    }

    /**
     * For the query's progress: {@code backlog} (events that wait), {@code watermark} and {@code seenThrough} (the least of
     * the gateways, ISO-8601; absent: not known), {@code skippedEvents}, {@code gatewaysAway}.
     */
    @Override
    public Map<String, String> metrics(Optional<Offset> latestConsumed) {
        Map<String, LogStatus> logs = gateways.known();
        Map<String, String> metrics = new TreeMap<>();
        latestConsumed.map(LogOffset::of).ifPresent(consumed -> metrics.put("backlog", "" + backlog(consumed)));
        time(LogStatus.least(logs, LogStatus::watermarkMs)).ifPresent(time -> metrics.put("watermark", time));
        time(LogStatus.least(logs, LogStatus::seenThroughMs)).ifPresent(time -> metrics.put("seenThrough", time));
        metrics.put("skippedEvents", "" + dataLoss.skipped());
        metrics.put("gatewaysAway", "" + gateways.away());
        return metrics;
    }

    private long backlog(LogOffset consumed) {
        return gateways.known().values().stream()
                .mapToLong(log -> AdmissionControl.waiting(
                        consumed.positions().getOrDefault(log.gateway(), log.oldest()), log.ends()))
                .sum();
    }

    private static Optional<String> time(long ms) {
        return ms == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(ms).toString());
    }

    /** The consumer group stays, for the next start. */
    @Override
    public void stop() {
        LOG.debug("stopped");
    }
}
