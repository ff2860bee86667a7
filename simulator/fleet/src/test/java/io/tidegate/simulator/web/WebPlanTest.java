package io.tidegate.simulator.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.simulator.web.WebShape.Bursts;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class WebPlanTest {

    private static final Instant START = Instant.parse("2026-11-22T10:00:00.250Z");
    private static final Duration MINUTES = Duration.ofMinutes(5);
    private static final Bursts NONE = new Bursts(Duration.ZERO, Duration.ZERO, 1);
    private static final Pattern COMBINED = Pattern.compile(
            "(\\S+) - - \\[([^]]+)] \"(GET|POST) (\\S+) HTTP/1.1\" (\\d{3}) (\\d+|-) \"-\" \"([^\"]+)\"");
    private static final DateTimeFormatter LOG_TIME =
            DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ENGLISH);

    @Test
    void equal_seeds_and_starts_say_the_same_and_others_do_not() {
        assertThat(plan(shape(NONE, 0.01), 1)).isEqualTo(plan(shape(NONE, 0.01), 1));
        assertThat(plan(shape(NONE, 0.01), 2)).isNotEqualTo(plan(shape(NONE, 0.01), 1));
    }

    @Test
    void a_line_says_its_hit_and_a_damaged_one_is_in_no_format() {
        List<LogLine> plan = plan(shape(NONE, 0.1), 3);

        assertThat(plan).hasSize(100 * 300);
        for (LogLine line : plan) {
            Matcher read = COMBINED.matcher(line.text());
            assertThat(read.matches()).as(line.text()).isNotEqualTo(line.damaged());
            assertThat(line.entry()).isEqualTo(line.damaged() ? Optional.empty() : Optional.of(said(read)));
        }
        assertThat(plan.stream().filter(LogLine::damaged)).hasSizeBetween(2_700, 3_300);
    }

    @Test
    void no_two_visitors_share_an_address() throws Exception {
        Set<InetAddress> addresses = new HashSet<>();
        for (int visitor = 0; visitor < 200_000; visitor++) {
            assertThat(addresses.add(InetAddress.getByName(WebPlan.client(visitor))))
                    .isTrue();
        }
    }

    @Test
    void pages_are_asked_for_by_zipfs_law() {
        Map<String, Integer> counts = new HashMap<>();
        plan(shape(NONE, 0), 4)
                .forEach(line -> counts.merge(line.entry().orElseThrow().path(), 1, Integer::sum));
        List<Integer> ranked = counts.values().stream().sorted((a, b) -> b - a).toList();

        // With a skew of 1 the first is asked for twice as often as the second, and ten times as often as the tenth.
        assertThat(ranked.get(0) / (double) ranked.get(1)).isBetween(1.8, 2.2);
        assertThat(ranked.get(0) / (double) ranked.get(9)).isBetween(8.5, 11.5);
    }

    @Test
    void persons_come_and_go_and_robots_stay() {
        Map<String, Long> lastMs = new HashMap<>();
        Map<String, Long> longestPauseMs = new HashMap<>();
        Map<String, Boolean> robots = new HashMap<>();
        for (LogLine line : plan(shape(NONE, 0), 5)) {
            LogEntry entry = line.entry().orElseThrow();
            robots.put(entry.client(), entry.agent().contains("bot"));
            Long before = lastMs.put(entry.client(), line.offsetMs());
            longestPauseMs.merge(entry.client(), before == null ? 0 : line.offsetMs() - before, Math::max);
        }

        assertThat(robots).hasSize(20).containsValues(true, false);
        robots.forEach((client, robot) -> {
            if (robot) {
                assertThat(longestPauseMs.get(client)).as(client).isLessThan(10_000);
            } else {
                assertThat(longestPauseMs.get(client)).as(client).isGreaterThanOrEqualTo(20_000);
            }
        });
    }

    @Test
    void a_burst_is_so_many_times_the_rate_at_the_end_of_its_time() {
        List<LogLine> plan = plan(shape(new Bursts(Duration.ofSeconds(60), Duration.ofSeconds(5), 4), 0), 6);

        assertThat(between(plan, 0, 55_000)).isEqualTo(5_500);
        assertThat(between(plan, 55_000, 60_000)).isEqualTo(2_000);
        assertThat(between(plan, 60_000, 115_000)).isEqualTo(5_500);
    }

    private static long between(List<LogLine> plan, long fromMs, long untilMs) {
        return plan.stream()
                .filter(line -> line.offsetMs() >= fromMs && line.offsetMs() < untilMs)
                .count();
    }

    private static LogEntry said(Matcher line) {
        return new LogEntry(
                line.group(1),
                OffsetDateTime.parse(line.group(2), LOG_TIME).toInstant().toEpochMilli(),
                line.group(3),
                line.group(4),
                Integer.parseInt(line.group(5)),
                line.group(6).equals("-") ? 0 : Long.parseLong(line.group(6)),
                line.group(7));
    }

    private static WebShape shape(Bursts bursts, double damaged) {
        return new WebShape(100, 20, 0.2, Duration.ofSeconds(20), Duration.ofSeconds(20), 50, 1, bursts, damaged);
    }

    private static List<LogLine> plan(WebShape shape, long seed) {
        List<LogLine> lines = new ArrayList<>();
        WebPlan.of(shape, seed, START, MINUTES).forEachRemaining(lines::add);
        return lines;
    }
}
