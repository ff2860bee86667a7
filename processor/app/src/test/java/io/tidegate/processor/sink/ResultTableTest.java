package io.tidegate.processor.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.processor.key.KeyCodec;
import io.tidegate.processor.query.AggregateFunction;
import io.tidegate.processor.query.ByColumn;
import io.tidegate.processor.query.Query;
import io.tidegate.processor.query.QueryKind;
import io.tidegate.processor.query.RowExpressions;
import io.tidegate.processor.query.Target;
import io.tidegate.processor.result.AnomalyResult;
import io.tidegate.processor.result.CountResult;
import io.tidegate.processor.result.DistributionFigures;
import io.tidegate.processor.result.Result;
import io.tidegate.processor.result.ResultHeader;
import io.tidegate.processor.result.SessionResult;
import io.tidegate.processor.result.SessionResult.Metric;
import io.tidegate.processor.result.SessionResult.State;
import io.tidegate.processor.result.SummaryFigures;
import io.tidegate.processor.result.TimeWindow;
import io.tidegate.processor.result.TopResult;
import io.tidegate.processor.result.TotalResult;
import io.tidegate.processor.result.WindowResult;
import io.tidegate.spark.event.EventTable;
import io.tidegate.spark.sink.jdbc.JdbcColumn;
import io.tidegate.spark.sink.jdbc.JdbcRow;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ResultTableTest {

    private static final SummaryFigures FIGURES = new SummaryFigures(43.0, 21.5, -0.5, 43.5);

    @Test
    void a_session_of_readings() {
        Query query = query(EventTable.READINGS, new QueryKind.Sessions(1, 1, 1), "device");
        Result result = new SessionResult(
                header(query, 3, "d1"),
                State.MERGED,
                1000,
                500L,
                1000,
                2500,
                7,
                1,
                new SessionResult.Metrics(new TreeMap<>(Map.of("t", new Metric(6, FIGURES, 21.25)))));

        assertThat(row(query, result))
                .containsExactly(
                        "id TEXT q/d1/1000",
                        "query TEXT q",
                        "rev WHOLE 3",
                        "batch WHOLE 9000",
                        "device TEXT d1",
                        "session WHOLE 1000",
                        "state TEXT merged",
                        "into WHOLE 500",
                        "start TIME 1970-01-01T00:00:01Z",
                        "end TIME 1970-01-01T00:00:02.500Z",
                        "duration_ms WHOLE 1500",
                        "events WHOLE 7",
                        "late WHOLE 1",
                        "metrics JSON {\"t\":{\"count\":6,\"min\":-0.5,\"max\":43.5,\"mean\":21.5,\"last\":21.25}}");
    }

    @Test
    void an_anomaly() {
        QueryKind.Anomaly kind = new QueryKind.Anomaly(1, 1, 1, 0, new QueryKind.Anomaly.Thresholds(6, 3, 1, 1), 1);
        Query query = query(EventTable.READINGS, kind, "device");
        Result began = new AnomalyResult(
                header(query, 1, "d1"),
                AnomalyResult.State.ANOMALOUS,
                1000,
                2000,
                new AnomalyResult.Score(50, 38, 12, 6, 18),
                null);

        assertThat(row(query, began))
                .containsExactly(
                        "id TEXT q/d1/1000",
                        "query TEXT q",
                        "rev WHOLE 1",
                        "batch WHOLE 9000",
                        "device TEXT d1",
                        "state TEXT anomalous",
                        "since TIME 1970-01-01T00:00:01Z",
                        "time TIME 1970-01-01T00:00:02Z",
                        "value NUMBER 50.0",
                        "score NUMBER 38.0",
                        "expected NUMBER 12.0",
                        "low NUMBER 6.0",
                        "high NUMBER 18.0",
                        "until TIME null",
                        "worst NUMBER null");
    }

    @Test
    void a_visit() {
        Query query = query(EventTable.REQUESTS, new QueryKind.Sessions(1, 1, 1), "client", "agent");
        Result result = new SessionResult(
                header(query, 1, "::1", null),
                State.OPEN,
                1000,
                null,
                1000,
                1000,
                1,
                0,
                new SessionResult.Visit(1, 203, 0, "/", null));

        assertThat(row(query, result))
                .startsWith("id TEXT q/%3A%3A1/%~/1000")
                .contains("client TEXT ::1", "agent TEXT null", "into WHOLE null", "duration_ms WHOLE 0")
                .endsWith("pages WHOLE 1", "bytes WHOLE 203", "errors WHOLE 0", "entry TEXT /", "exit TEXT null");
    }

    @Test
    void totals_by_keys_of_every_type() {
        Query query = query(
                EventTable.REQUESTS,
                new QueryKind.Totals(1),
                "status",
                "bytes / 2.0D AS half",
                "status >= 400 AS failed",
                "date_trunc('hour', time) AS hour",
                "to_date(time) AS day",
                "CAST(bytes AS DECIMAL(9,0)) AS exact",
                "split(path, '/') AS part");
        Result result = new TotalResult(
                header(query, 9, 404, 21.0, true, "2015-05-17T10:00:00.000Z", "2015-05-17", 42, "images"),
                2,
                new SummaryFigures(null, null, null, null),
                1,
                2);

        assertThat(row(query, result))
                .containsSubsequence(
                        "status WHOLE 404",
                        "half NUMBER 21.0",
                        "failed TRUTH true",
                        "hour TIME 2015-05-17T10:00:00Z",
                        "day DATE 2015-05-17",
                        "exact EXACT 42",
                        "part TEXT images",
                        "count WHOLE 2",
                        "sum NUMBER null",
                        "mean NUMBER null",
                        "min NUMBER null",
                        "max NUMBER null",
                        "since TIME 1970-01-01T00:00:00.001Z",
                        "until TIME 1970-01-01T00:00:00.002Z");
        List<Object> values = rowOf(query, result).values();
        assertThat(values.get(7)).isEqualTo(Instant.parse("2015-05-17T10:00:00Z"));
        assertThat(values.get(8)).isEqualTo(LocalDate.of(2015, 5, 17));
    }

    @Test
    void windows_have_what_is_computed_and_the_count() {
        Query query = query(EventTable.REQUESTS, new QueryKind.Window(3000, 1000, List.of(AggregateFunction.MEAN)));
        TimeWindow timeWindow = new TimeWindow(6000, 9000, true);
        Result result = new WindowResult(
                header(query, 1), timeWindow, 5, FIGURES, DistributionFigures.NONE, EnumSet.of(AggregateFunction.MEAN));
        Result empty = new WindowResult(
                header(query, 1),
                timeWindow,
                0,
                new SummaryFigures(null, null, null, null),
                DistributionFigures.NONE,
                EnumSet.of(AggregateFunction.MEAN));

        assertThat(row(query, result)).endsWith("partial TRUTH true", "count WHOLE null", "mean NUMBER 21.5");
        assertThat(row(query, empty)).endsWith("count WHOLE 0", "mean NUMBER null");
    }

    @Test
    void windows_say_of_distinct_values_whether_they_were_counted() {
        EnumSet<AggregateFunction> computed = EnumSet.of(AggregateFunction.P95, AggregateFunction.DISTINCT);
        Query query = query(EventTable.REQUESTS, new QueryKind.Window(3000, 1000, List.copyOf(computed)));
        TimeWindow timeWindow = new TimeWindow(6000, 9000, true);
        DistributionFigures guessed = new DistributionFigures(null, null, 3.5, null, 12_000, false);

        assertThat(row(query, new WindowResult(header(query, 1), timeWindow, 5, FIGURES, guessed, computed)))
                .endsWith("p95 NUMBER 3.5", "distinct WHOLE 12000", "approximate TRUTH true");
    }

    @Test
    void counts_and_top() {
        Query counts = query(EventTable.REQUESTS, new QueryKind.Counts(), "status");
        Query top = query(EventTable.REQUESTS, new QueryKind.Top(3000, 1000, 2), "path");

        assertThat(row(counts, new CountResult(header(counts, 1, 200), 5, FIGURES)))
                .endsWith("status WHOLE 200", "end TIME 1970-01-01T00:00:09Z", "count WHOLE 5", "sum NUMBER 43.0");
        assertThat(row(
                        top,
                        new TopResult(
                                new ResultHeader(top.subject(), KeyCodec.NONE, 1, 9000),
                                new TimeWindow(6000, 9000, false),
                                List.of(new TopResult.Entry("[\"/\"]", 3)),
                                2,
                                4)))
                .endsWith(
                        "start TIME 1970-01-01T00:00:06Z",
                        "end TIME 1970-01-01T00:00:09Z",
                        "partial TRUTH false",
                        "top JSON [{\"key\":{\"path\":\"/\"},\"count\":3}]",
                        "distinct WHOLE 2",
                        "total WHOLE 4");
    }

    @Test
    void rows_replace_each_other_by_id_or_by_a_key_that_only_batches_order() {
        Query query = query(EventTable.REQUESTS, new QueryKind.Totals(1), "host");

        assertThat(ResultTable.of(query, "t", List.of()).table().key()).containsExactly("id");
        assertThat(ResultTable.of(query, "t", List.of()).table().version()).containsExactly("batch", "rev");
        assertThat(ResultTable.of(query, "t", List.of("host")).table().key()).containsExactly("host");
        assertThat(ResultTable.of(query, "t", List.of("host")).table().version())
                .containsExactly("batch");
    }

    private static List<String> row(Query query, Result result) {
        JdbcRow row = rowOf(query, result);
        List<JdbcColumn> columns = row.table().columns();
        return java.util.stream.IntStream.range(0, columns.size())
                .mapToObj(i -> columns.get(i).name() + " " + columns.get(i).type() + " "
                        + row.values().get(i))
                .toList();
    }

    private static JdbcRow rowOf(Query query, Result result) {
        return ResultTable.of(query, "t", List.of()).row(result);
    }

    private static ResultHeader header(Query query, long rev, @Nullable Object... key) {
        return new ResultHeader(query.subject(), KeyCodec.encode(Arrays.asList(key)), rev, 9000);
    }

    private static Query query(EventTable from, QueryKind kind, String... by) {
        List<ByColumn> columns = Arrays.stream(by)
                .map(entry -> new ByColumn(entry.replaceFirst(".* AS ", ""), entry))
                .toList();
        return new Query("q", new RowExpressions(from, "", columns, from.defaultValue()), kind, List.of(Target.JDBC));
    }
}
