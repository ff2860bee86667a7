package io.tidegate.gateway.ops.presence;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidegate.gateway.http.Reply;
import io.tidegate.gateway.log.Presence;
import io.tidegate.protocol.TopicLevel;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Locale;

/**
 * Topics and bodies of presence and status, and the topic of the ledger.
 *
 * @param gateway the gateway's id
 * @param version what it says about itself
 */
record PresenceTopics(String gateway, String version) {

    private static final DateTimeFormatter TIME =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter(Locale.ROOT);

    /** The state of the gateway as its status topic tells it. */
    enum GatewayState {
        ONLINE,
        /** Left behind as last will. */
        OFFLINE,
        /** It was stopped on purpose. */
        STOPPED
    }

    static String topicOf(String device) {
        return "tidegate/devices/" + TopicLevel.of(device) + "/presence";
    }

    static byte[] bodyOf(Presence presence) {
        return json(new DeviceBody(lower(presence.state()), time(presence.sinceMs()), presence.reason()));
    }

    String statusTopic() {
        return "tidegate/status/gateway/" + TopicLevel.of(gateway);
    }

    String ledgerTopic() {
        return "tidegate/ledger/gateway/" + TopicLevel.of(gateway);
    }

    byte[] status(GatewayState state, long nowMs) {
        return json(new GatewayBody(lower(state), version, time(nowMs)));
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static String time(long ms) {
        return TIME.format(Instant.ofEpochMilli(ms));
    }

    private static byte[] json(Record body) {
        return Reply.text(body).getBytes(UTF_8);
    }

    private record DeviceBody(String state, String since, String reason) {}

    private record GatewayBody(String state, String version, String time) {}
}
