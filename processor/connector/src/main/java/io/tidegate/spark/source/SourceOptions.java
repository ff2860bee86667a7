package io.tidegate.spark.source;

import io.tidegate.spark.event.EventTable;
import io.tidegate.spark.internal.FormatOptions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * The options of the data source, checked.
 *
 * @param gateways {@code host:port} each, at least one
 * @param from the table
 * @param start where the first read begins
 * @param end where a batch ends
 * @param maxEvents per trigger of a stream; absent: everything there is
 * @param failOnDataLoss whether events that the log has forgotten end the query, or are skipped and counted
 * @param group the consumer group that keeps a stream's events; empty text: none; absent: one that follows from the
 *     checkpoint
 * @param partitionEvents a task's share
 * @param ticks whether each batch of a stream has a row that says what time it is ({@link TickPartition})
 * @param patience how long a gateway may be away before the query fails
 */
record SourceOptions(
        List<String> gateways,
        EventTable from,
        OffsetSpec start,
        Optional<OffsetSpec> end,
        Optional<Long> maxEvents,
        boolean failOnDataLoss,
        Optional<String> group,
        long partitionEvents,
        boolean ticks,
        Duration patience) {

    private static final List<String> KNOWN = List.of(
            "gateway",
            "from",
            "startingOffsets",
            "startingTime",
            "endingOffsets",
            "endingTime",
            "maxEventsPerTrigger",
            "failOnDataLoss",
            "group",
            "eventsPerPartition",
            "ticks",
            "gatewayTimeout");

    static final long PARTITION_EVENTS = 50_000;
    static final Duration PATIENCE = Duration.ofMinutes(10);

    /**
     * Reads options.
     *
     * @throws IllegalArgumentException when one is wrong or unknown, with its name, its value and what is expected
     */
    static SourceOptions of(CaseInsensitiveStringMap options) {
        FormatOptions given = new FormatOptions(TidegateSource.NAME, options);
        given.requireKnown(KNOWN);
        OptionReader reader = new OptionReader(given);
        return new SourceOptions(
                reader.gateways(),
                reader.from(),
                reader.bound("starting").orElse(OffsetSpec.Moving.EARLIEST),
                reader.bound("ending"),
                reader.atLeastOne("maxEventsPerTrigger"),
                given.flag("failOnDataLoss", true),
                reader.group(),
                reader.atLeastOne("eventsPerPartition").orElse(PARTITION_EVENTS),
                given.flag("ticks", false),
                reader.duration("gatewayTimeout").orElse(PATIENCE));
    }

    /** These, if they are good for {@code spark.read()}. */
    SourceOptions checkedForBatch() {
        if (start == OffsetSpec.Moving.COMMITTED) {
            throw new IllegalArgumentException(
                    "option startingOffsets: committed (expected: anything else, spark.read has"
                            + " no consumer group)");
        }
        if (start == OffsetSpec.Moving.LATEST) {
            throw new IllegalArgumentException("option startingOffsets: latest (expected: anything else, there are no"
                    + " events behind the end for spark.read)");
        }
        if (ticks) {
            throw new IllegalArgumentException(
                    "option ticks: true (expected: false for spark.read, which has no time)");
        }
        return this;
    }

    /** These, if they are good for {@code spark.readStream()}. */
    SourceOptions checkedForStream() {
        end.ifPresent(bound -> {
            throw new IllegalArgumentException("option endingOffsets or endingTime: " + bound
                    + " (expected: not given, spark.readStream does not end; Trigger.AvailableNow does)");
        });
        return this;
    }
}
