package io.tidegate.chain;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidegate.harness.ResultRecorder;
import io.tidegate.simulator.oracle.Session;
import io.tidegate.simulator.web.LogEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/** What is told of a visit. */
record WebVisit(
        String client, Instant start, Instant end, long pages, long bytes, long errors, String entry, String exit) {

    /** The visits of a plan. */
    static List<WebVisit> planned(List<LogEntry> entries, Duration gap) {
        return entries.stream().collect(Collectors.groupingBy(LogEntry::client)).values().stream()
                .flatMap(own -> Session.split(own, LogEntry::timeMs, gap.toMillis()).stream())
                .map(WebVisit::of)
                .toList();
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
