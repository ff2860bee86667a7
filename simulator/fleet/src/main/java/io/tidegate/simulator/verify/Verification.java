package io.tidegate.simulator.verify;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidegate.simulator.answers.AnswerTable;
import io.tidegate.simulator.answers.Expected;
import io.tidegate.simulator.answers.JudgedQuery;
import io.tidegate.simulator.answers.KeyLevel;
import io.tidegate.simulator.answers.World;
import io.tidegate.simulator.local.Deadline;
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

/** What a system should have answered to what it was sent, and what it did answer so far. One thread. */
public final class Verification {
    private static final long LOOK_AROUND_MS = 500;

    private final String scenario;
    private final World world;
    private final List<JudgedQuery> queries;
    private final Map<String, Expected> expected = new HashMap<>();
    private final Heard heard;
    private final Pages pages;

    /**
     * Of all that is in the world.
     *
     * @param scenario what the report calls it
     */
    public Verification(String scenario, World world, List<JudgedQuery> queries, Heard heard, Pages pages) {
        this.scenario = scenario;
        this.world = world;
        this.queries = queries;
        this.heard = heard;
        this.pages = pages;
        for (JudgedQuery query : queries) {
            if (query.notJudged().isEmpty()) {
                expected.put(query.name(), Expected.of(query, world));
            }
        }
    }

    /**
     * The verdicts when everything is right, or when the time is over.
     *
     * @param stop falls when the time is over earlier
     */
    public Report await(Duration patience, CountDownLatch stop) throws InterruptedException {
        Deadline deadline = Deadline.in(patience);
        Report report = report();
        while (!report.isRight() && !deadline.isOver() && !stop.await(LOOK_AROUND_MS, TimeUnit.MILLISECONDS)) {
            report = report();
        }
        return report;
    }

    /** The verdicts on what has been answered by now. */
    Report report() throws InterruptedException {
        List<Verdict> verdicts = new ArrayList<>();
        Map<String, Long> late = pages.late();
        for (JudgedQuery query : queries) {
            verdicts.addAll(verdicts(query, late.getOrDefault(query.name(), 0L)));
        }
        verdicts.add(Judge.compared(
                "(gateway)", "ledger", Map.of(Judge.ALL_KEYS, world.ledger()), Map.of(Judge.ALL_KEYS, pages.ledger())));
        verdicts.add(
                Judge.compared("(gateway)", "letters", counted(world.deadLetters()), counted(pages.deadLetters())));
        verdicts.add(Judge.compared("(gateway)", "presence", presence(), told()));
        return new Report(scenario, verdicts);
    }

    /** One for each place where the query answers. */
    private List<Verdict> verdicts(JudgedQuery query, long late) {
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

    private Verdict onTopics(JudgedQuery query, long late) {
        return heard.notJudged(query.name())
                .map(why -> Verdict.none(query.name(), query.kind(), why))
                .orElseGet(() -> judged(query, heard.of(query.name()), late));
    }

    /** What can't be read is no answer. */
    private Verdict inTable(JudgedQuery query, AnswerTable table, long late) {
        if (query.tableNotJudged().isPresent()) {
            return Verdict.none(
                    query.name(), query.kind(), query.tableNotJudged().get());
        }
        try {
            return judged(query, TableRows.of(query.name(), query.by(), table), late);
        } catch (SQLException e) {
            return judged(query, List.of(), late).because("can't be read: " + e.getMessage());
        }
    }

    private Verdict judged(JudgedQuery query, List<JsonNode> results, long late) {
        return Judge.of(query, Objects.requireNonNull(expected.get(query.name())), Answered.of(query, results), late);
    }

    private static Map<String, Map<String, Object>> counted(Map<String, Long> letters) {
        Map<String, Map<String, Object>> counts = new TreeMap<>();
        letters.forEach((letter, count) -> counts.put(letter, Map.of("count", count)));
        return counts;
    }

    /** Who said goodbye is offline; who did not is online until the gateway finds it silent. */
    private Map<String, Map<String, Object>> presence() {
        Map<String, Map<String, Object>> states = new TreeMap<>();
        world.online()
                .forEach((device, online) -> states.put(
                        KeyLevel.of(device), Map.of("state", online ? Set.of("online", "silent") : Set.of("offline"))));
        return states;
    }

    private Map<String, Map<String, Object>> told() {
        Map<String, Map<String, Object>> states = new TreeMap<>();
        heard.presence().forEach((device, state) -> states.put(device, Map.of("state", state)));
        return states;
    }
}
