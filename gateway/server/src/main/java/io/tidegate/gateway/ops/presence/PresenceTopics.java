package io.tidegate.gateway.ops.presence;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.tidegate.gateway.log.Presence;
import io.tidegate.protocol.TopicLevel;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;

/**
 * Topics and bodies of presence and status, and the topic of the ledger.
 *
 * @param gateway the gateway's id
 * @param version what it says about itself
 */
record PresenceTopics(String gateway, String version) {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSX", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final JsonFactory JSON = new JsonFactory();

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
        return json(
                Map.of(
                        "state", lower(presence.state()),
                        "since", time(presence.sinceMs()),
                        "reason", presence.reason()),
                "state",
                "since",
                "reason");
    }

    String statusTopic() {
        return "tidegate/status/gateway/" + TopicLevel.of(gateway);
    }

    String ledgerTopic() {
        return "tidegate/ledger/gateway/" + TopicLevel.of(gateway);
    }

    byte[] status(GatewayState state, long nowMs) {
        return json(Map.of("state", lower(state), "version", version, "time", time(nowMs)), "state", "version", "time");
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static String time(long ms) {
        return TIME.format(Instant.ofEpochMilli(ms));
    }

    private static byte[] json(Map<String, String> fields, String... order) {
        StringWriter text = new StringWriter();
        try (JsonGenerator body = JSON.createGenerator(text)) {
            body.writeStartObject();
            for (String name : order) {
                body.writeStringField(name, fields.get(name));
            }
            body.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot fail to be written", e);
        }
        return text.toString().getBytes(UTF_8);
    }
}
