package io.tidegate.gateway.ingest.mqtt;

import io.tidegate.mqtt.MqttEndpoint;
import io.tidegate.settings.Section;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One MQTT source.
 *
 * @param name labels its metrics, its dead letters and its line in the ledger
 * @param endpoint where and as whom it connects
 * @param filters what it subscribes to, QoS 1
 * @param qos0Buffer the most messages of QoS 0 in flight; more are refused and counted
 * @param maxBatch about so many events travel to the log together at most
 * @param slowRetry how long a broker that refused us is left in peace
 */
public record MqttSourceSettings(
        String name, MqttEndpoint endpoint, List<String> filters, int qos0Buffer, int maxBatch, Duration slowRetry) {

    /** Everything that we publish ourselves: never subscribed to, or results would come in as events. */
    private static final String OWN_TREE = "tidegate";

    /** A source without filters would never hear anything. */
    public MqttSourceSettings {
        filters = List.copyOf(filters);
        if (filters.isEmpty()) {
            throw new IllegalArgumentException("filters: [] (expected: at least one)");
        }
    }

    int receiveMaximum() {
        return endpoint.limits().receiveMaximum();
    }

    long receiveMaximumBytes() {
        return endpoint.limits().receiveMaximumBytes();
    }

    /**
     * Reads one of {@code tidegate.gateway.sources}.
     *
     * @param common {@code tidegate.gateway.mqtt}, any key of which it may repeat
     * @param gateway the gateway's id, part of the default client id
     * @return nothing without filters, which is a mistake
     */
    public static Optional<MqttSourceSettings> from(String name, Section source, Section common, String gateway) {
        MqttConnectionSettings link = MqttConnectionSettings.from(source, common);
        String clientId = source.optionalString("client-id").orElse("tidegate-" + gateway + "-" + name);
        List<String> filters = filters(source);
        return filters.isEmpty()
                ? Optional.empty()
                : Optional.of(new MqttSourceSettings(
                        name, link.ingest(clientId), filters, link.qos0Buffer(), link.maxBatch(), link.slowRetry()));
    }

    private static List<String> filters(Section source) {
        List<String> filters = source.strings("filters");
        if (filters.isEmpty()) {
            source.mistake("filters", "at least one MQTT filter");
        }
        for (String filter : filters) {
            if (!isFilter(filter)) {
                source.mistake("filters", "MQTT filters: + fills a level, # the last one");
            } else if (reachesOwnTree(filter)) {
                source.mistake(
                        "filters",
                        "filters that do not reach " + OWN_TREE + "/, where results go: they would come in as events");
            }
        }
        return filters;
    }

    private static boolean isFilter(String filter) {
        String[] levels = filter.split("/", -1);
        for (int i = 0; i < levels.length; i++) {
            boolean plus = levels[i].contains("+") && !levels[i].equals("+");
            boolean hash = levels[i].contains("#") && !(levels[i].equals("#") && i == levels.length - 1);
            if (plus || hash || levels[i].indexOf('\0') >= 0) {
                return false;
            }
        }
        return !filter.isEmpty();
    }

    private static boolean reachesOwnTree(String filter) {
        String[] levels = filter.split("/", -1);
        boolean shared = levels[0].equals("$share") && levels.length > 2;
        return Set.of(OWN_TREE, "+", "#").contains(levels[shared ? 2 : 0]);
    }
}
