package io.tidegate.processor.ops;

import io.tidegate.processor.ops.http.HttpReply;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Whether the processor does its work.
 *
 * @param blocked why it can't; then the answer is 503
 * @param degraded what a person should look at although it works
 */
public record Readiness(List<String> blocked, List<String> degraded) {

    /** Keeps its own copies. */
    public Readiness {
        blocked = List.copyOf(blocked);
        degraded = List.copyOf(degraded);
    }

    /** As the page {@code /readyz}. */
    public HttpReply reply() {
        List<String> reasons = new ArrayList<>(blocked);
        reasons.addAll(degraded);
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("status", reasons.isEmpty() ? "ready" : blocked.isEmpty() ? "degraded" : "unavailable");
        if (!reasons.isEmpty()) {
            body.put("reasons", reasons);
        }
        return HttpReply.json(blocked.isEmpty() ? 200 : 503, body);
    }
}
