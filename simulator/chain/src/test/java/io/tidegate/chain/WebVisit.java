package io.tidegate.chain;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidegate.harness.ResultRecorder;
import io.tidegate.simulator.web.LogEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What is told of a visit. */
record WebVisit(
        String client, Instant start, Instant end, long pages, long bytes, long errors, String entry, String exit) {

    /** By hand: a plan is in order of time, so a visit ends where the next request is further off than the gap. */
    static List<WebVisit> planned(List<LogEntry> entries, Duration gap) {
        List<WebVisit> visits = new ArrayList<>();
        entries.stream().collect(Collectors.groupingBy(LogEntry::client)).forEach((client, own) -> {
            int from = 0;
            for (int i = 1; i <= own.size(); i++) {
                if (i == own.size() || own.get(i).timeMs() - own.get(i - 1).timeMs() > gap.toMillis()) {
                    visits.add(WebVisit.of(own.subList(from, i)));
                    from = i;
                }
            }
        });
        return visits;
    }

    /** What a query told last of each. */
    static List<WebVisit> told(ResultRecorder results, String query) {
        return results.of(query).stream().map(WebVisit::of).toList();
    }

    private static WebVisit of(List<LogEntry> entries) {
        LogEntry first = entries.get(0);
        LogEntry last = entries.get(entries.size() - 1);
        return new WebVisit(
                first.client(),
                Instant.ofEpochMilli(first.timeMs()),
                Instant.ofEpochMilli(last.timeMs()),
                entries.size(),
                entries.stream().mapToLong(LogEntry::bytes).sum(),
                entries.stream().filter(entry -> entry.status() >= 400).count(),
                first.path(),
                last.path());
    }

    private static WebVisit of(JsonNode session) {
        return new WebVisit(
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
