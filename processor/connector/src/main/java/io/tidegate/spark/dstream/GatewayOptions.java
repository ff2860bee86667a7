package io.tidegate.spark.dstream;

import java.io.Serializable;
import java.time.Duration;

/**
 * What a {@link GatewayStream} must know besides the address, which is never part of a checkpoint.
 *
 * @param group the consumer group at the gateway: it keeps this job's place in the log
 * @param keyGroups the number of key groups the job was made for; 0: whatever the gateway has. Another number at the
 *     gateway is refused
 * @param maxEvents the most events granted ahead, at least 1: what may wait in the receiver at any time
 * @param maxBytes the most bytes granted ahead, at least 1
 * @param blockInterval how long events are gathered before they become a block of Spark, at least 1 ms
 * @param gapEvents a range that has to be read again is cut into partitions of at most that many events, at least 1
 */
public record GatewayOptions(
        String group, int keyGroups, long maxEvents, long maxBytes, Duration blockInterval, long gapEvents)
        implements Serializable {

    public GatewayOptions {
        require(!group.isBlank(), "group", group, "a name");
        require(keyGroups >= 0, "keyGroups", keyGroups, "0 or more");
        require(maxEvents >= 1, "maxEvents", maxEvents, "1 or more");
        require(maxBytes >= 1, "maxBytes", maxBytes, "1 or more");
        require(blockInterval.toMillis() >= 1, "blockInterval", blockInterval, "1 ms or more");
        require(gapEvents >= 1, "gapEvents", gapEvents, "1 or more");
    }

    /** The defaults: any number of key groups, 200,000 events or 32 MiB ahead, blocks of 200 ms, 50,000 events a gap. */
    public static GatewayOptions of(String group) {
        return new GatewayOptions(group, 0, 200_000, 32L << 20, Duration.ofMillis(200), 50_000);
    }

    /** The same for a fixed number of key groups. */
    public GatewayOptions withKeyGroups(int keyGroups) {
        return new GatewayOptions(group, keyGroups, maxEvents, maxBytes, blockInterval, gapEvents);
    }

    /** The same with other bounds on what is granted ahead. */
    public GatewayOptions withCredit(long maxEvents, long maxBytes) {
        return new GatewayOptions(group, keyGroups, maxEvents, maxBytes, blockInterval, gapEvents);
    }

    /** The same with another time between blocks. */
    public GatewayOptions withBlockInterval(Duration blockInterval) {
        return new GatewayOptions(group, keyGroups, maxEvents, maxBytes, blockInterval, gapEvents);
    }

    private static void require(boolean legal, String name, Object given, String expected) {
        if (!legal) {
            throw new IllegalArgumentException(name + ": " + given + " (expected: " + expected + ")");
        }
    }
}
