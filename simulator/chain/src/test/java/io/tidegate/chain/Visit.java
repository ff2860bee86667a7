package io.tidegate.chain;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidegate.harness.Results;
import io.tidegate.simulator.web.Hit;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What is told of a visit. */
record Visit(
        String client, Instant start, Instant end, long pages, long bytes, long errors, String entry, String exit) {

    /** By hand: a plan is in order of time, so a visit ends where the next request is further off than the gap. */
    static List<Visit> planned(List<Hit> hits, Duration gap) {
        List<Visit> visits = new ArrayList<>();
        hits.stream().collect(Collectors.groupingBy(Hit::client)).forEach((client, own) -> {
            int from = 0;
            for (int i = 1; i <= own.size(); i++) {
                if (i == own.size() || own.get(i).timeMs() - own.get(i - 1).timeMs() > gap.toMillis()) {
                    visits.add(Visit.of(own.subList(from, i)));
                    from = i;
                }
            }
        });
        return visits;
    }

    /** What a query told last of each. */
    static List<Visit> told(Results results, String query) {
        return results.of(query).stream().map(Visit::of).toList();
    }

    private static Visit of(List<Hit> hits) {
        Hit first = hits.get(0);
        Hit last = hits.get(hits.size() - 1);
        return new Visit(
                first.client(),
                Instant.ofEpochMilli(first.timeMs()),
                Instant.ofEpochMilli(last.timeMs()),
                hits.size(),
                hits.stream().mapToLong(Hit::bytes).sum(),
                hits.stream().filter(hit -> hit.status() >= 400).count(),
                first.path(),
                last.path());
    }

    private static Visit of(JsonNode session) {
        return new Visit(
                session.at("/key/client").textValue(),
                Instant.parse(session.get("start").textValue()),
                Instant.parse(session.get("end").textValue()),
                session.get("pages").longValue(),
                session.get("bytes").longValue(),
                session.get("errors").longValue(),
                session.get("entry").textValue(),
                session.get("exit").textValue());
    }
}
