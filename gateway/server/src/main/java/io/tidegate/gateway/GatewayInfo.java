package io.tidegate.gateway;

import io.tidegate.gateway.log.LogStore;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;

/** What {@code /info} shows: who this gateway is. */
final class GatewayInfo {

    private GatewayInfo() {}

    static Map<String, Object> of(
            GatewaySettings settings,
            GatewayEnvironment environment,
            LogStore store,
            Instant started,
            int pullPort,
            OptionalInt flumePort) {
        Map<String, Object> info = new LinkedHashMap<>();
        info.put("component", "gateway");
        info.put("id", settings.id());
        info.put("version", environment.version());
        info.put("started", started.toString());
        info.put("java", Runtime.version().toString());
        info.put("pid", ProcessHandle.current().pid());
        info.put("keyGroups", settings.keyGroups().count());
        info.put("pull", settings.pull().host() + ":" + pullPort);
        flumePort.ifPresent(port -> info.put("flume", settings.flume().host() + ":" + port));
        info.put("log", store.settings().folder().toAbsolutePath().toString());
        return info;
    }
}
