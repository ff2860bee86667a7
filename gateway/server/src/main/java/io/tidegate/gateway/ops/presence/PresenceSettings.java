package io.tidegate.gateway.ops.presence;

import io.tidegate.mqtt.MqttEndpoint;
import io.tidegate.settings.Section;
import java.util.function.Function;

/**
 * Whether and as whom presence is published.
 *
 * @param endpoint where and as whom it connects, without the last will
 */
public record PresenceSettings(boolean enabled, MqttEndpoint endpoint) {

    /**
     * Reads {@code tidegate.gateway.presence}.
     *
     * @param gateway the gateway's id, part of the default client id
     * @param endpoint an endpoint for publishing under a client id
     */
    public static PresenceSettings from(Section section, String gateway, Function<String, MqttEndpoint> endpoint) {
        String given = section.string("client-id");
        String clientId = given.isEmpty() ? "tidegate-" + gateway + "-presence" : given;
        return new PresenceSettings(section.bool("enabled"), endpoint.apply(clientId));
    }
}
