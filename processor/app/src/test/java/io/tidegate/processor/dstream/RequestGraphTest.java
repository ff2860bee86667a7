package io.tidegate.processor.dstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidegate.processor.dstream.JobHarness.Published;
import io.tidegate.processor.ledger.Ledger;
import io.tidegate.processor.query.AggregateFunction;
import io.tidegate.processor.query.ByColumn;
import io.tidegate.processor.query.Query;
import io.tidegate.processor.query.QueryKind;
import io.tidegate.processor.query.RowExpressions;
import io.tidegate.processor.query.Target;
import io.tidegate.protocol.v1.Event;
import io.tidegate.protocol.v1.Reading;
import io.tidegate.protocol.v1.Request;
import io.tidegate.spark.event.EventTable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Queries over requests and over texts on Spark, in one stream, against what a list of all events says. */
class RequestGraphTest {

    private static final long MINUTES_5 = 300_000;
    private static final long LAST_BATCH = 16_000;
    private static final List<Query> QUERIES = List.of(
            requests("visitors", new QueryKind.Sessions(3_000, 60_000, 1_000), "bytes", "client", "agent"),
            requests("traffic", new QueryKind.Totals(1_000), "bytes", "host", "status"),
            requests("classes", new QueryKind.Counts(), "bytes", "concat(status div 100, 'xx') AS class"),
            requests("hot", new QueryKind.Top(MINUTES_5, 1_000, 3), "bytes", "path"),
            requests(
                    "errors",
                    new QueryKind.Window(4_000, 1_000, List.of(AggregateFunction.COUNT, AggregateFunction.MEAN)),
                    "if(status >= 500, 1.0, 0.0)",
                    "split(path, '/')[1] AS section"),
            requests(
                    "reach",
                    new QueryKind.Window(4_000, 1_000, List.of(AggregateFunction.DISTINCT)),
                    "xxhash64(client)",
                    "host"),
            query(
                    "hashtags",
                    EventTable.READINGS,
                    new QueryKind.Window(MINUTES_5, 1_000, List.of(AggregateFunction.COUNT)),
                    "value",
                    "filter(split(text, ' '), t -> startswith(t, '#')) AS tag"));
    private static final JobPlan PLAN = new JobPlan(QUERIES, ScriptedGateway.KEY_GROUPS, 2, "gw");

    private final List<Hit> hits = new ArrayList<>();
    private final List<Post> posts = new ArrayList<>();

    @TempDir
    Path checkpoint;

    /** A request and the batch that it came in; {@code order} breaks ties of time. */
    private record Hit(
            long batch,
            long time,
            long order,
            String client,
            String agent,
            String host,
            String path,
            int status,
            long bytes) {}

    private record Post(long batch, String text) {}

    @BeforeEach
    void empty() {
        ScriptedGateway.forget();
    }

    @Test
    void every_result_is_what_its_definition_says_also_across_a_restart() {
        script(new Random(11));

        List<Published> all = new ArrayList<>();
        try (JobHarness job = JobHarness.start(PLAN, checkpoint, "yesterday:1")) {
            all.addAll(job.runThrough(9_000).published());
        }
        try (JobHarness job = JobHarness.start(PLAN, checkpoint, "today:2")) {
            job.runThrough(LAST_BATCH);
            all.addAll(job.published());
            assertLedgerAddsUp(job.ledger());
        }
        Map<String, JsonNode> last = new HashMap<>();
        all.forEach(one -> last.put(one.topic() + " " + one.id(), one.json()));

        assertTraffic(last);
        assertClasses(last);
        assertHot(last);
        assertErrors(last);
        assertReach(last);
        assertHashtags(last);
        assertVisits(last);
    }

    /** What is of the other table is filtered, so that what was pulled is accounted for. */
    private void assertLedgerAddsUp(Ledger ledger) {
        assertThat(ledger.residual()).isZero();
        long untagged = posts.stream().filter(post -> !post.text.contains("#")).count();
        for (Ledger.QueryAccount account : ledger.queries()) {
            boolean ofPosts = account.query().equals("hashtags");
            assertThat(account.pulled()).isEqualTo(hits.size() + posts.size());
            assertThat(account.filtered()).isEqualTo(ofPosts ? hits.size() + untagged : posts.size());
            assertThat(account.late()).isZero();
        }
    }

    private void assertTraffic(Map<String, JsonNode> last) {
        Map<String, String> expected = new TreeMap<>();
        hits.stream()
                .collect(Collectors.groupingBy(hit -> "traffic/" + hit.host + "/" + hit.status))
                .forEach((id, some) -> expected.put(
                        id,
                        some.size() + " "
                                + (double) some.stream().mapToLong(Hit::bytes).sum()));

        assertThat(texts(last, "tidegate/totals/traffic", json -> json.get("count") + " " + json.get("sum")))
                .isEqualTo(expected);
    }

    private void assertClasses(Map<String, JsonNode> last) {
        Map<String, String> expected = new TreeMap<>();
        hits.stream()
                .collect(Collectors.groupingBy(
                        hit -> "classes/" + hit.status / 100 + "xx/" + hit.batch, Collectors.counting()))
                .forEach((id, count) -> expected.put(id, count.toString()));

        assertThat(texts(
                        last,
                        "tidegate/counts/classes",
                        json -> json.get("count").asText()))
                .isEqualTo(expected);
    }

    private void assertHot(Map<String, JsonNode> last) {
        for (long end = 1_000; end <= LAST_BATCH; end += 1_000) {
            long until = end;
            Map<String, Long> counts = hits.stream()
                    .filter(hit -> hit.batch <= until)
                    .collect(Collectors.groupingBy(Hit::path, Collectors.counting()));
            List<String> expected = counts.entrySet().stream()
                    .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                            .thenComparing(Map.Entry.comparingByKey()))
                    .limit(3)
                    .map(entry -> entry.getKey() + "=" + entry.getValue())
                    .toList();
            List<String> given = new ArrayList<>();
            the(last, "tidegate/top/hot hot/" + end)
                    .get("top")
                    .forEach(entry -> given.add(entry.get("key").get("path").asText() + "=" + entry.get("count")));

            assertThat(given).as("at " + end).isEqualTo(expected);
        }
    }

    private void assertErrors(Map<String, JsonNode> last) {
        for (long end = 1_000; end <= LAST_BATCH; end += 1_000) {
            for (String section : List.of("shop", "docs")) {
                long until = end;
                Predicate<Hit> within = hit -> hit.batch <= until && hit.batch > until - 4_000;
                List<Hit> some = hits.stream()
                        .filter(within.and(hit -> hit.path.startsWith("/" + section + "/")))
                        .toList();
                long failed = some.stream().filter(hit -> hit.status >= 500).count();
                if (!some.isEmpty()) {
                    JsonNode json = the(last, "tidegate/windows/errors/" + section + " errors/" + section + "/" + end);
                    assertThat(json.get("count").asLong()).isEqualTo(some.size());
                    assertThat(json.get("mean").asDouble()).isCloseTo((double) failed / some.size(), within(1e-12));
                }
            }
        }
    }

    /** Texts have no value, but their hashes are numbers: different visitors of a host. */
    private void assertReach(Map<String, JsonNode> last) {
        Map<String, String> expected = new TreeMap<>();
        for (long end = 1_000; end <= LAST_BATCH; end += 1_000) {
            long until = end;
            Map<String, Set<String>> visitors = hits.stream()
                    .filter(hit -> hit.batch <= until && hit.batch > until - 4_000)
                    .collect(Collectors.groupingBy(Hit::host, Collectors.mapping(Hit::client, Collectors.toSet())));
            visitors.forEach(
                    (host, clients) -> expected.put("reach/" + host + "/" + until, String.valueOf(clients.size())));
        }

        Map<String, String> given = texts(
                last, "tidegate/windows/reach", json -> json.path("distinct").asText());
        // A host that empties says once that nothing is left.
        given.values().removeIf("0"::equals);
        assertThat(given).isEqualTo(expected);
    }

    /** The textbook's example: a count per hashtag over 300 s, every second. */
    private void assertHashtags(Map<String, JsonNode> last) {
        Map<String, String> expected = new TreeMap<>();
        for (long end = 1_000; end <= LAST_BATCH; end += 1_000) {
            for (String tag : List.of("#sea", "#Sea", "#tide")) {
                long until = end;
                long count = posts.stream()
                        .filter(post -> post.batch <= until && (" " + post.text + " ").contains(" " + tag + " "))
                        .count();
                if (count > 0) {
                    expected.put("hashtags/%23" + tag.substring(1) + "/" + end, String.valueOf(count));
                }
            }
        }

        assertThat(texts(
                        last,
                        "tidegate/windows/hashtags",
                        json -> json.get("count").asText()))
                .isEqualTo(expected);
    }

    private void assertVisits(Map<String, JsonNode> last) {
        List<String> given = new ArrayList<>();
        last.forEach((id, json) -> {
            if (id.startsWith("tidegate/sessions/visitors")
                    && !json.get("state").asText().equals("merged")) {
                assertThat(json.has("metrics")).isFalse();
                given.add(json.get("key").get("client").asText()
                        + json.get("key").get("agent").asText() + " pages "
                        + json.get("pages") + " bytes " + json.get("bytes") + " errors " + json.get("errors") + " from "
                        + json.get("entry").asText() + " to " + json.get("exit").asText());
            }
        });

        assertThat(given).containsExactlyInAnyOrderElementsOf(visits());
    }

    private List<String> visits() {
        List<String> visits = new ArrayList<>();
        hits.stream()
                .collect(Collectors.groupingBy(hit -> hit.client + hit.agent))
                .forEach((key, all) -> {
                    all.sort(Comparator.comparingLong(Hit::time).thenComparingLong(Hit::order));
                    int from = 0;
                    for (int i = 1; i <= all.size(); i++) {
                        if (i == all.size() || all.get(i).time - all.get(i - 1).time > 3_000) {
                            visits.add(visit(key, all.subList(from, i)));
                            from = i;
                        }
                    }
                });
        return visits;
    }

    private static String visit(String key, List<Hit> visit) {
        return key + " pages " + visit.size() + " bytes "
                + visit.stream().mapToLong(Hit::bytes).sum() + " errors "
                + visit.stream().filter(hit -> hit.status >= 400).count() + " from " + visit.get(0).path + " to "
                + visit.get(visit.size() - 1).path;
    }

    private static Map<String, String> texts(
            Map<String, JsonNode> last, String topic, Function<JsonNode, String> text) {
        Map<String, String> texts = new TreeMap<>();
        last.forEach((id, json) -> {
            if (id.startsWith(topic)) {
                texts.put(json.get("id").asText(), text.apply(json));
            }
        });
        return texts;
    }

    private static JsonNode the(Map<String, JsonNode> last, String id) {
        return Objects.requireNonNull(last.get(id), id);
    }

    private void script(Random random) {
        String[] words = {"#sea", "#Sea", "#tide", "calm", "#sea", "wind"};
        for (long batch = 1_000; batch <= LAST_BATCH - 1_000; batch += 1_000) {
            for (int i = 0; i < 8; i++) {
                int client = random.nextInt(3);
                boolean pausing = (batch / 1_000 + 4L * client) % 10 >= 6;
                if (!pausing) {
                    request(batch, client, random);
                }
                post(batch, words[random.nextInt(6)] + " " + words[random.nextInt(6)]);
            }
        }
    }

    private void request(long batch, int client, Random random) {
        String[] paths = {"/shop/a", "/shop/b", "/docs/", "/docs/x", "/docs/y"};
        Hit hit = new Hit(
                batch,
                1_700_000_000_000L + (batch - random.nextInt(1_500)) / 100 * 100,
                hits.size(),
                "c" + client,
                random.nextInt(4) == 0 ? "curl" : "lynx",
                "h" + random.nextInt(2),
                paths[random.nextInt(5)],
                List.of(200, 200, 304, 404, 500, 503).get(random.nextInt(6)),
                random.nextInt(10_000));
        hits.add(hit);
        ScriptedGateway.write(
                batch,
                client,
                Event.newBuilder()
                        .setTimeUs(hit.time * 1_000)
                        .setReceivedMs(batch - 1)
                        .setRequest(Request.newBuilder()
                                .setClient(hit.client)
                                .setAgent(hit.agent)
                                .setHost(hit.host)
                                .setPath(hit.path)
                                .setStatus(hit.status)
                                .setBytes(hit.bytes))
                        .build());
    }

    private void post(long batch, String text) {
        posts.add(new Post(batch, text));
        ScriptedGateway.write(
                batch,
                3,
                Event.newBuilder()
                        .setTimeUs(1_700_000_000_000_000L + batch * 1_000)
                        .setReceivedMs(batch - 1)
                        .setReading(Reading.newBuilder()
                                .setDevice("d")
                                .setMetric("post")
                                .setText(text))
                        .build());
    }

    private static Query requests(String name, QueryKind kind, String value, String... by) {
        return query(name, EventTable.REQUESTS, kind, value, by);
    }

    private static Query query(String name, EventTable from, QueryKind kind, String value, String... by) {
        List<ByColumn> columns = new ArrayList<>();
        for (String entry : by) {
            int as = entry.indexOf(" AS ");
            columns.add(new ByColumn(as < 0 ? entry : entry.substring(as + 4), entry));
        }
        return new Query(name, new RowExpressions(from, "", columns, value), kind, List.of(Target.CONSOLE));
    }
}
