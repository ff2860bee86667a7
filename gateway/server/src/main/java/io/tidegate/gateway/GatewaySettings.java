package io.tidegate.gateway;

import io.tidegate.gateway.decode.Limits;
import io.tidegate.gateway.decode.Route;
import io.tidegate.gateway.flume.FlumeSettings;
import io.tidegate.gateway.http.HttpSettings;
import io.tidegate.gateway.keygroup.KeyGroupSettings;
import io.tidegate.gateway.log.LogSettings;
import io.tidegate.gateway.presence.PresenceSettings;
import io.tidegate.gateway.pull.PullSettings;
import io.tidegate.gateway.source.MqttLinkSettings;
import io.tidegate.gateway.source.MqttSourceSettings;
import io.tidegate.gateway.weblog.WeblogSettings;
import io.tidegate.settings.InvalidSettings;
import io.tidegate.settings.Section;
import io.tidegate.settings.Settings;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * All settings of a gateway.
 *
 * @param id its name; frozen in the log by the first start
 */
public record GatewaySettings(
        String id,
        LogSettings log,
        KeyGroupSettings keyGroups,
        PullSettings pull,
        Sources sources,
        List<Route> routes,
        Limits limits,
        WeblogSettings weblogs,
        PresenceSettings presence,
        HttpSettings http,
        FlumeSettings flume) {

    /** Where the gateway's settings are. */
    static final String ROOT = "tidegate.gateway";

    private static final String ID = "[A-Za-z0-9_.-]{1,64}";

    /**
     * Reads everything.
     *
     * @throws InvalidSettings with every mistake at once
     */
    static GatewaySettings from(Settings settings) throws InvalidSettings {
        GatewaySettings gateway = from(settings.section());
        settings.finish();
        return gateway;
    }

    private static GatewaySettings from(Section root) {
        String id = root.string("id");
        if (!id.matches(ID)) {
            root.mistake("id", "1 to 64 characters of A-Z a-z 0-9 _ . -");
        }
        MqttLinkSettings mqtt = MqttLinkSettings.from(root.child("mqtt"));
        GatewaySettings gateway = new GatewaySettings(
                id,
                LogSettings.from(root.child("log")),
                KeyGroupSettings.from(root),
                PullSettings.from(root),
                Sources.from(root, mqtt, id),
                Route.from(root.children("routes")),
                Limits.from(root.child("limits")),
                WeblogSettings.from(root.child("weblogs")),
                PresenceSettings.from(root.child("presence"), id, mqtt::results),
                HttpSettings.from(root.child("http")),
                FlumeSettings.from(root.child("flume")));
        gateway.refuseSharedClientIds(root);
        return gateway;
    }

    /** A broker ends the older of two connections with the same client id: they would throw each other out for ever. */
    private void refuseSharedClientIds(Section root) {
        Set<String> clientIds = new HashSet<>();
        if (presence.enabled()) {
            clientIds.add(
                    presence.endpoint().broker() + " " + presence.endpoint().clientId());
        }
        for (MqttSourceSettings source : sources.mqtt()) {
            if (!clientIds.add(
                    source.endpoint().broker() + " " + source.endpoint().clientId())) {
                root.mistake(
                        "sources",
                        "a client-id of its own for each connection to a broker, but "
                                + source.endpoint().clientId() + " is there twice");
            }
        }
    }
}
