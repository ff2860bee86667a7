package io.tidegate.gateway.http;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tidegate.gateway.log.LogStore;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What each path answers. Reads the disk: called on a blocking dispatcher.
 *
 * @param info the gateway's card: names to texts and numbers
 */
public record Pages(
        Supplier<Readiness> readiness, PrometheusMeterRegistry metrics, LogStore store, Map<String, Object> info) {

    private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    static final String LIVE = "/livez";
    static final String READY = "/readyz";

    /** Is streamed; see {@link DeadLetters}. */
    static final String DEAD_LETTERS = "/deadletters";

    static boolean isProbe(String path) {
        return path.equals(LIVE) || path.equals(READY);
    }

    Reply get(String path) {
        return switch (path) {
            case LIVE -> Reply.json(200, Map.of("status", "live"));
            case READY -> readiness.get().reply();
            case "/metrics" -> new Reply(200, METRICS_TYPE, metrics.scrape());
            case "/info" -> Reply.json(200, info);
            case "/ledger" -> Reply.json(200, Ledger.of(store));
            default -> Reply.error(404, "no such page; there are /livez /readyz /metrics /info /ledger /deadletters");
        };
    }
}
