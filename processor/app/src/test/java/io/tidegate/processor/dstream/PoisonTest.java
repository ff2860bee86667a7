package io.tidegate.processor.dstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.processor.dstream.JobHarness.Published;
import io.tidegate.processor.ledger.Ledger;
import io.tidegate.processor.ledger.Ledger.QueryAccount;
import io.tidegate.processor.query.AggregateFunction;
import io.tidegate.processor.query.ByColumn;
import io.tidegate.processor.query.FilterReason;
import io.tidegate.processor.query.Query;
import io.tidegate.processor.query.QueryKind;
import io.tidegate.processor.query.RowExpressions;
import io.tidegate.processor.query.Target;
import io.tidegate.protocol.v1.Event;
import io.tidegate.protocol.v1.Reading;
import io.tidegate.spark.event.EventTable;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events that a query can't handle: they are counted, and neither end the processor nor any restart of it. */
class PoisonTest {

    private static final long TIME_MS = 1_700_000_000_000L;
    private static final String DECIMAL = "CAST(value AS DECIMAL(38,0))";
    private static final List<QueryKind> KINDS = List.of(
            new QueryKind.Counts(),
            new QueryKind.Totals(0),
            new QueryKind.Sessions(5_000, 1_000, 0),
            new QueryKind.Window(2_000, 1_000, List.of(AggregateFunction.values())),
            new QueryKind.Top(2_000, 1_000, 10));

    /** An expression in a query of its own, a text that it takes and one that it does not. */
    private record Poison(String where, String by, String value, String good, String bad, FilterReason reason) {}

    private static final List<Poison> POISONS = List.of(
            by("url_decode(text)", "a%20b", "a%zz"),
            by("from_json(text, 'a INT', map('mode', 'FAILFAST')).a", "{\"a\":1}", "{\"a\":"),
            by("date_format(time, text)", "yyyy", "bbbb"),
            by("element_at(array(1, 2), length(text))", "a", ""),
            by("to_number(text, '999')", "123", "abcdef"),
            new Poison(
                    "text RLIKE '(a|b)*c'",
                    "device",
                    "value",
                    "abc",
                    "ab".repeat(50_000),
                    FilterReason.EXPRESSION_FAILED),
            new Poison("", "device", "length(url_decode(text))", "a", "%", FilterReason.EXPRESSION_FAILED),
            new Poison("", "repeat(text, 100)", "value", "a", "b".repeat(700), FilterReason.KEY_TOO_LONG),
            new Poison("", "sequence(1, length(text))", "value", "a", "b".repeat(10_001), FilterReason.TOO_MANY_KEYS));

    private static Poison by(String expression, String good, String bad) {
        return new Poison("", expression, "value", good, bad, FilterReason.EXPRESSION_FAILED);
    }

    @TempDir
    Path checkpoint;

    @BeforeEach
    void empty() {
        ScriptedGateway.forget();
    }

    @Test
    void a_value_that_a_query_can_not_handle_is_counted_with_its_reason_and_the_next_start_goes_on() {
        JobPlan plan = plan(IntStream.range(0, POISONS.size())
                .mapToObj(i -> query("p" + i, i, KINDS.get(i % KINDS.size())))
                .toList());
        for (long batchMs = 1_000; batchMs <= 3_000; batchMs += 1_000) {
            for (int i = 0; i < POISONS.size(); i++) {
                write(batchMs, i, POISONS.get(i).good(), 1);
                write(batchMs, i, POISONS.get(i).bad(), 1);
            }
        }

        try (JobHarness job = JobHarness.start(plan, checkpoint, "")) {
            job.runThrough(2_000);
        }
        Ledger ledger;
        try (JobHarness job = JobHarness.start(plan, checkpoint, "")) {
            ledger = job.runThrough(3_000).ledger();
        }

        assertThat(ledger.residual()).isZero();
        for (int i = 0; i < POISONS.size(); i++) {
            QueryAccount account = ledger.queries().get(i);
            assertThat(account.applied()).as("applied of %s", POISONS.get(i)).isEqualTo(3);
            assertThat(account.reasons())
                    .as("reasons of %s", POISONS.get(i))
                    .containsEntry(POISONS.get(i).reason().label(), 3L);
            assertThat(account.failed()).isEqualTo(3);
        }
    }

    @Test
    void numbers_of_any_size_are_keys_of_every_kind_and_no_two_share_an_id() {
        List<Query> queries = new ArrayList<>();
        for (QueryKind kind : KINDS) {
            queries.add(query(
                    kind.label(),
                    new RowExpressions(EventTable.READINGS, "", List.of(new ByColumn("n", DECIMAL + " AS n")), "value"),
                    kind));
        }
        double next = Math.nextUp(1e20);
        write(1_000, 0, "", 1e20);
        write(1_000, 0, "", next);
        write(1_000, 0, "", -1e30);

        List<Published> published;
        try (JobHarness job = JobHarness.start(plan(queries), checkpoint, "")) {
            job.runThrough(3_000);
            published = List.copyOf(job.published());
            assertThat(job.ledger().queries())
                    .allSatisfy(account -> assertThat(account.applied()).isEqualTo(3));
        }

        String[] keys = {
            "100000000000000000000", new BigDecimal(String.valueOf(next)).toPlainString(), "-1" + "0".repeat(30)
        };
        for (String topic : List.of("counts/counts", "totals/totals", "sessions/sessions", "windows/window")) {
            assertThat(published)
                    .filteredOn(one -> one.batch() == 1_000)
                    .extracting(Published::topic)
                    .contains(
                            "tidegate/" + topic + "/" + keys[0],
                            "tidegate/" + topic + "/" + keys[1],
                            "tidegate/" + topic + "/" + keys[2]);
        }
        assertThat(published)
                .filteredOn(one -> one.topic().equals("tidegate/top/top") && one.batch() == 1_000)
                .singleElement()
                .satisfies(top -> assertThat(top.json().get("top"))
                        .extracting(entry -> entry.get("key").get("n").asText())
                        .containsExactly(keys[2], keys[0], keys[1]));
    }

    private static JobPlan plan(List<Query> queries) {
        return new JobPlan(queries, ScriptedGateway.KEY_GROUPS, 2, "gw");
    }

    private static Query query(String name, int number, QueryKind kind) {
        Poison poison = POISONS.get(number);
        String mine = "metric = 'm" + number + "'";
        return query(
                name,
                new RowExpressions(
                        EventTable.READINGS,
                        poison.where().isEmpty() ? mine : mine + " AND " + poison.where(),
                        List.of(new ByColumn("n", poison.by() + " AS n")),
                        poison.value()),
                kind);
    }

    private static Query query(String name, RowExpressions rows, QueryKind kind) {
        return new Query(name, rows, kind, List.of(Target.CONSOLE));
    }

    private static void write(long batchMs, int metric, String text, double value) {
        ScriptedGateway.write(
                batchMs,
                metric % ScriptedGateway.KEY_GROUPS,
                Event.newBuilder()
                        .setTimeUs(TIME_MS * 1_000)
                        .setReceivedMs(batchMs - 1)
                        .setReading(Reading.newBuilder()
                                .setDevice("d")
                                .setMetric("m" + metric)
                                .setValue(value)
                                .setText(text))
                        .build());
    }
}
