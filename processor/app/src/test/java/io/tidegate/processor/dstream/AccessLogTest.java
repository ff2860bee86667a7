package io.tidegate.processor.dstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidegate.harness.Program;
import io.tidegate.processor.dstream.JobHarness.Published;
import io.tidegate.processor.query.ByColumn;
import io.tidegate.processor.query.Query;
import io.tidegate.processor.query.QueryKind;
import io.tidegate.processor.query.RowExpressions;
import io.tidegate.processor.query.Target;
import io.tidegate.protocol.v1.Event;
import io.tidegate.protocol.v1.Request;
import io.tidegate.spark.event.EventTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real access log in combined format, where there is one ({@code ../shared/data} beside the checkout, or
 * {@code -Dtidegate.access-log=FILE}): every URL, every status and
 * every visitor against a count over the lines, in the order of the file and with every minute shuffled.
 */
class AccessLogTest {

    private static final Path FILE = Path.of(System.getProperty(
            "tidegate.access-log",
            Program.ROOT
                    .resolve("../shared/data/apache_combined_semicomplete_2015.log")
                    .toString()));
    private static final long HALF_AN_HOUR = 30 * 60 * 1000;
    private static final DateTimeFormatter APACHE =
            DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ENGLISH);
    private static final int BATCHES = 20;
    private static final List<Query> QUERIES = List.of(
            query("urls", new QueryKind.Totals(1_000), "path"),
            query("statuses", new QueryKind.Totals(1_000), "status"),
            query("visitors", new QueryKind.Sessions(HALF_AN_HOUR, 60_000, 1_000), "client"));
    private static final JobPlan PLAN = new JobPlan(QUERIES, ScriptedGateway.KEY_GROUPS, 2, "gw");

    @TempDir
    Path checkpoint;

    /** A line, split at the places where the format has them; {@code line} is its number. */
    private record Line(int line, String client, long time, String path, int status, long bytes) {}

    @Test
    void in_the_order_of_the_file() throws IOException {
        List<Line> lines = read();

        compare(lines, run(lines));
    }

    @Test
    void with_every_minute_shuffled() throws IOException {
        List<Line> shuffled = new ArrayList<>(read());
        Random random = new Random(5);
        Map<Line, Integer> chance = new HashMap<>();
        shuffled.forEach(line -> chance.put(line, random.nextInt()));
        shuffled.sort(Comparator.<Line>comparingLong(line -> line.time / 60_000).thenComparingInt(chance::get));

        compare(shuffled, run(shuffled));
    }

    private Map<String, JsonNode> run(List<Line> lines) {
        ScriptedGateway.forget();
        for (int i = 0; i < lines.size(); i++) {
            Line line = lines.get(i);
            long batch = (1L + (long) i * BATCHES / lines.size()) * 1_000;
            ScriptedGateway.write(
                    batch, Math.floorMod(line.client.hashCode(), ScriptedGateway.KEY_GROUPS), event(line));
        }
        Map<String, JsonNode> last = new LinkedHashMap<>();
        try (JobHarness job = JobHarness.start(PLAN, checkpoint, "")) {
            List<Published> published = job.runThrough(1_000L * BATCHES).published();
            published.forEach(one -> last.put(one.id(), one.json()));
            assertThat(job.ledger().residual()).isZero();
            assertThat(job.ledger().queries()).allSatisfy(account -> {
                assertThat(account.pulled()).isEqualTo(lines.size());
                assertThat(account.filtered()).isZero();
                assertThat(account.late()).isZero();
            });
        }
        return last;
    }

    private static Event event(Line line) {
        return Event.newBuilder()
                .setTimeUs(line.time * 1_000)
                .setReceivedMs(1_700_000_000_000L)
                .setRequest(Request.newBuilder()
                        .setClient(line.client)
                        .setPath(line.path)
                        .setStatus(line.status)
                        .setBytes(line.bytes))
                .build();
    }

    private static void compare(List<Line> lines, Map<String, JsonNode> last) {
        Map<String, String> expected = new TreeMap<>();
        for (Line line : lines) {
            expected.merge("urls " + line.path, "1 " + line.bytes, AccessLogTest::plus);
            expected.merge("statuses " + line.status, "1 " + line.bytes, AccessLogTest::plus);
        }
        List<String> expectedVisits = visits(lines);
        Map<String, String> given = new TreeMap<>();
        List<String> visits = new ArrayList<>();
        for (JsonNode json : last.values()) {
            String query = json.get("query").asText();
            String key = json.get("key").elements().next().asText();
            if (!query.equals("visitors")) {
                given.put(
                        query + " " + key,
                        json.get("count") + " " + json.get("sum").asLong());
            } else if (!json.get("state").asText().equals("merged")) {
                visits.add(key + " " + json.get("start").asText() + " " + json.get("durationMs") + " "
                        + json.get("pages") + " " + json.get("bytes") + " " + json.get("errors") + " "
                        + json.get("entry").asText() + " " + json.get("exit").asText());
            }
        }

        assertThat(given).isEqualTo(expected);
        assertThat(visits).containsExactlyInAnyOrderElementsOf(expectedVisits);
    }

    private static String plus(String one, String other) {
        String[] a = one.split(" ", 2);
        String[] b = other.split(" ", 2);
        return (Long.parseLong(a[0]) + Long.parseLong(b[0])) + " " + (Long.parseLong(a[1]) + Long.parseLong(b[1]));
    }

    /** Lines of equal time count in the order in which they came. */
    private static List<String> visits(List<Line> lines) {
        Map<String, List<Line>> byClient = new LinkedHashMap<>();
        lines.forEach(line ->
                byClient.computeIfAbsent(line.client, c -> new ArrayList<>()).add(line));
        List<String> visits = new ArrayList<>();
        byClient.forEach((client, all) -> {
            all.sort(Comparator.comparingLong(Line::time));
            int from = 0;
            for (int i = 1; i <= all.size(); i++) {
                if (i == all.size() || all.get(i).time - all.get(i - 1).time > HALF_AN_HOUR) {
                    visits.add(visit(client, all.subList(from, i)));
                    from = i;
                }
            }
        });
        return visits;
    }

    private static String visit(String client, List<Line> lines) {
        Line first = lines.get(0);
        Line last = lines.get(lines.size() - 1);
        return client + " "
                + java.time.Instant.ofEpochMilli(first.time).toString().replace("Z", ".000Z") + " "
                + (last.time - first.time) + " " + lines.size() + " "
                + lines.stream().mapToLong(Line::bytes).sum() + " "
                + lines.stream().filter(line -> line.status >= 400).count() + " " + first.path + " " + last.path;
    }

    private static List<Line> read() throws IOException {
        assumeTrue(Files.isRegularFile(FILE), FILE + " is not here: no real access log is compared");
        List<Line> lines = new ArrayList<>();
        try (Stream<String> all = Files.lines(FILE)) {
            all.forEach(text -> lines.add(split(lines.size(), text)));
        }
        return lines;
    }

    private static Line split(int number, String text) {
        String[] quoted = text.split("\"", 4);
        String[] front = quoted[0].split("[ \\[\\]]+", -1);
        String[] request = quoted[1].split(" ", 3);
        String[] answer = quoted[2].strip().split(" ", 2);
        long time = OffsetDateTime.parse(front[3] + " " + front[4], APACHE)
                .toInstant()
                .toEpochMilli();
        String path = request[1].split("\\?", 2)[0];
        return new Line(
                number,
                front[0],
                time,
                path,
                Integer.parseInt(answer[0]),
                answer[1].equals("-") ? 0 : Long.parseLong(answer[1]));
    }

    private static Query query(String name, QueryKind kind, String by) {
        return new Query(
                name,
                new RowExpressions(EventTable.REQUESTS, "", List.of(new ByColumn(by, by)), "bytes"),
                kind,
                List.of(Target.CONSOLE));
    }
}
