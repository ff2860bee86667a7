package io.tidegate.simulator.verify;

import io.tidegate.protocol.TopicLevel;
import io.tidegate.simulator.answers.Expected;
import io.tidegate.simulator.answers.JudgedQuery;
import io.tidegate.simulator.answers.World;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What a system should have answered to a scenario, and what it did answer so far. One thread. */
final class Verification {
    private final String scenario;
    private final World world;
    private final List<JudgedQuery> queries;
    private final Map<String, Expected> expected = new HashMap<>();
    private final Heard heard;
    private final Pages pages;

    Verification(String scenario, World world, List<JudgedQuery> queries, Heard heard, Pages pages) {
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

    /** The verdicts on what has been answered by now. */
    Report report() throws InterruptedException {
        List<Verdict> verdicts = new ArrayList<>();
        for (JudgedQuery query : queries) {
            verdicts.add(
                    query.notJudged().isPresent()
                            ? Verdict.none(
                                    query.name(),
                                    query.kind(),
                                    query.notJudged().get())
                            : Judge.of(
                                    query,
                                    java.util.Objects.requireNonNull(expected.get(query.name())),
                                    Answered.of(query, heard.of(query.name())),
                                    pages.late(query.name())));
        }
        verdicts.add(Judge.compared(
                "(gateway)", "ledger", Map.of(Judge.ALL_KEYS, world.ledger()), Map.of(Judge.ALL_KEYS, pages.ledger())));
        verdicts.add(
                Judge.compared("(gateway)", "letters", counted(world.deadLetters()), counted(pages.deadLetters())));
        verdicts.add(Judge.compared("(gateway)", "presence", presence(), told()));
        return new Report(scenario, verdicts);
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
                        TopicLevel.of(device),
                        Map.of("state", online ? Set.of("online", "silent") : Set.of("offline"))));
        return states;
    }

    private Map<String, Map<String, Object>> told() {
        Map<String, Map<String, Object>> states = new TreeMap<>();
        heard.presence().forEach((device, state) -> states.put(device, Map.of("state", state)));
        return states;
    }
}
