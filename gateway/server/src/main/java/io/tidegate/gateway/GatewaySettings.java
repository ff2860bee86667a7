package io.tidegate.gateway;

import io.tidegate.gateway.admission.KeyGroupSettings;
import io.tidegate.gateway.decode.Limits;
import io.tidegate.gateway.decode.accesslog.AccessLogSettings;
import io.tidegate.gateway.http.HttpSettings;
import io.tidegate.gateway.ingest.flume.FlumeSettings;
import io.tidegate.gateway.ingest.http.HttpIngestSettings;
import io.tidegate.gateway.ingest.mqtt.MqttConnectionSettings;
import io.tidegate.gateway.ingest.mqtt.MqttSourceSettings;
import io.tidegate.gateway.ingest.mqtt.Route;
import io.tidegate.gateway.log.LogSettings;
import io.tidegate.gateway.ops.presence.PresenceSettings;
import io.tidegate.gateway.serve.PullSettings;
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
        SourcesSettings sources,
        List<Route> routes,
        Limits limits,
        AccessLogSettings weblogs,
        PresenceSettings presence,
        HttpSettings http,
        HttpIngestSettings httpIngest,
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
        MqttConnectionSettings mqtt = MqttConnectionSettings.from(root.child("mqtt"));
        GatewaySettings gateway = new GatewaySettings(
                id,
                LogSettings.from(root.child("log")),
                KeyGroupSettings.from(root),
                PullSettings.from(root),
                SourcesSettings.from(root, id),
                Route.from(root.children("routes")),
                Limits.from(root.child("limits")),
                AccessLogSettings.from(root.child("weblogs")),
                PresenceSettings.from(root.child("presence"), id, mqtt::results),
                HttpSettings.from(root.child("http")),
                HttpIngestSettings.from(root.child("http").child("ingest")),
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
