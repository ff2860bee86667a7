package io.tidegate.simulator.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidegate.simulator.local.Ledgers;
import io.tidegate.simulator.verify.Report;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What is said at the end of a demo.
 *
 * @param fleet what the fleet said last
 * @param ledgers both ledgers, after everything was worked off
 * @param report the oracle's, on all results
 * @param notJudged why there is no report, when there is none
 */
record DemoSummary(List<String> fleet, Ledgers ledgers, Optional<Report> report, NotJudged notJudged) {

    /** Why there is no report. */
    record NotJudged(String why, boolean isRight) {
        /** There is one. */
        static final NotJudged NO = new NotJudged("", true);

        /** The demo was too long to be judged, which was asked for: the ledgers decide. */
        static NotJudged onPurpose(String why) {
            return new NotJudged(why, true);
        }

        /** It could not be judged, so it does not count as right. */
        static NotJudged failed(String why) {
            return new NotJudged(why, false);
        }
    }

    /** The ledgers balance, and no result is wrong, missing or unexpected. */
    boolean isRight() {
        return ledgers.isBalanced() && report.map(Report::isRight).orElse(notJudged.isRight());
    }

    List<String> lines(Screen screen, TotalsCheck check) {
        List<String> lines = new ArrayList<>(List.of(
                "",
                "fleet      " + String.join("\n           ", fleet),
                String.format(
                        Locale.ROOT,
                        "gateway    received %,d = logged %,d + duplicates removed %,d + dead letters %,d"
                                + " + presence %,d; residual %s",
                        ledgers.received(),
                        ledgers.logged(),
                        ledgers.duplicates(),
                        ledgers.deadLetters(),
                        ledgers.presence(),
                        ledgers.gateway().path("residual").asText("unknown")),
                String.format(
                        Locale.ROOT,
                        "processor  sessions opened %,d, closed %,d; results seen %,d; residual %s",
                        screen.sessionsOpened(),
                        screen.sessionsClosed(),
                        screen.results(),
                        ledgers.processor().path("residual").asText("unknown"))));
        ledgers.sqlQueries().forEach(query -> lines.add(sql(query)));
        lines.add("oracle     as they came: " + check.tally() + "; at the end:"
                + (report.isPresent() ? "" : " not judged, " + notJudged.why()));
        check.differences().forEach(lines::add);
        report.ifPresent(table -> lines.add(table.text().stripTrailing()));
        return lines;
    }

    private static String sql(JsonNode query) {
        JsonNode progress = query.path("progress");
        return String.format(
                Locale.ROOT,
                "sql        %s: %,d rows read, %,d behind the watermark; into %s",
                query.path("name").asText(),
                progress.path("rowsSinceStart").longValue(),
                progress.path("lateSinceStart").longValue(),
                String.join(" and ", texts(query.path("to"))));
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(text -> texts.add(text.asText()));
        return texts;
    }
}
