package io.tidegate.spark.source;

import io.tidegate.spark.client.internal.LogStatus;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where a read begins or ends, as its options say. */
sealed interface OffsetSpec {

    /**
     * The offset that it means now.
     *
     * @param name of the option, for people
     * @throws IllegalStateException when the offset that it names does not belong to these logs
     * @throws io.tidegate.spark.client.GatewayUnavailableException when a gateway does not answer
     */
    LogOffset resolve(String name, Gateways gateways);

    /** One that moves with the log. */
    @SuppressWarnings("ImmutableEnumChecker") // method references are
    enum Moving implements OffsetSpec {
        /** The oldest retained event. */
        EARLIEST(LogStatus::oldest),
        /** What the stream's consumer group has committed; the oldest retained event where it has committed nothing. */
        COMMITTED(LogStatus::committed),
        /** Behind the newest durable event. */
        LATEST(LogStatus::ends);

        private final Function<LogStatus, List<Long>> positions;

        Moving(Function<LogStatus, List<Long>> positions) {
            this.positions = positions;
        }

        @Override
        public LogOffset resolve(String name, Gateways gateways) {
            return LogOffset.of(LogStatus.each(gateways.await(), positions));
        }
    }

    /** These positions. */
    record At(LogOffset offset) implements OffsetSpec {
        @Override
        public LogOffset resolve(String name, Gateways gateways) {
            Map<String, LogStatus> logs = gateways.await();
            OffsetValidation.check(name, offset, logs);
            if (!offset.positions().keySet().containsAll(logs.keySet())) {
                throw new IllegalArgumentException(
                        name + ": " + offset.json() + " (expected: positions for all of " + logs.keySet() + ")");
            }
            return offset;
        }
    }

    /** The first event of each key group that the gateway received at that time or later. */
    record Received(Instant time) implements OffsetSpec {
        private static final Logger LOG = LoggerFactory.getLogger(OffsetSpec.class);

        @Override
        public LogOffset resolve(String name, Gateways gateways) {
            Map<String, LogStatus> logs =
                    gateways.receivedFrom(gateways.known().values(), time.toEpochMilli(), gateways.patience());
            logs.forEach((gateway, log) -> {
                if (log.mayHaveLost()) {
                    LOG.warn(
                            "{}: {} (gateway '{}' retains less than that, at least in one key group: what was trimmed"
                                    + " may have been received then, too)",
                            name,
                            time,
                            gateway);
                }
            });
            return LogOffset.of(LogStatus.each(logs, LogStatus::receivedFrom));
        }
    }
}
