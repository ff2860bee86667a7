package io.tidegate.simulator.verify;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidegate.simulator.local.Deadline;
import io.tidegate.simulator.oracle.ExpectedResults;
import io.tidegate.simulator.oracle.ExpectedState;
import io.tidegate.simulator.oracle.InjectedFaults;
import io.tidegate.simulator.oracle.Query;
import io.tidegate.simulator.oracle.ResultTable;
import io.tidegate.simulator.oracle.TopicLevelEncoder;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What a system should have answered to what it was sent, and what it did answer so far. One thread. */
public final class Verification {
    private static final long LOOK_AROUND_MS = 500;

    private final String scenario;
    private final ExpectedState state;
    private final List<Query> queries;
    private final Map<String, Judge> judges = new HashMap<>();
    private final ReceivedResults received;
    private final SystemStatus pages;

    /**
     * Of all that is in the state.
     *
     * @param scenario what the report calls it
     */
    public Verification(
            String scenario, ExpectedState state, List<Query> queries, ReceivedResults received, SystemStatus pages) {
        this.scenario = scenario;
        this.state = state;
        this.queries = queries;
        this.received = received;
        this.pages = pages;
        for (Query query : queries) {
            if (query.notJudged().isEmpty()) {
                judges.put(query.name(), judge(query, state));
            }
        }
    }

    private static Judge judge(Query query, ExpectedState state) {
        if (query.kind().equals("anomaly")) {
            InjectedFaults injected = InjectedFaults.of(query, state);
            return (results, late) -> AnomalyComparison.of(query, injected, results, late);
        }
        ExpectedResults expected = ExpectedResults.of(query, state);
        return (results, late) -> Comparison.of(query, expected, ActualResults.of(query, results), late);
    }

    /**
     * The verdicts when everything is right, or when the time is over.
     *
     * @param stop falls when the time is over earlier
     */
    public Report await(Duration patience, CountDownLatch stop) throws InterruptedException {
        Deadline deadline = Deadline.in(patience);
        Report before = null;
        Report report = report();
        while (!isSettled(report, before) && !deadline.isOver() && !stop.await(LOOK_AROUND_MS, TimeUnit.MILLISECONDS)) {
            before = report;
            report = report();
        }
        return report;
    }

    /** How many faults were found is not right or wrong, so it has to stay the same for a while. */
    private static boolean isSettled(Report report, @Nullable Report before) {
        boolean countsFaults = report.verdicts().stream().anyMatch(verdict -> verdict.detection() != null);
        return report.isRight() && (!countsFaults || report.equals(before));
    }

    /** The verdicts on what has been answered by now. */
    Report report() throws InterruptedException {
        List<Verdict> verdicts = new ArrayList<>();
        Map<String, Long> late = pages.late();
        for (Query query : queries) {
            verdicts.addAll(verdicts(query, late.getOrDefault(query.name(), 0L)));
        }
        verdicts.add(Comparison.byKey(
                "(gateway)",
                "ledger",
                Map.of(Comparison.ALL_KEYS, state.ledger()),
                Map.of(Comparison.ALL_KEYS, pages.ledger())));
        verdicts.add(
                Comparison.byKey("(gateway)", "letters", counted(state.deadLetters()), counted(pages.deadLetters())));
        verdicts.add(Comparison.byKey("(gateway)", "presence", presence(), told()));
        return new Report(scenario, verdicts);
    }

    /** One for each place where the query answers. */
    private List<Verdict> verdicts(Query query, long late) {
        if (query.notJudged().isPresent()) {
            return List.of(
                    Verdict.none(query.name(), query.kind(), query.notJudged().get()));
        }
        List<Verdict> verdicts = new ArrayList<>();
        if (query.onTopics()) {
            Verdict topics = onTopics(query, late);
            verdicts.add(query.table().isPresent() ? topics.at("topics") : topics);
        }
        query.table()
                .ifPresent(table -> verdicts.add(inTable(query, table, late).at(table.toString())));
        return verdicts;
    }

    private Verdict onTopics(Query query, long late) {
        return received.notJudged(query.name())
                .map(why -> Verdict.none(query.name(), query.kind(), why))
                .orElseGet(() -> judged(query, received.newest(query.name()), late));
    }

    /** What can't be read is no answer. */
    private Verdict inTable(Query query, ResultTable table, long late) {
        if (query.tableNotJudged().isPresent()) {
            return Verdict.none(
                    query.name(), query.kind(), query.tableNotJudged().get());
        }
        try {
            return judged(query, ResultTableReader.of(query.name(), query.by(), table), late);
        } catch (SQLException e) {
            return judged(query, List.of(), late).because("can't be read: " + e.getMessage());
        }
    }

    private Verdict judged(Query query, List<JsonNode> results, long late) {
        return Objects.requireNonNull(judges.get(query.name())).verdict(results, late);
    }

    private static Map<String, Map<String, Object>> counted(Map<String, Long> letters) {
        Map<String, Map<String, Object>> counts = new TreeMap<>();
        letters.forEach((letter, count) -> counts.put(letter, Map.of("count", count)));
        return counts;
    }

    /** A device that said goodbye is offline; any other one is online until the gateway finds it silent. */
    private Map<String, Map<String, Object>> presence() {
        Map<String, Map<String, Object>> states = new TreeMap<>();
        state.online()
                .forEach((device, online) -> states.put(
                        TopicLevelEncoder.of(device),
                        Map.of("state", online ? Set.of("online", "silent") : Set.of("offline"))));
        return states;
    }

    private Map<String, Map<String, Object>> told() {
        Map<String, Map<String, Object>> states = new TreeMap<>();
        received.presence().forEach((device, state) -> states.put(device, Map.of("state", state)));
        return states;
    }

    /** Compares the answers to one query with what is known beforehand. */
    private interface Judge {
        Verdict verdict(List<JsonNode> results, long late);
    }
}
