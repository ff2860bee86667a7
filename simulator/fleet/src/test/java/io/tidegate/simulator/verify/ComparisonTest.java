package io.tidegate.simulator.verify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidegate.simulator.fleet.Reading;
import io.tidegate.simulator.oracle.ExpectedResults;
import io.tidegate.simulator.oracle.ExpectedState;
import io.tidegate.simulator.oracle.Query;
import io.tidegate.simulator.oracle.QueryFile;
import io.tidegate.simulator.scenario.Observation;
import io.tidegate.simulator.scenario.Step;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Readings of d at 0 s (1.5), 1 s (2.5) and 60 s (4), answered by hand, right and falsified. */
class ComparisonTest {
    private static final long TIME = Instant.parse("2026-01-05T08:00:00Z").toEpochMilli();
    private static final String FIRST = """
            {"query":"q","id":"q/d/1","rev":2,"key":{"device":"d"},"state":"closed","start":"2026-01-05T08:00:00.000Z",
             "end":"2026-01-05T08:00:01.000Z","events":2,
             "metrics":{"m":{"count":2,"min":1.5,"max":2.5,"mean":2.0,"last":2.5}}}""";
    private static final String SECOND = """
            {"query":"q","id":"q/d/2","rev":1,"key":{"device":"d"},"state":"open","start":"2026-01-05T08:01:00.000Z",
             "end":"2026-01-05T08:01:00.000Z","events":1,"metrics":{"m":{"count":1,"min":4,"max":4,"mean":4,"last":4}}}""";
    private static final String TOTAL = """
            {"query":"q","id":"q/d","rev":3,"key":{"device":"d"},"count":3,"sum":8.0,"mean":2.6666666666666665,
             "min":1.5,"max":4.0,"since":"2026-01-05T08:00:00.000Z","until":"2026-01-05T08:01:00.000Z"}""";
    private static final String SESSIONS = "kind = sessions, gap = 5s, allowed-lateness = 5s";

    @TempDir
    private Path folder;

    @Test
    void sessions_are_right_whether_open_or_closed() throws Exception {
        Verdict verdict = verdict(SESSIONS, FIRST, SECOND);

        assertThat(verdict.isRight()).as("%s", verdict.differences()).isTrue();
        assertThat(verdict.counts().right()).isEqualTo(3); // and the late events of all keys
    }

    @Test
    void one_falsified_field_is_wrong_and_shown_with_what_was_expected() throws Exception {
        Verdict verdict = verdict(SESSIONS, FIRST.replace("\"last\":2.5", "\"last\":2.25"), SECOND);

        assertThat(verdict.counts().wrong()).isEqualTo(1);
        assertThat(verdict.differences()).containsExactly("d from 2026-01-05T08:00:00Z: m.last is 2.25, expected 2.5");
    }

    @Test
    void a_session_that_is_not_there_is_missing_and_one_too_many_unexpected() throws Exception {
        Verdict verdict =
                verdict(SESSIONS, FIRST, SECOND.replace("08:01:00.000Z\",\n \"end", "08:00:59.000Z\",\n \"end"));

        assertThat(verdict.counts().missing()).isEqualTo(1);
        assertThat(verdict.counts().unexpected()).isEqualTo(1);
    }

    @Test
    void totals_are_compared_field_by_field() throws Exception {
        assertThat(verdict("kind = totals", TOTAL).isRight()).isTrue();
        for (String falsified : List.of(
                TOTAL.replace("\"count\":3", "\"count\":4"),
                TOTAL.replace("8.0", "8.001"),
                TOTAL.replace("08:01:00", "08:01:01"))) {
            assertThat(verdict("kind = totals", falsified).counts().wrong()).isEqualTo(1);
        }
        assertThat(verdict("kind = totals").counts().missing()).isEqualTo(1);
    }

    @Test
    void windows_that_lie_end_to_end_add_up_to_all_events() throws Exception {
        String query = "kind = window, window = 4s, slide = 2s, compute = [count, sum, mean, max]";
        // Batches at 0, 2, 4: one, one and one event.
        String[] windows = {
            window(0, 1, 1.5, 1.5), window(2, 2, 4, 2.5), window(4, 2, 6.5, 4), window(6, 1, 4, 4), window(8, 0, 0, 0)
        };

        assertThat(verdict(query, windows).isRight()).isTrue();
        windows[2] = window(4, 3, 6.5, 4);
        assertThat(verdict(query, windows).counts().wrong()).isEqualTo(1);
    }

    @Test
    void the_batches_of_counts_add_up() throws Exception {
        String one = "{\"query\":\"q\",\"id\":\"q/d/1\",\"rev\":1,\"key\":{\"device\":\"d\"},\"count\":2,\"sum\":4.0}";
        String two = "{\"query\":\"q\",\"id\":\"q/d/2\",\"rev\":1,\"key\":{\"device\":\"d\"},\"count\":1,\"sum\":4.0}";

        assertThat(verdict("kind = counts", one, two).isRight()).isTrue();
        assertThat(verdict("kind = counts", one).counts().wrong()).isEqualTo(1);
    }

    @Test
    void top_lists_add_up_to_all_events_and_are_in_order() throws Exception {
        String query = "kind = top, window = 4s, slide = 4s, limit = 2";
        String first =
                "{\"query\":\"q\",\"id\":\"q/4\",\"end\":\"2026-02-01T00:00:04.000Z\",\"distinct\":1,\"total\":2,"
                        + "\"top\":[{\"key\":{\"device\":\"d\"},\"count\":2}]}";
        String second = first.replace("q/4", "q/8")
                .replace(":04.000", ":08.000")
                .replace(":2,\"top", ":1,\"top")
                .replace("\"count\":2", "\"count\":1");

        assertThat(verdict(query, first, second).isRight()).isTrue();
        assertThat(verdict(query, first).isRight()).isFalse();
    }

    @Test
    void a_report_in_which_nothing_was_judged_is_not_right() {
        assertThat(new Report("s", List.of(Verdict.none("q", "sql", "why"))).isRight())
                .isFalse();
        assertThat(new Report("s", List.of(Verdict.none("q", "sql", "why"))).text())
                .contains("not judged: why");
    }

    private static String window(int end, long count, double sum, double max) {
        return """
                {"query":"q","id":"q/d/%d","rev":1,"key":{"device":"d"},"end":"2026-02-01T00:00:0%d.000Z","count":%d
                """.formatted(end, end, count)
                + (count == 0 ? "}" : ",\"sum\":" + sum + ",\"mean\":" + sum / count + ",\"max\":" + max + "}");
    }

    @Test
    void programs_get_every_verdict_with_its_differences() {
        Verdict wrong = Comparison.byKey(
                "q",
                "totals",
                Map.of("a", Map.of("count", 1L), "b", Map.of("count", 3L), "c", Map.of("count", 4L)),
                Map.of("a", Map.of("count", 2L), "b", Map.of("count", 3L), "c", Map.of("count", 4L)));

        assertThat(new Report("s", List.of(wrong.at("topics"))).json()).isEqualTo("""
                {"scenario":"s","right":false,"verdicts":[{"query":"q","kind":"totals","place":"topics",\
                "expected":3,"right":2,"wrong":1,"missing":0,"unexpected":0,"late":0,"undecided":0,\
                "differences":["a: count is 2, expected 1"],"judged":true}]}""");
    }

    private Verdict verdict(String kind, String... results) throws Exception {
        Path file = folder.resolve("processor.conf");
        Files.writeString(
                file, "tidegate.processor.queries = [{ name = q, " + kind + ", from = readings, by = [device] }]");
        Query query = QueryFile.read(file).queries().get(0);
        List<JsonNode> received = new ArrayList<>();
        for (String result : results) {
            received.add(new ObjectMapper().readTree(result));
        }
        return Comparison.of(query, ExpectedResults.of(query, expectedState()), ActualResults.of(query, received), 0);
    }

    private static ExpectedState expectedState() {
        List<Step> steps = Stream.of(reading(1, 0, 1.5), reading(2, 1_000, 2.5), reading(3, 60_000, 4))
                .map(reading -> (Step) new Step.Publish(
                        0, "d", "sensors/d/m", "", false, List.of(new Observation.Measured(reading, ""))))
                .toList();
        return ExpectedState.of(steps.iterator(), Instant.ofEpochMilli(TIME + 60_000));
    }

    private static Reading reading(long seq, long afterMs, double value) {
        return new Reading("d", "m", seq, TIME + afterMs, value);
    }
}
