package io.tidegate.processor.result;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.processor.key.KeyCodec;
import io.tidegate.processor.persistent.Serialized;
import io.tidegate.processor.query.AggregateFunction;
import io.tidegate.processor.query.Subject;
import io.tidegate.processor.result.SessionResult.Metric;
import io.tidegate.processor.result.SessionResult.State;
import io.tidegate.processor.result.SessionResult.Visit;
import io.tidegate.processor.sketch.SummaryStatistics;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ResultMessageTest {

    private static final long BATCH = 1_763_805_660_000L; // 2025-11-22T10:01:00Z
    private static final SummaryFigures FIGURES = new SummaryFigures(43.0, 21.5, -0.5, 43.5);
    private static final SummaryFigures NONE = new SummaryFigures(null, null, null, null);

    @Test
    void a_session_is_retained_under_its_key_with_the_state_identity_and_metrics() {
        ResultHeader header = header(List.of("device"), List.of("d1"), 3);
        Result result = new SessionResult(
                header,
                State.OPEN,
                1_763_805_600_000L,
                null,
                1_763_805_599_500L,
                1_763_805_659_999L,
                7,
                1,
                new SessionResult.Metrics(new TreeMap<>(
                        Map.of("temperature", new Metric(6, FIGURES, 21.25), "label", new Metric(1, NONE, null)))));

        ResultMessage message = ResultMessage.of(result);

        assertThat(message.topic()).isEqualTo("tidegate/sessions/q/d1");
        assertThat(message.retained()).isTrue();
        assertThat(message.json())
                .isEqualTo("{\"query\":\"q\",\"id\":\"q/d1/1763805600000\",\"rev\":3,\"batch\":1763805660000,"
                        + "\"key\":{\"device\":\"d1\"},\"session\":1763805600000,\"state\":\"open\","
                        + "\"start\":\"2025-11-22T09:59:59.500Z\",\"end\":\"2025-11-22T10:00:59.999Z\","
                        + "\"durationMs\":60499,\"events\":7,\"late\":1,"
                        + "\"metrics\":{\"label\":{\"count\":1},\"temperature\":{\"count\":6,\"min\":-0.5,"
                        + "\"max\":43.5,\"mean\":21.5,\"last\":21.25}}}");
    }

    @Test
    void an_anomaly_has_its_score_and_when_it_is_over_its_end() {
        ResultHeader header = header(List.of("device"), List.of("d1"), 2);
        AnomalyResult.Score score = new AnomalyResult.Score(12.5, 0.5, 12, 9, Double.POSITIVE_INFINITY);

        ResultMessage message = ResultMessage.of(new AnomalyResult(
                header, AnomalyResult.State.RECOVERED, 1000, 4000, score, new AnomalyResult.End(3000, -7.25)));

        assertThat(message.topic()).isEqualTo("tidegate/anomalies/q/d1");
        assertThat(message.retained()).isTrue();
        assertThat(message.json())
                .isEqualTo("{\"query\":\"q\",\"id\":\"q/d1/1000\",\"rev\":2,\"batch\":1763805660000,"
                        + "\"key\":{\"device\":\"d1\"},\"state\":\"recovered\",\"since\":\"1970-01-01T00:00:01.000Z\","
                        + "\"time\":\"1970-01-01T00:00:04.000Z\",\"value\":12.5,\"score\":0.5,\"expected\":12.0,\"low\":9.0,"
                        + "\"until\":\"1970-01-01T00:00:03.000Z\",\"worst\":-7.25}");
    }

    @Test
    void a_merged_session_says_into_which() {
        ResultHeader header = header(List.of(), List.of(), 2);
        Result result = new SessionResult(
                header, State.MERGED, 2000, 1000L, 2000, 2000, 1, 0, new SessionResult.Metrics(new TreeMap<>()));

        ResultMessage message = ResultMessage.of(result);

        assertThat(message.topic()).isEqualTo("tidegate/sessions/q");
        assertThat(message.json())
                .isEqualTo("{\"query\":\"q\",\"id\":\"q/2000\",\"rev\":2,\"batch\":1763805660000,"
                        + "\"session\":2000,\"state\":\"merged\",\"into\":1000,"
                        + "\"start\":\"1970-01-01T00:00:02.000Z\",\"end\":\"1970-01-01T00:00:02.000Z\","
                        + "\"durationMs\":0,\"events\":1,\"late\":0,\"metrics\":{}}");
    }

    @Test
    void a_visit_has_pages_bytes_errors_and_where_it_began_and_ended() {
        ResultHeader header = header(List.of("client"), List.of("::1"), 4);
        Visit visit = new Visit(3, 203_023, 1, "/", "/projects/xdotool/");

        ResultMessage message =
                ResultMessage.of(new SessionResult(header, State.CLOSED, 1000, null, 1000, 4000, 3, 0, visit));

        assertThat(message.topic()).isEqualTo("tidegate/sessions/q/%3A%3A1");
        assertThat(message.json())
                .isEqualTo("{\"query\":\"q\",\"id\":\"q/%3A%3A1/1000\",\"rev\":4,\"batch\":1763805660000,"
                        + "\"key\":{\"client\":\"::1\"},\"session\":1000,\"state\":\"closed\","
                        + "\"start\":\"1970-01-01T00:00:01.000Z\",\"end\":\"1970-01-01T00:00:04.000Z\","
                        + "\"durationMs\":3000,\"events\":3,\"late\":0,"
                        + "\"pages\":3,\"bytes\":203023,\"errors\":1,"
                        + "\"entry\":\"/\",\"exit\":\"/projects/xdotool/\"}");
    }

    @Test
    void a_visit_without_a_path_has_no_entry_and_no_exit() {
        ResultHeader header = header(List.of(), List.of(), 1);

        ResultMessage message = ResultMessage.of(
                new SessionResult(header, State.OPEN, 1, null, 1, 1, 1, 0, new Visit(1, 0, 1, null, null)));

        assertThat(message.json()).endsWith("\"pages\":1,\"bytes\":0,\"errors\":1}");
    }

    @Test
    void totals_are_retained_and_their_id_is_query_and_key() {
        ResultHeader header = header(List.of("device", "metric"), List.of("d1", "temperature"), 9);

        ResultMessage message = ResultMessage.of(new TotalResult(header, 2, FIGURES, BATCH, BATCH + 1));

        assertThat(message.topic()).isEqualTo("tidegate/totals/q/d1/temperature");
        assertThat(message.retained()).isTrue();
        assertThat(message.json())
                .isEqualTo("{\"query\":\"q\",\"id\":\"q/d1/temperature\",\"rev\":9,\"batch\":1763805660000,"
                        + "\"key\":{\"device\":\"d1\",\"metric\":\"temperature\"},"
                        + "\"count\":2,\"sum\":43.0,\"mean\":21.5,\"min\":-0.5,\"max\":43.5,"
                        + "\"since\":\"2025-11-22T10:01:00.000Z\",\"until\":\"2025-11-22T10:01:00.001Z\"}");
    }

    @Test
    void a_window_tells_what_the_query_computes() {
        ResultHeader header = header(List.of("device"), List.of("d1"), 1);
        TimeWindow timeWindow = TimeWindow.endingAt(BATCH, 60_000, BATCH - 60_000);
        EnumSet<AggregateFunction> computed =
                EnumSet.of(AggregateFunction.MAX, AggregateFunction.MEAN, AggregateFunction.COUNT);

        ResultMessage message =
                ResultMessage.of(new WindowResult(header, timeWindow, 2, FIGURES, DistributionFigures.NONE, computed));

        assertThat(message.topic()).isEqualTo("tidegate/windows/q/d1");
        assertThat(message.retained()).isFalse();
        assertThat(message.json())
                .isEqualTo("{\"query\":\"q\",\"id\":\"q/d1/1763805660000\",\"rev\":1,\"batch\":1763805660000,"
                        + "\"key\":{\"device\":\"d1\"},\"start\":\"2025-11-22T10:00:00.000Z\","
                        + "\"end\":\"2025-11-22T10:01:00.000Z\",\"partial\":false,"
                        + "\"count\":2,\"mean\":21.5,\"max\":43.5}");
    }

    @Test
    void a_window_tells_how_its_values_are_distributed_and_whether_it_had_to_guess() {
        ResultHeader header = header(List.of(), List.of(), 1);
        TimeWindow timeWindow = TimeWindow.endingAt(BATCH, 60_000, BATCH - 60_000);
        EnumSet<AggregateFunction> computed = EnumSet.range(AggregateFunction.STDDEV, AggregateFunction.DISTINCT);
        DistributionFigures exact = new DistributionFigures(0.5, 20.0, 30.0, null, 7, true);
        DistributionFigures guessed = new DistributionFigures(0.5, 20.0, 30.0, null, 12_000, false);

        assertThat(ResultMessage.of(new WindowResult(header, timeWindow, 9, FIGURES, exact, computed))
                        .json())
                .endsWith("\"partial\":false,\"stddev\":0.5,\"p50\":20.0,\"p95\":30.0,\"distinct\":7}");
        assertThat(ResultMessage.of(new WindowResult(header, timeWindow, 9, FIGURES, guessed, computed))
                        .json())
                .endsWith("\"distinct\":12000,\"approximate\":true}");
    }

    @Test
    void an_emptied_key_has_count_zero_even_if_the_query_does_not_count() {
        ResultHeader header = header(List.of(), List.of(), 1);
        TimeWindow timeWindow = TimeWindow.endingAt(BATCH, 60_000, BATCH - 59_000);

        ResultMessage message = ResultMessage.of(new WindowResult(
                header, timeWindow, 0, NONE, DistributionFigures.NONE, EnumSet.of(AggregateFunction.SUM)));

        assertThat(message.json()).endsWith("\"partial\":true,\"count\":0}");
    }

    @Test
    void counts_are_of_one_batch() {
        ResultHeader header = header(List.of("status", "cached"), Arrays.asList(404L, null), 1);

        ResultMessage message = ResultMessage.of(new CountResult(header, 5, FIGURES));

        assertThat(message.topic()).isEqualTo("tidegate/counts/q/404/%~");
        assertThat(message.retained()).isFalse();
        assertThat(message.json())
                .isEqualTo("{\"query\":\"q\",\"id\":\"q/404/%~/1763805660000\",\"rev\":1,\"batch\":1763805660000,"
                        + "\"key\":{\"status\":404,\"cached\":null},"
                        + "\"end\":\"2025-11-22T10:01:00.000Z\",\"count\":5,\"sum\":43.0}");
    }

    @Test
    void a_ranking_has_no_key_of_its_own() {
        ResultHeader header = new ResultHeader(new Subject("q", List.of("path")), KeyCodec.NONE, 1, BATCH);
        TimeWindow timeWindow = TimeWindow.endingAt(BATCH, 1000, 0);
        List<TopResult.Entry> top =
                List.of(new TopResult.Entry("[\"/index.html\"]", 42), new TopResult.Entry("[\"/\"]", 41));

        ResultMessage message = ResultMessage.of(new TopResult(header, timeWindow, top, 3, 90));

        assertThat(message.topic()).isEqualTo("tidegate/top/q");
        assertThat(message.retained()).isTrue();
        assertThat(new String(message.payload(), UTF_8))
                .isEqualTo("{\"query\":\"q\",\"id\":\"q/1763805660000\",\"rev\":1,\"batch\":1763805660000,"
                        + "\"start\":\"2025-11-22T10:00:59.000Z\",\"end\":\"2025-11-22T10:01:00.000Z\","
                        + "\"partial\":false,\"top\":[{\"key\":{\"path\":\"/index.html\"},\"count\":42},"
                        + "{\"key\":{\"path\":\"/\"},\"count\":41}],\"distinct\":3,\"total\":90}");
    }

    @Test
    void a_key_can_not_leave_its_level_of_the_topic() {
        ResultHeader header = header(List.of("device", "flag", "n"), Arrays.asList("a/#é", true, 1.5), 1);

        assertThat(new TotalResult(header, 1, NONE, 0, 0).topic())
                .isEqualTo("tidegate/totals/q/a%2F%23%C3%A9/true/1.5");
    }

    @Test
    void a_number_in_a_key_is_the_same_in_id_and_key_whatever_its_size() {
        ResultHeader header = header(
                List.of("whole", "part"),
                List.of(new BigDecimal("100000000000000000000"), new BigDecimal("12345678901234567.10")),
                1);

        ResultMessage message = ResultMessage.of(new CountResult(header, 5, FIGURES));

        assertThat(message.topic()).isEqualTo("tidegate/counts/q/100000000000000000000/12345678901234567.10");
        assertThat(message.json()).contains("\"key\":{\"whole\":100000000000000000000,\"part\":12345678901234567.10}");
    }

    @Test
    void a_figure_beyond_the_doubles_is_omitted() {
        SummaryStatistics numbers =
                SummaryStatistics.EMPTY.plus(Double.MAX_VALUE).plus(Double.MAX_VALUE);

        assertThat(SummaryFigures.of(numbers))
                .isEqualTo(new SummaryFigures(null, Double.MAX_VALUE, Double.MAX_VALUE, Double.MAX_VALUE));
    }

    @Test
    void a_result_arrives_as_it_was_sent() {
        ResultHeader header = header(List.of("device"), List.of("d1"), 3);
        TimeWindow timeWindow = TimeWindow.endingAt(BATCH, 1000, 0);
        List<Result> results = List.of(
                new SessionResult(
                        header,
                        State.OPEN,
                        1,
                        null,
                        1,
                        2,
                        2,
                        0,
                        new SessionResult.Metrics(new TreeMap<>(Map.of("t", new Metric(2, FIGURES, 1.5))))),
                new TotalResult(header, 2, FIGURES, 1, 2),
                new WindowResult(
                        header, timeWindow, 2, FIGURES, DistributionFigures.NONE, EnumSet.of(AggregateFunction.MEAN)),
                new CountResult(header, 2, FIGURES),
                new TopResult(header, timeWindow, List.of(new TopResult.Entry("[1]", 2)), 1, 2));

        assertThat(Serialized.again(results)).isEqualTo(results);
    }

    private static ResultHeader header(List<String> by, List<?> values, long rev) {
        return new ResultHeader(new Subject("q", by), KeyCodec.encode(values), rev, BATCH);
    }
}
