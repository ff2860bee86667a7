package io.tidegate.gateway.admission;

import io.tidegate.settings.Section;
import java.time.Duration;

/**
 * What key groups remember and how they tell time.
 *
 * @param count the number of key groups; frozen in the log
 * @param maxDevices how many devices are tracked; events of more are logged, but without duplicates being removed and
 *     without presence, and counted
 * @param forget a device that is not online and was not heard of for this long makes room for a new one, when there is
 *     none otherwise
 * @param maxMetricsPerDevice the same for the metrics of one device: duplicates of more are not removed
 * @param maxMemory about how many bytes of the heap what is known of all devices may take; what is beyond it is not tracked
 * @param silence a device that has sent nothing for this long is silent
 * @param outOfOrderness the watermark stays this far behind the greatest event time
 * @param sourceIdle a source without events for this long does not hold the watermark back
 * @param settle how long after a source's (re)connection seenThrough stands still
 */
public record KeyGroupSettings(
        int count,
        int maxDevices,
        Duration forget,
        int maxMetricsPerDevice,
        long maxMemory,
        Duration silence,
        Duration outOfOrderness,
        Duration sourceIdle,
        Duration settle) {

    /**
     * Reads {@code key-groups} of the gateway's section, and {@code max-devices, forget, max-metrics-per-device, max-memory,
     * silence, out-of-orderness, source-idle, settle} of its {@code devices}.
     */
    public static KeyGroupSettings from(Section gateway) {
        Section section = gateway.child("devices");
        Duration day = Duration.ofDays(1);
        return new KeyGroupSettings(
                gateway.integer("key-groups", 1, 1024),
                section.integer("max-devices", 1, 100_000_000),
                section.duration("forget", Duration.ofMillis(100), Duration.ofDays(3650)),
                section.integer("max-metrics-per-device", 1, 1_000_000),
                section.bytes("max-memory", 1 << 20, Long.MAX_VALUE),
                section.duration("silence", Duration.ofMillis(100), Duration.ofDays(365)),
                section.duration("out-of-orderness", Duration.ZERO, day),
                section.duration("source-idle", Duration.ofMillis(100), day),
                section.duration("settle", Duration.ZERO, day));
    }
}
