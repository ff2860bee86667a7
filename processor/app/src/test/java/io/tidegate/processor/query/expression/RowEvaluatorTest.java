package io.tidegate.processor.query.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.processor.query.ByColumn;
import io.tidegate.processor.query.RowExpressions;
import io.tidegate.protocol.v1.Event;
import io.tidegate.protocol.v1.Reading;
import io.tidegate.protocol.v1.TimeSource;
import io.tidegate.spark.event.EventRow;
import io.tidegate.spark.event.EventTable;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RowEvaluatorTest {

    private static final Event EVENT = Event.newBuilder()
            .setTimeUs(Instant.parse("2026-11-22T10:20:30.456Z").toEpochMilli() * 1000 + 789)
            .setReceivedMs(Instant.parse("2026-11-22T10:20:31Z").toEpochMilli())
            .setTimeSource(TimeSource.DEVICE)
            .setReading(Reading.newBuilder()
                    .setDevice("kitchen-1")
                    .setMetric("temperature")
                    .setValue(21.5)
                    .setUnit("Cel")
                    .setSeq(12))
            .build();
    private static final Event TEXT = Event.newBuilder()
            .setReading(
                    Reading.newBuilder().setDevice("door").setMetric("state").setText("1,2,2,open"))
            .build();

    @Test
    void plain_columns_become_the_values_of_the_key_in_their_order() throws InvalidSqlException {
        assertThat(keys("device", "metric")).containsExactly("[\"kitchen-1\",\"temperature\"]");
        assertThat(keys("seq", "key_group", "offset", "value")).containsExactly("[12,3,77,21.5]");
        assertThat(keys("time", "received", "time_source", "gateway", "text"))
                .containsExactly("[\"2026-11-22T10:20:30.456Z\",\"2026-11-22T10:20:31.000Z\",\"device\",\"gw\",null]");
    }

    @Test
    void without_by_there_is_one_key_of_no_columns() throws InvalidSqlException {
        assertThat(keys()).containsExactly("[]");
    }

    @Test
    void an_expression_gives_what_spark_sql_gives() throws InvalidSqlException {
        assertThat(keys("split(device, '-')[0] AS room")).containsExactly("[\"kitchen\"]");
        assertThat(keys("date_trunc('hour', time) AS hour")).containsExactly("[\"2026-11-22T10:00:00.000Z\"]");
        assertThat(keys("hour(time) AS h", "to_date(time) AS day")).containsExactly("[10,\"2026-11-22\"]");
        assertThat(keys("nullif(metric, 'temperature') AS m")).containsExactly("[null]");
        assertThat(keys("CAST(value AS DECIMAL(6,2)) AS v")).containsExactly("[21.50]");
        assertThat(keys("value > 20 AS warm")).containsExactly("[true]");
    }

    @Test
    void an_array_counts_the_event_once_under_each_distinct_element() throws InvalidSqlException {
        assertThat(keys(TEXT, "split(text, ',') AS part")).containsExactly("[\"1\"]", "[\"2\"]", "[\"open\"]");
        assertThat(keys(TEXT, "device", "array(1, 2, 1) AS n")).containsExactly("[\"door\",1]", "[\"door\",2]");
        assertThat(keys("split(text, ',') AS part")).isEmpty();
    }

    @Test
    void where_lets_through_what_it_says_and_unknown_is_no() throws InvalidSqlException {
        assertThat(matches("metric = 'temperature'", EVENT)).isTrue();
        assertThat(matches("metric = 'humidity'", EVENT)).isFalse();
        assertThat(matches("value > 20 AND time < TIMESTAMP '2026-11-22 10:20:31Z'", EVENT))
                .isTrue();
        assertThat(matches("value BETWEEN 20 AND 21", EVENT)).isFalse();
        assertThat(matches("value * 1.0 + 1 BETWEEN 22 AND 23", EVENT)).isTrue();
        assertThat(matches("value > 20", TEXT)).isFalse();
        assertThat(matches("CAST(text AS INT) = 1", TEXT)).isFalse();
        assertThat(matches("1 / (value - 21.5) > 0", EVENT)).isFalse();
        assertThat(matches("", TEXT)).isTrue();
    }

    @Test
    void the_value_is_a_finite_number_or_nothing() throws InvalidSqlException {
        assertThat(value("value", EVENT)).isEqualTo(21.5);
        assertThat(value("value * 9 / 5 + 32", EVENT)).isEqualTo(70.7);
        assertThat(value("length(device)", EVENT)).isEqualTo(9.0);
        assertThat(value("CAST(12.25 AS DECIMAL(6,2))", EVENT)).isEqualTo(12.25);
        assertThat(value("value", TEXT)).isNull();
        assertThat(value("CAST('NaN' AS DOUBLE)", EVENT)).isNull();
        assertThat(value("CAST('21.5' AS DOUBLE)", EVENT)).isEqualTo(21.5);
        assertThat(value("CAST('N/A' AS DOUBLE)", EVENT)).isNull();
    }

    @Test
    void one_row_serves_many_events() throws InvalidSqlException {
        RowEvaluator evaluator =
                RowEvaluator.of(new RowExpressions(EventTable.READINGS, "lower(metric) = 'state'", List.of(), "value"));
        EventRow row = new EventRow(EventTable.READINGS, "gw");

        assertThat(evaluator.matches(Rows.move(row, EVENT))).isFalse();
        assertThat(evaluator.matches(Rows.move(row, TEXT))).isTrue();
        assertThat(evaluator.matches(Rows.move(row, EVENT))).isFalse();
    }

    @Test
    void what_does_not_parse_or_resolve_is_a_mistake_in_one_line() {
        assertMistake("metric == ", "PARSE_SYNTAX_ERROR");
        assertMistake("metrik = 'x'", "metrik");
        assertMistake("frobnicate(metric) = 'x'", "frobnicate");
        assertMistake("value + 1", "must be BOOLEAN");
    }

    @Test
    void what_looks_beyond_the_event_or_changes_its_mind_is_a_mistake() {
        assertMistake("count(*) > 1", "one event alone");
        assertMistake("rank() OVER (ORDER BY time) = 1", "one event alone");
        assertMistake("rand() < 0.5", "same answer");
        assertMistake("time > now()", "same answer");
        assertMistake("value > (SELECT 1)", "one event alone");
    }

    @Test
    void by_takes_columns_and_named_expressions() throws InvalidSqlException {
        assertThat(SparkSql.byColumn(EventTable.READINGS, "Device").name()).isEqualTo("device");
        assertThat(SparkSql.byColumn(EventTable.READINGS, "lower(unit) AS u").name())
                .isEqualTo("u");
        assertThat(SparkSql.byColumn(EventTable.READINGS, "device AS sensor").name())
                .isEqualTo("sensor");
        assertThat(keys("device AS sensor")).containsExactly("[\"kitchen-1\"]");
        assertThatThrownBy(() -> SparkSql.byColumn(EventTable.READINGS, "lower(unit)"))
                .hasMessageContaining("AS name");
        assertThatThrownBy(() -> SparkSql.byColumn(EventTable.READINGS, "lower("))
                .isInstanceOf(InvalidSqlException.class);
        assertThatThrownBy(() -> TypedExpressions.key(EventTable.READINGS, "map(1, 2) AS m"))
                .hasMessageContaining("MAP<INT, INT>");
        assertThatThrownBy(() -> TypedExpressions.number(EventTable.READINGS, "device"))
                .hasMessageContaining("must be a number");
    }

    @Test
    void evaluators_are_lent_to_one_at_a_time_and_used_again() {
        RowExpressions expressions =
                new RowExpressions(EventTable.READINGS, "", List.of(new ByColumn("device", "device")), "seq");

        RowEvaluator one = EvaluatorPool.borrow(expressions);
        RowEvaluator other = EvaluatorPool.borrow(expressions);
        EvaluatorPool.giveBack(expressions, one);

        assertThat(other).isNotSameAs(one);
        assertThat(EvaluatorPool.borrow(expressions)).isSameAs(one);
    }

    private static void assertMistake(String where, String message) {
        assertThatThrownBy(() -> TypedExpressions.predicate(EventTable.READINGS, where))
                .isInstanceOf(InvalidSqlException.class)
                .hasMessageContaining(message)
                .message()
                .doesNotContain("\n");
    }

    private static List<String> keys(String... by) throws InvalidSqlException {
        return keys(EVENT, by);
    }

    private static List<String> keys(Event event, String... by) throws InvalidSqlException {
        List<ByColumn> columns =
                Stream.of(by).map(expression -> new ByColumn("c", expression)).toList();
        return RowEvaluator.of(new RowExpressions(EventTable.READINGS, "", columns, "value"))
                .keys(Rows.row(EventTable.READINGS, event));
    }

    private static boolean matches(String where, Event event) throws InvalidSqlException {
        return RowEvaluator.of(new RowExpressions(EventTable.READINGS, where, List.of(), "value"))
                .matches(Rows.row(EventTable.READINGS, event));
    }

    private static @Nullable Double value(String value, Event event) throws InvalidSqlException {
        return RowEvaluator.of(new RowExpressions(EventTable.READINGS, "", List.of(), value))
                .value(Rows.row(EventTable.READINGS, event));
    }
}
