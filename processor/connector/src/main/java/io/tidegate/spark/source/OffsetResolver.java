package io.tidegate.spark.source;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** From what options say to offsets. */
final class OffsetResolver {

    private static final Logger LOG = LoggerFactory.getLogger(OffsetResolver.class);

    private OffsetResolver() {}

    /**
     * The offset that a bound means now.
     *
     * @param name of the option, for people
     * @throws IllegalStateException when the offset that it names does not belong to these logs
     * @throws io.tidegate.spark.client.GatewayUnavailableException when a gateway does not answer
     */
    static LogOffset resolve(String name, OffsetSpec bound, Gateways gateways) {
        if (bound instanceof OffsetSpec.Received received) {
            return received(name, received, gateways);
        }
        Map<String, LogStatus> logs = gateways.await();
        if (bound instanceof OffsetSpec.At at) {
            return checked(name, at.offset(), logs);
        }
        Map<String, List<Long>> positions = new TreeMap<>();
        logs.forEach((gateway, log) -> positions.put(gateway, moving(bound, log)));
        return LogOffset.of(positions);
    }

    private static List<Long> moving(OffsetSpec bound, LogStatus log) {
        if (bound == OffsetSpec.Moving.COMMITTED) {
            return log.committed();
        }
        return bound == OffsetSpec.Moving.EARLIEST ? log.oldest() : log.ends();
    }

    private static LogOffset checked(String name, LogOffset offset, Map<String, LogStatus> logs) {
        OffsetValidation.check(name, offset, logs);
        if (!offset.positions().keySet().containsAll(logs.keySet())) {
            throw new IllegalArgumentException(
                    name + ": " + offset.json() + " (expected: positions for all of " + logs.keySet() + ")");
        }
        return offset;
    }

    private static LogOffset received(String name, OffsetSpec.Received bound, Gateways gateways) {
        Map<String, List<Long>> positions = new TreeMap<>();
        gateways.receivedFrom(bound.time()).forEach((gateway, log) -> {
            positions.put(gateway, log.receivedFrom());
            if (log.mayHaveLost()) {
                LOG.warn(
                        "{}: {} (gateway '{}' retains less than that, at least in one key group: what was trimmed may"
                                + " have been received then, too)",
                        name,
                        bound.time(),
                        gateway);
            }
        });
        return LogOffset.of(positions);
    }
}
