package io.tidegate.gateway.serve;

import io.tidegate.settings.Section;
import java.time.Duration;
import java.util.List;

/**
 * How consumer groups and their sessions behave.
 *
 * @param groups exist from the first start, so that nothing is trimmed before their first application comes
 * @param groupExpiry a group that nobody came for in this time is dropped
 * @param maxFrameBytes a frame takes no further chunk beyond this
 * @param heartbeatInterval how often a receiver is asked to send something
 * @param sessionTimeout a receiver that sent nothing for this long is gone
 * @param progressInterval how often a receiver is told the time without events
 */
public record ConsumerSettings(
        List<String> groups,
        Duration groupExpiry,
        long maxFrameBytes,
        Duration heartbeatInterval,
        Duration sessionTimeout,
        Duration progressInterval) {

    /**
     * Reads {@code groups} of the gateway's section, and {@code group-expiry, max-frame-bytes, heartbeat-interval,
     * session-timeout, progress-interval} of its {@code pull}. The time-out has to be at least two heartbeats.
     */
    public static ConsumerSettings from(Section gateway, Section section) {
        ConsumerSettings settings = new ConsumerSettings(
                List.copyOf(gateway.strings("groups")),
                section.duration("group-expiry", Duration.ofSeconds(1), Duration.ofDays(3650)),
                section.bytes("max-frame-bytes", 1 << 10, 16 << 20),
                section.duration("heartbeat-interval", Duration.ofMillis(50), Duration.ofMinutes(10)),
                section.duration("session-timeout", Duration.ofMillis(100), Duration.ofHours(1)),
                section.duration("progress-interval", Duration.ofMillis(10), Duration.ofMinutes(1)));
        if (settings.sessionTimeout.compareTo(settings.heartbeatInterval.multipliedBy(2)) < 0) {
            section.mistake("session-timeout", "at least twice heartbeat-interval " + settings.heartbeatInterval);
        }
        settings.groups.stream()
                .filter(group -> !ConsumerGroups.isName(group))
                .forEach(group -> gateway.mistake("groups", "names of " + ConsumerGroups.NAME_RULE));
        return settings;
    }
}
