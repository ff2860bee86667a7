package io.tidegate.gateway.decode.accesslog;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.gateway.decode.MalformedInput;
import io.tidegate.gateway.decode.Reason;
import io.tidegate.protocol.v1.AgentClass;
import io.tidegate.protocol.v1.Request;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class JsonFormatTest {

    private static final String LEAST = "{\"remote_addr\":\"192.0.2.7\",\"status\":200}";

    @Test
    void nginx_writes_variables_under_their_names_numbers_in_quotes() throws MalformedInput {
        AccessLogEntry entry = Lines.entry(
                "{\"time_iso8601\":\"2015-05-17T12:05:03+02:00\",\"remote_addr\":\"192.0.2.7\","
                        + "\"remote_user\":\"\",\"request\":\"GET /a?b=c HTTP/1.1\",\"status\":\"200\",\"body_bytes_sent\":\"123\","
                        + "\"http_referer\":\"\",\"http_user_agent\":\"curl/7\",\"request_time\":\"0.005\",\"host\":\"example.com\"}");

        assertThat(entry.request())
                .isEqualTo(Request.newBuilder()
                        .setClient("192.0.2.7")
                        .setHost("example.com")
                        .setMethod("GET")
                        .setPath("/a")
                        .setQuery("b=c")
                        .setProtocol("HTTP/1.1")
                        .setStatus(200)
                        .setBytes(123)
                        .setAgent("curl/7")
                        .setAgentClass(AgentClass.ROBOT)
                        .setDurationUs(5000)
                        .build());
        assertThat(entry.timeUs())
                .isEqualTo(Instant.parse("2015-05-17T10:05:03Z").toEpochMilli() * 1000);
    }

    @Test
    void caddy_nests_and_counts_in_seconds() throws MalformedInput {
        AccessLogEntry entry =
                Lines.entry("{\"level\":\"info\",\"ts\":1646861401.5241024,\"logger\":\"http.log.access\","
                        + "\"msg\":\"handled request\",\"request\":{\"remote_ip\":\"127.0.0.1\",\"remote_port\":\"41342\","
                        + "\"client_ip\":\"192.0.2.7\",\"proto\":\"HTTP/2.0\",\"method\":\"GET\",\"host\":\"localhost\",\"uri\":\"/x?y\","
                        + "\"headers\":{\"User-Agent\":[\"curl/7.82.0\",\"second\"],\"Accept\":[\"*/*\"]},"
                        + "\"tls\":{\"resumed\":false,\"version\":772}},\"bytes_read\":0,\"user_id\":\"\",\"duration\":0.000929675,"
                        + "\"size\":10900,\"status\":200,\"resp_headers\":{\"Server\":[\"Caddy\"]}}");

        assertThat(entry.timeUs()).isEqualTo(1_646_861_401_524_102L);
        assertThat(entry.request().getClient()).isEqualTo("192.0.2.7");
        assertThat(entry.request().getHost()).isEqualTo("localhost");
        assertThat(entry.request().getPath()).isEqualTo("/x");
        assertThat(entry.request().getQuery()).isEqualTo("y");
        assertThat(entry.request().getProtocol()).isEqualTo("HTTP/2.0");
        assertThat(entry.request().getAgent()).isEqualTo("curl/7.82.0");
        assertThat(entry.request().getBytes()).isEqualTo(10_900);
        assertThat(entry.request().getDurationUs()).isEqualTo(930);
        assertThat(entry.request().hasUser()).isFalse();
    }

    @Test
    void traefik_counts_in_nanoseconds() throws MalformedInput {
        AccessLogEntry entry =
                Lines.entry("{\"ClientAddr\":\"192.0.2.7:5555\",\"ClientHost\":\"192.0.2.7\",\"ClientUsername\":\"-\","
                        + "\"DownstreamContentSize\":19,\"DownstreamStatus\":404,\"Duration\":58432,\"RequestHost\":\"example.com\","
                        + "\"RequestMethod\":\"GET\",\"RequestPath\":\"/y\",\"RequestProtocol\":\"HTTP/1.1\","
                        + "\"StartUTC\":\"2015-05-17T10:05:03.123456789Z\",\"level\":\"info\",\"msg\":\"\","
                        + "\"request_User-Agent\":\"Mozilla/5.0\",\"time\":\"2015-05-17T10:05:04Z\"}");

        assertThat(entry.timeUs())
                .isEqualTo(Instant.parse("2015-05-17T10:05:03Z").toEpochMilli() * 1000 + 123_456);
        assertThat(entry.request())
                .isEqualTo(Request.newBuilder()
                        .setClient("192.0.2.7")
                        .setHost("example.com")
                        .setMethod("GET")
                        .setPath("/y")
                        .setProtocol("HTTP/1.1")
                        .setStatus(404)
                        .setBytes(19)
                        .setAgent("Mozilla/5.0")
                        .setAgentClass(AgentClass.DESKTOP)
                        .setDurationUs(58)
                        .build());
    }

    @Test
    void time_may_be_written_as_in_common_lines_or_be_missing() throws MalformedInput {
        assertThat(Lines.entry(LEAST.replace("}", ",\"time_local\":\"17/May/2015:10:05:03 +0000\"}"))
                        .timeUs())
                .isEqualTo(Instant.parse("2015-05-17T10:05:03Z").toEpochMilli() * 1000);
        assertThat(Lines.entry(LEAST).hasTime()).isFalse();
    }

    @Test
    void a_client_is_an_address_or_a_name_and_of_a_list_the_first_address() throws MalformedInput {
        assertThat(Lines.request(LEAST.replace("192.0.2.7", "192.0.2.7:5555")).getClient())
                .isEqualTo("192.0.2.7");
        for (String list :
                List.of("203.0.113.9, 10.0.0.1", "' or 1=1, 203.0.113.9", "unknown, [2001:db8::1]x,203.0.113.9")) {
            assertThat(Lines.request(LEAST.replace("192.0.2.7", list)).getClient())
                    .as(list)
                    .isEqualTo("203.0.113.9");
        }
        String written = LEAST.replace("}", ",\"ClientHost\":\"192.0.2.8\"}").replace("192.0.2.7", "' or 1=1");
        assertThat(Lines.request(written).getClient()).isEqualTo("192.0.2.8");
        assertThat(Lines.damage(LEAST.replace("192.0.2.7", "' or 1=1")).reason())
                .isEqualTo(Reason.NO_CLIENT);
        assertThat(Lines.request(LEAST.replace("}", ",\"host\":\"example.org:8080\"}"))
                        .getHost())
                .isEqualTo("example.org");
    }

    @Test
    void bytes_that_are_no_utf_8_are_kept() throws MalformedInput {
        assertThat(Lines.request(LEAST.replace("}", ",\"http_user_agent\":\"a\u00e4\\u0000\\n\"}"))
                        .getAgent())
                .isEqualTo("a\\xe4\\x00\\x0a");
    }

    @Test
    void what_is_not_json_of_a_request_is_damaged() {
        assertThat(Lines.damage("{\"a\":1").reason()).isEqualTo(Reason.INVALID_JSON);
        assertThat(Lines.damage(LEAST + "x").reason()).isEqualTo(Reason.INVALID_JSON);
        assertThat(Lines.damage(LEAST + LEAST).reason()).isEqualTo(Reason.INVALID_JSON);
        assertThat(Lines.damage(LEAST.replace("}", ",\"status\":1}")).reason()).isEqualTo(Reason.INVALID_JSON);
        assertThat(Lines.damage("{\"status\":200}").reason()).isEqualTo(Reason.NO_CLIENT);
        assertThat(Lines.damage("{\"remote_addr\":\"192.0.2.7\"}").reason()).isEqualTo(Reason.INVALID_LINE);
        assertThat(Lines.damage(LEAST.replace("200", "\"ok\"")).reason()).isEqualTo(Reason.INVALID_LINE);
        assertThat(Lines.damage(LEAST.replace("200", "1e9")).reason()).isEqualTo(Reason.INVALID_LINE);
        assertThat(Lines.damage(LEAST.replace("200", "200.5")).reason()).isEqualTo(Reason.INVALID_LINE);
        assertThat(Lines.damage(LEAST.replace("}", ",\"request_time\":1e999999999}"))
                        .reason())
                .isEqualTo(Reason.INVALID_LINE);
        assertThat(Lines.damage(LEAST.replace("}", ",\"ts\":\"yesterday\"}")).reason())
                .isEqualTo(Reason.INVALID_TIME);
        assertThat(Lines.damage(LEAST.replace("}", ",\"x\":" + "[".repeat(100) + "}"))
                        .reason())
                .isEqualTo(Reason.OVER_LIMIT);
    }

    @Test
    void a_line_that_a_shipper_wrapped_is_the_line() throws MalformedInput {
        String line = "192.0.2.7 - - [17/May/2015:10:05:03 +0000] \\\"GET /a HTTP/1.1\\\" 200 1";

        assertThat(Lines.request("{\"date\":1.5,\"log\":\"" + line + "\\n\"}").getPath())
                .isEqualTo("/a");
        assertThat(Lines.request("{\"message\":" + "\"" + LEAST.replace("\"", "\\\"") + "\"}")
                        .getStatus())
                .isEqualTo(200);
        assertThat(Lines.damage("{\"message\":\"hello\"}").reason()).isEqualTo(Reason.INVALID_LINE);
        String wrapped = LEAST;
        for (int i = 0; i < 3; i++) {
            wrapped = "{\"log\":\"" + wrapped.replace("\\", "\\\\").replace("\"", "\\\"") + "\"}";
        }
        assertThat(Lines.damage(wrapped).reason()).isEqualTo(Reason.OVER_LIMIT);
    }

    @Test
    void an_array_of_anything_is_passed_over() throws MalformedInput {
        for (String array : List.of("[]", "[1,2]", "[[1],{\"a\":[]}]", "[{\"remote_addr\":\"x\"}]")) {
            assertThat(Lines.request(LEAST.replace("}", ",\"http_user_agent\":" + array + "}"))
                            .hasAgent())
                    .isFalse();
        }
    }
}
