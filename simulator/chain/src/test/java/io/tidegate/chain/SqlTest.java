package io.tidegate.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidegate.harness.Program;
import io.tidegate.harness.ResultRecorder;
import io.tidegate.junit.SlowTest;
import io.tidegate.protocol.TopicLevel;
import io.tidegate.simulator.web.LogEntry;
import io.tidegate.simulator.web.LogLine;
import io.tidegate.simulator.web.WebPlan;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;

/**
 * The textbook's example as configuration: access logs in, the count of each action per hour by event time, in a database;
 * beside it rows that are only inserted, and a stream of messages. The processor is killed in the midst of it (Q1 of the
 * fault catalogue), and every line counts once all the same. Against PostgreSQL where it is installed, else H2. Traffic is of
 * four hours, and the watermark of ten minutes: while the query catches up no key group may run ahead of another.
 */
final class SqlTest {

    private static final Duration LENGTH = Duration.ofSeconds(8);
    private static final Map<String, String> TRAFFIC = Map.of("web.rate", "150", "web.damaged", "0");
    private static final int KILLS = 3;
    private static final String QUERIES = """
                { name = actions-per-hour, kind = sql, output-mode = update, trigger = 300ms, max-events = 150
                  to = [jdbc, files], jdbc { table = actions, key = [hour, action] }
                  watermark = { column = time, delay = 10m }
                  sql = "SELECT window(time, '1 hour').start AS hour, method AS action, count(*) AS n FROM requests GROUP BY window(time, '1 hour'), method" }
                { name = lines, kind = sql, trigger = 300ms, max-events = 150, to = [jdbc]
                  sql = "SELECT key_group, offset, path, status FROM requests" }
                { name = paths, kind = sql, output-mode = update, trigger = 300ms, topic = "tidegate/sql/paths/{path}", retained = true
                  sql = "SELECT path, count(*) AS n FROM requests GROUP BY path" }
                { name = statuses, kind = totals, from = requests, by = [status] }
            """;

    @SlowTest(seconds = 145)
    void every_line_counts_once_in_the_database_though_the_processor_is_killed(@TempDir Path folder) throws Exception {
        try (Chain chain = new Chain(folder);
                Database database = Database.start(folder)) {
            chain.startBroker();
            try (ResultRecorder results = ResultRecorder.subscribe(chain.brokerPort())) {
                chain.startGateway();
                Program processor =
                        chain.startProcessor(QUERIES, database.settings().toArray(String[]::new));
                chain.awaitReady();
                Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
                List<LogEntry> entries = new ArrayList<>();
                for (int hour = 1; hour <= KILLS + 1; hour++) {
                    Instant start = now.minus(Duration.ofHours(KILLS + 2 - hour));
                    long before = database.count("lines");
                    Program web = traffic(chain, hour, start);
                    await().atMost(Duration.ofMinutes(2)).until(() -> database.count("lines") > before);
                    if (hour <= KILLS) {
                        processor.kill();
                        processor = chain.startProcessor(
                                QUERIES, database.settings().toArray(String[]::new));
                    }
                    assertThat(web.await(120)).as(web.output()).isZero();
                    entries.addAll(plan(hour, start));
                }

                await().atMost(Duration.ofMinutes(2)).until(() -> database.count("lines") >= entries.size());
                await().atMost(Duration.ofMinutes(2))
                        .untilAsserted(() -> assertThat(actions(database)).isEqualTo(actions(entries)));
                await().atMost(Duration.ofMinutes(2))
                        .untilAsserted(() -> assertThat(paths(results, entries)).isEqualTo(paths(entries)));
                assertThat(
                                database.query(
                                        "SELECT count(*), count(DISTINCT \"key_group\" * 1000000000 + \"offset\") FROM \"lines\""))
                        .containsExactly(entries.size() + " " + entries.size());
                assertThat(database.query("SELECT \"path\", count(*) FROM \"lines\" GROUP BY \"path\""))
                        .containsExactlyInAnyOrderElementsOf(paths(entries).entrySet().stream()
                                .map(entry -> entry.getKey() + " " + entry.getValue())
                                .toList());
                assertThat(results.contradictions()).isEmpty();
                assertThat(processor.stop()).as(processor.output()).isZero();
            }
        }
    }

    /** Sends a plan as a user would. */
    private static Program traffic(Chain chain, int seed, Instant start) {
        return chain.startWebTraffic(List.of(
                "--seed",
                "" + seed,
                "--start",
                "" + start,
                "--for",
                LENGTH.toSeconds() + "s",
                "-Dtidegate.simulator.web.rate=" + TRAFFIC.get("web.rate"),
                "-Dtidegate.simulator.web.damaged=" + TRAFFIC.get("web.damaged")));
    }

    /** The same plan. */
    private static List<LogEntry> plan(int seed, Instant start) throws Exception {
        List<LogLine> lines = new ArrayList<>();
        WebPlan.of(ExpectedFleet.settings(TRAFFIC).web().shape(), seed, start, LENGTH)
                .forEachRemaining(lines::add);
        return lines.stream().map(LogLine::entry).flatMap(Optional::stream).toList();
    }

    private static Map<String, Long> actions(List<LogEntry> entries) {
        return entries.stream()
                .collect(Collectors.groupingBy(
                        entry -> Instant.ofEpochMilli(entry.timeMs()).truncatedTo(ChronoUnit.HOURS) + " "
                                + entry.method(),
                        Collectors.counting()));
    }

    private static Map<String, Long> actions(Database database) throws SQLException {
        Map<String, Long> actions = new HashMap<>();
        if (database.count("actions") == 0) { // nor is there a table
            return actions;
        }
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT \"hour\", \"action\", \"n\" FROM \"actions\"")) {
            while (row.next()) {
                Instant hour = row.getObject(1, OffsetDateTime.class).toInstant();
                actions.put(hour + " " + row.getString(2), row.getLong(3));
            }
        }
        return actions;
    }

    private static Map<String, Long> paths(List<LogEntry> entries) {
        return entries.stream().collect(Collectors.groupingBy(LogEntry::path, Collectors.counting()));
    }

    /** What the newest message of each path says. */
    private static Map<String, Long> paths(ResultRecorder results, List<LogEntry> entries) {
        Map<String, Long> counts = new HashMap<>();
        paths(entries).keySet().forEach(path -> {
            @Nullable JsonNode last = results.last("tidegate/sql/paths/" + TopicLevel.of(path));
            if (last != null) {
                counts.put(path, last.get("n").longValue());
            }
        });
        return counts;
    }
}
