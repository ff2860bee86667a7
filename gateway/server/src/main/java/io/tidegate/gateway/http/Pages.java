package io.tidegate.gateway.http;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tidegate.gateway.log.LogStore;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What each path answers. Reads the disk: called on a blocking dispatcher.
 *
 * @param info the gateway's card: names to texts and numbers
 */
public record Pages(
        Supplier<Readiness> readiness, PrometheusMeterRegistry metrics, LogStore store, Map<String, Object> info) {

    private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    /** The query of a request: a parameter's first value. */
    interface Parameters {
        Optional<String> get(String name);
    }

    Reply get(String path, Parameters parameters) {
        return switch (path) {
            case "/livez" -> Reply.json(200, Map.of("status", "live"));
            case "/readyz" -> readiness.get().reply();
            case "/metrics" -> new Reply(200, METRICS_TYPE, metrics.scrape());
            case "/info" -> Reply.json(200, info);
            case "/ledger" -> Reply.json(200, Ledger.of(store));
            case "/deadletters" ->
                DeadLetters.reply(parameters.get("limit"), parameters.get("before"), store::deadLetters);
            default -> Reply.error(404, "no such page; there are /livez /readyz /metrics /info /ledger /deadletters");
        };
    }
}
