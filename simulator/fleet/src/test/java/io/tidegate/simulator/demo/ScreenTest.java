package io.tidegate.simulator.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.simulator.watch.Result;
import io.tidegate.simulator.watch.ResultFormatter;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ScreenTest {
    private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
    private final AtomicLong clockMs = new AtomicLong(10_000);
    private final Screen screen = new Screen(
            new PrintStream(shown, true, StandardCharsets.UTF_8),
            new ResultFormatter(ZoneOffset.UTC, false),
            clockMs::get);

    @Test
    void one_line_of_a_query_is_shown_a_second() {
        screen.show(total());
        screen.show(result("tidegate/totals/other/d1", "{\"batch\":1000,\"count\":1}"));
        screen.show(total());
        screen.show(session("s1", "open"));
        clockMs.addAndGet(1_000);
        screen.show(total());

        assertThat(lines()).isEqualTo(4);
        assertThat(screen.results()).isEqualTo(5);
    }

    @Test
    void every_session_that_closes_is_shown_once() {
        screen.show(session("s1", "open"));
        screen.show(session("s2", "open"));
        screen.show(session("s1", "closed"));
        screen.show(session("s2", "closed"));
        screen.show(session("s2", "closed"));

        assertThat(lines()).isEqualTo(3);
        assertThat(screen.sessionsOpened()).isEqualTo(2);
        assertThat(screen.sessionsClosed()).isEqualTo(2);
    }

    @Test
    void a_demo_that_runs_for_long_counts_all_sessions_and_remembers_some() {
        for (int i = 0; i < 25_000; i++) {
            screen.show(session("s" + i, "open"));
        }

        assertThat(screen.sessionsOpened()).isEqualTo(25_000);
        screen.show(session("s15000", "open"));
        assertThat(screen.sessionsOpened()).as("one of the last 10,000").isEqualTo(25_000);
        screen.show(session("s14999", "open"));
        assertThat(screen.sessionsOpened()).as("one that is forgotten").isEqualTo(25_001);
    }

    @Test
    void the_oracles_tally_is_shown_every_five_seconds_and_its_first_complaints_at_once() {
        for (int second = 0; second < 10; second++) {
            screen.showTally(total(), "1,204 totals right, 0 wrong", true);
            screen.showComplaint(total(), "d1: sum is 3.0, expected 4.0");
            clockMs.addAndGet(1_000);
        }

        assertThat(shown.toString(StandardCharsets.UTF_8).lines().filter(line -> line.contains("1,204")))
                .hasSize(2)
                .allMatch(line -> line.startsWith("00:00:01  oracle   t  "));
        assertThat(shown.toString(StandardCharsets.UTF_8).lines())
                .filteredOn(line -> line.endsWith("WRONG d1: sum is 3.0, expected 4.0"))
                .hasSize(5);
    }

    @Test
    void presence_is_no_result() {
        screen.show(result("tidegate/devices/d1/presence", "{\"state\":\"online\"}"));

        assertThat(lines()).isEqualTo(1);
        assertThat(screen.results()).isZero();
    }

    private long lines() {
        return shown.toString(StandardCharsets.UTF_8).lines().count();
    }

    private static Result total() {
        return result("tidegate/totals/t/d1", "{\"batch\":1000,\"count\":1}");
    }

    private static Result session(String id, String state) {
        return result("tidegate/sessions/s/d1", "{\"id\":\"" + id + "\",\"state\":\"" + state + "\"}");
    }

    private static Result result(String topic, String payload) {
        return Result.of(topic, payload.getBytes(StandardCharsets.UTF_8));
    }
}
