package io.tidegate.processor.query.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.processor.query.ByColumn;
import io.tidegate.processor.query.RowExpressions;
import io.tidegate.protocol.v1.AgentClass;
import io.tidegate.protocol.v1.Event;
import io.tidegate.protocol.v1.Reading;
import io.tidegate.protocol.v1.Request;
import io.tidegate.protocol.v1.TimeSource;
import io.tidegate.spark.event.EventColumn;
import io.tidegate.spark.event.EventTable;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The columns of requests, and what expressions make of them and of texts. */
class RequestRowTest {

    private static final Event REQUEST = Event.newBuilder()
            .setTimeUs(Instant.parse("2015-05-17T10:05:43Z").toEpochMilli() * 1000)
            .setReceivedMs(Instant.parse("2026-11-22T10:20:31Z").toEpochMilli())
            .setTimeSource(TimeSource.DEVICE)
            .setRequest(Request.newBuilder()
                    .setClient("83.149.9.216")
                    .setHost("www.example.org")
                    .setUser("ann")
                    .setMethod("GET")
                    .setPath("/presentations/logstash/images/kibana.png")
                    .setQuery("size=big&lang=de")
                    .setProtocol("HTTP/1.1")
                    .setStatus(404)
                    .setBytes(171_717)
                    .setReferer("http://example.org/")
                    .setAgent("Mozilla/5.0")
                    .setAgentClass(AgentClass.DESKTOP)
                    .setDurationUs(1_250_000))
            .build();
    private static final Event BARE =
            Event.newBuilder().setRequest(Request.newBuilder().setClient("::1")).build();

    @Test
    void the_columns_are_those_of_the_manual_in_their_order() {
        assertThat(EventTable.REQUESTS.columnNames())
                .isEqualTo("client, host, user, method, path, query, protocol, status, bytes, referer, agent, time,"
                        + " time_source, received, gateway, key_group, offset, agent_class, duration");
        assertThat(EventTable.READINGS.columnNames())
                .isEqualTo("device, metric, value, text, unit, time, time_source, received, seq, gateway, key_group,"
                        + " offset");
    }

    @Test
    void every_column_has_what_the_request_has() throws InvalidSqlException {
        assertThat(keys(REQUEST, "client", "host", "user", "method", "path", "query", "protocol"))
                .containsExactly("[\"83.149.9.216\",\"www.example.org\",\"ann\",\"GET\","
                        + "\"/presentations/logstash/images/kibana.png\",\"size=big&lang=de\",\"HTTP/1.1\"]");
        assertThat(keys(REQUEST, "status", "bytes", "referer", "agent", "agent_class", "duration"))
                .containsExactly("[404,171717,\"http://example.org/\",\"Mozilla/5.0\",\"desktop\",1.25]");
        assertThat(keys(REQUEST, "time", "time_source", "received", "gateway", "key_group", "offset"))
                .containsExactly("[\"2015-05-17T10:05:43.000Z\",\"device\",\"2026-11-22T10:20:31.000Z\",\"gw\",3,77]");
    }

    @Test
    void an_expression_over_a_column_sees_the_same_as_the_column() throws InvalidSqlException {
        for (EventColumn column : EventTable.REQUESTS.columns()) {
            String name = column.name();
            assertThat(keys(REQUEST, "coalesce(" + name + ", " + name + ") AS c"))
                    .as(name)
                    .isEqualTo(keys(REQUEST, name));
            assertThat(keys(BARE, "coalesce(" + name + ", NULL) AS c")).as(name).isEqualTo(keys(BARE, name));
        }
    }

    @Test
    void what_the_log_did_not_say_is_null() throws InvalidSqlException {
        assertThat(keys(BARE, "client", "host", "user", "method", "path", "query", "protocol", "status"))
                .containsExactly("[\"::1\",null,null,null,null,null,null,null]");
        assertThat(keys(BARE, "bytes", "referer", "agent", "agent_class", "duration"))
                .containsExactly("[null,null,null,null,null]");
        assertThat(value("bytes", BARE)).isNull();
        assertThat(value(EventTable.REQUESTS.defaultValue(), REQUEST)).isEqualTo(171_717.0);
    }

    @Test
    void the_first_segment_of_the_path_is_a_section() throws InvalidSqlException {
        assertThat(keys(REQUEST, "split(path, '/')[1] AS section")).containsExactly("[\"presentations\"]");
        assertThat(keys(BARE, "split(path, '/')[1] AS section")).containsExactly("[null]");
    }

    @Test
    void a_status_has_a_class() throws InvalidSqlException {
        assertThat(keys(REQUEST, "concat(status div 100, 'xx') AS class")).containsExactly("[\"4xx\"]");
        assertThat(keys(REQUEST, "int(status / 100) AS class")).containsExactly("[4]");
        assertThat(keys(BARE, "concat(status div 100, 'xx') AS class")).containsExactly("[null]");
        assertThat(value("if(status >= 500, 1.0, 0.0)", REQUEST)).isZero();
        assertThat(value("if(status >= 400, 1.0, 0.0)", REQUEST)).isEqualTo(1.0);
        assertThat(value("duration * 1000", REQUEST)).isEqualTo(1250.0);
    }

    @Test
    void the_parameters_of_a_query_are_as_many_keys() throws InvalidSqlException {
        assertThat(keys(REQUEST, "split(query, '&') AS parameter")).containsExactly("[\"size=big\"]", "[\"lang=de\"]");
        assertThat(keys(REQUEST, "map_keys(str_to_map(query, '&', '=')) AS name"))
                .containsExactly("[\"size\"]", "[\"lang\"]");
    }

    @Test
    void what_is_not_a_page_can_be_left_out_and_a_long_path_cut() throws InvalidSqlException {
        String pages = "method = 'GET' AND path NOT RLIKE '[.](css|js|png|jpg|ico|gif)$'";
        Event page = REQUEST.toBuilder()
                .setRequest(REQUEST.getRequest().toBuilder().setPath("/projects/png"))
                .build();

        assertThat(matches(pages, REQUEST)).isFalse();
        assertThat(matches(pages, page)).isTrue();
        assertThat(matches(pages, BARE)).isFalse();
        assertThat(keys(REQUEST, "left(path, 5) AS path")).containsExactly("[\"/pres\"]");
    }

    @Test
    void hashtags_are_counted_once_per_text() throws InvalidSqlException {
        String tags = "filter(split(text, ' '), t -> startswith(t, '#')) AS tag";

        assertThat(keys(text("tides #sea and #Sea and again #sea"), tags)).containsExactly("[\"#sea\"]", "[\"#Sea\"]");
        assertThat(keys(text("nothing to see"), tags)).isEmpty();
    }

    @Test
    void a_query_over_one_table_can_not_name_the_columns_of_the_other() {
        assertThatThrownBy(() -> TypedExpressions.predicate(EventTable.REQUESTS, "metric = 'x'"))
                .isInstanceOf(InvalidSqlException.class)
                .hasMessageContaining("metric");
        assertThatThrownBy(() -> TypedExpressions.predicate(EventTable.READINGS, "status = 200"))
                .isInstanceOf(InvalidSqlException.class)
                .hasMessageContaining("status");
    }

    private static Event text(String text) {
        return Event.newBuilder()
                .setReading(
                        Reading.newBuilder().setDevice("d").setMetric("post").setText(text))
                .build();
    }

    private static List<String> keys(Event event, String... by) throws InvalidSqlException {
        EventTable from = event.hasRequest() ? EventTable.REQUESTS : EventTable.READINGS;
        List<ByColumn> columns =
                Stream.of(by).map(expression -> new ByColumn("c", expression)).toList();
        return RowEvaluator.of(new RowExpressions(from, "", columns, from.defaultValue()))
                .keys(Rows.row(from, event));
    }

    private static boolean matches(String where, Event event) throws InvalidSqlException {
        return RowEvaluator.of(new RowExpressions(EventTable.REQUESTS, where, List.of(), "bytes"))
                .matches(Rows.row(EventTable.REQUESTS, event));
    }

    private static @Nullable Double value(String value, Event event) throws InvalidSqlException {
        return RowEvaluator.of(new RowExpressions(EventTable.REQUESTS, "", List.of(), value))
                .value(Rows.row(EventTable.REQUESTS, event));
    }
}
