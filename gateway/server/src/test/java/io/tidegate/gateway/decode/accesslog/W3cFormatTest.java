package io.tidegate.gateway.decode.accesslog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.gateway.decode.MalformedInput;
import io.tidegate.gateway.decode.Reason;
import io.tidegate.protocol.v1.AgentClass;
import io.tidegate.protocol.v1.Request;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class W3cFormatTest {

    private final AccessLog log = Lines.log();

    @Test
    void iis_says_what_its_columns_are() throws MalformedInput {
        directive("#Software: Microsoft Internet Information Services 10.0");
        directive("#Version: 1.0");
        directive("#Date: 2015-05-17 10:00:00");
        directive("#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent)"
                + " cs(Referer) sc-status sc-substatus sc-win32-status time-taken");

        AccessLogEntry entry = Lines.entry(
                log,
                "2015-05-17 10:05:03 10.0.0.1 GET /a%7e b=c 443 - 192.0.2.7 Mozilla/5.0+(Windows+NT+10.0) - 200 0 0 31\r");

        assertThat(entry.timeUs())
                .isEqualTo(Instant.parse("2015-05-17T10:05:03Z").toEpochMilli() * 1000);
        assertThat(entry.request())
                .isEqualTo(Request.newBuilder()
                        .setClient("192.0.2.7")
                        .setMethod("GET")
                        .setPath("/a~")
                        .setQuery("b=c")
                        .setStatus(200)
                        .setAgent("Mozilla/5.0 (Windows NT 10.0)")
                        .setAgentClass(AgentClass.DESKTOP)
                        .setDurationUs(31_000)
                        .build());
    }

    @Test
    void columns_may_change_in_the_middle_and_stand_apart_by_tabs() throws MalformedInput {
        directive("#Fields: date time c-ip sc-status");
        assertThat(Lines.entry(log, "2015-05-17 10:05:03 192.0.2.7 200")
                        .request()
                        .getStatus())
                .isEqualTo(200);

        directive("#Fields: time\tc-ip\tcs-uri\ttime-taken cs(user-agent)");

        AccessLogEntry entry = Lines.entry(log, "10:05:03.5\t192.0.2.8\t/x?y=\"\t0.125\t\"a \"\"b\"\"\"");
        assertThat(entry.hasTime()).isFalse();
        assertThat(entry.request().getClient()).isEqualTo("192.0.2.8");
        assertThat(entry.request().getPath()).isEqualTo("/x");
        assertThat(entry.request().getDurationUs()).isEqualTo(125_000);
        assertThat(entry.request().getAgent()).isEqualTo("a \"b\"");
        directive("#Date: 2015-05-18");
        assertThat(Lines.entry(log, "10:05:03.5 192.0.2.8 /x - -").timeUs())
                .isEqualTo(Instant.parse("2015-05-18T10:05:03.5Z").toEpochMilli() * 1000);
    }

    @Test
    void who_goes_on_in_the_middle_needs_the_directives_that_hold() throws MalformedInput {
        directive("#Date: 2015-05-18");
        directive("#Fields: time c-ip sc-status");
        List<String> directives = log.directives();

        AccessLog resumed = new AccessLog.Reader(Lines.settings(RequestTime.AUTO)).resume(LinePrefix.NONE, directives);

        String line = "10:05:03 192.0.2.7 200";
        assertThat(Lines.entry(resumed, line)).isEqualTo(Lines.entry(log, line));
    }

    @Test
    void a_time_alone_is_of_the_day_that_date_named_and_goes_over_midnight() throws MalformedInput {
        directive("#Date: 2026-11-22 23:59:50");
        directive("#Fields: time c-ip");

        assertThat(time(log, "23:59:48")).isEqualTo("2026-11-22T23:59:48Z");
        assertThat(time(log, "23:59:58")).isEqualTo("2026-11-22T23:59:58Z");
        assertThat(time(log, "00:00:03")).isEqualTo("2026-11-23T00:00:03Z");
        AccessLog resumed =
                new AccessLog.Reader(Lines.settings(RequestTime.AUTO)).resume(LinePrefix.NONE, log.directives());
        for (AccessLog each : List.of(log, resumed)) {
            assertThat(time(each, "23:59:59")).isEqualTo("2026-11-22T23:59:59Z");
            assertThat(time(each, "00:00:01")).isEqualTo("2026-11-23T00:00:01Z");
            assertThat(time(each, "18:30:00")).isEqualTo("2026-11-23T18:30:00Z");
            assertThat(time(each, "04:00:00")).isEqualTo("2026-11-24T04:00:00Z");
            // Back, but by how much: of the same day or of the next one.
            assertThat(time(each, "01:00:00")).isEqualTo("none");
            assertThat(time(each, "05:00:00")).isEqualTo("none");
        }
        directive("#Date: 2026-11-26");
        assertThat(time(log, "23:30:00")).isEqualTo("2026-11-26T23:30:00Z");
    }

    private static String time(AccessLog log, String time) throws MalformedInput {
        AccessLogEntry entry = Lines.entry(log, time + " 192.0.2.7");
        return entry.hasTime()
                ? Instant.EPOCH
                        .plus(entry.timeUs(), java.time.temporal.ChronoUnit.MICROS)
                        .toString()
                : "none";
    }

    @Test
    void a_query_that_begins_with_a_quote_is_a_query() throws MalformedInput {
        directive("#Fields: c-ip cs-uri-stem cs-uri-query cs(User-Agent) sc-status");
        String script = "\"><script>alert(1)</script>";
        for (String query : List.of(script, "\"", "a\"b", "\"a")) {
            Request request =
                    Lines.entry(log, "192.0.2.7 / " + query + " x\" 403").request();
            assertThat(request.getQuery()).isEqualTo(query);
            assertThat(request.getStatus()).isEqualTo(403);
        }
        assertThat(Lines.entry(log, "192.0.2.7 / \"a b\" \"x y\" 403").request().getQuery())
                .isEqualTo("a b");
        directive("#Software: Microsoft Internet Information Services 10.0");
        AccessLog resumed =
                new AccessLog.Reader(Lines.settings(RequestTime.AUTO)).resume(LinePrefix.NONE, log.directives());
        for (AccessLog each : List.of(log, resumed)) {
            assertThat(Lines.entry(each, "192.0.2.7 / \"a\" x 403").request().getQuery())
                    .isEqualTo("\"a\"");
        }
    }

    @Test
    void what_a_visitor_writes_into_x_forwarded_for_does_not_hide_the_line() throws MalformedInput {
        directive("#Fields: date time c-ip X-Forwarded-For cs-method sc-status");
        for (String list : List.of(
                "203.0.113.9,+10.0.0.1", "203.0.113.9, 10.0.0.1", "127.0.0.1' or 1=1", "\"", "\"a b", "-", "a\" b c")) {
            Request request = Lines.entry(log, "2015-05-17 10:05:03 192.0.2.7 " + list + " GET 200")
                    .request();
            assertThat(request.getClient()).as(list).isEqualTo("192.0.2.7");
            assertThat(request.getMethod()).as(list).isEqualTo("GET");
            assertThat(request.getStatus()).as(list).isEqualTo(200);
        }
    }

    @Test
    void a_client_has_no_port_and_is_an_address_or_a_name() throws MalformedInput {
        directive("#Fields: c-ip cs-host");
        assertThat(Lines.entry(log, "192.0.2.7:5555 example.org:8080").request().getClient())
                .isEqualTo("192.0.2.7");
        assertThat(Lines.entry(log, "::1%0 example.org:8080").request().getHost())
                .isEqualTo("example.org");
        assertThat(Lines.entry(log, "203.0.113.9,+10.0.0.1 -").request().getClient())
                .isEqualTo("203.0.113.9");
        assertThat(Lines.damage(log, "23 -").reason()).isEqualTo(Reason.INVALID_LINE);
        assertThat(Lines.damage(log, "Nov -").reason()).isEqualTo(Reason.INVALID_LINE);
        directive("#Fields: c-dns");
        assertThat(Lines.entry(log, "pc7").request().getClient()).isEqualTo("pc7");
    }

    @Test
    void a_line_that_does_not_fit_its_columns_is_damaged() throws MalformedInput {
        directive("#Fields: date time c-ip sc-status");
        for (String line : List.of(
                "2015-05-17 10:05:03 192.0.2.7",
                "2015-05-17 10:05:03 192.0.2.7 200 1",
                "2015-05-17 10:05:03 192.0.2.7 200 ",
                "2015-05-17 10:05:03  192.0.2.7 200",
                "2015-05-17 10:05:03 \"192.0.2.7 200",
                "2015-05-17 10:05:03 192.0.2.7 2x0",
                "2015-05-17 10:05:03 192.0.2.7 2000")) {
            assertThat(Lines.damage(log, line).reason()).as(line).isEqualTo(Reason.INVALID_LINE);
        }
        assertThat(Lines.damage(log, "2015-05-32 10:05:03 192.0.2.7 200").reason())
                .isEqualTo(Reason.INVALID_TIME);
        assertThat(Lines.damage(log, "2015-05-17 1:05:03 192.0.2.7 200").reason())
                .isEqualTo(Reason.INVALID_TIME);
        assertThat(Lines.damage(log, "2015-05-17 10:05:03 - 200").reason()).isEqualTo(Reason.NO_CLIENT);
    }

    @Test
    void directives_that_say_nothing_are_damaged() {
        assertThat(Lines.damage(log, "#Fields:").reason()).isEqualTo(Reason.NO_FIELDS);
        assertThat(Lines.damage(log, "#Fields: time time").reason()).isEqualTo(Reason.NO_FIELDS);
        assertThat(Lines.damage(log, "#Date: today").reason()).isEqualTo(Reason.INVALID_TIME);
        assertThat(Lines.damage(log, "# a comment").reason()).isEqualTo(Reason.INVALID_LINE);
        assertThat(Lines.damage(log, "2015-05-17 10:05:03 192.0.2.7 200").reason())
                .isEqualTo(Reason.INVALID_LINE);
    }

    private void directive(String line) throws MalformedInput {
        byte[] bytes = line.getBytes(UTF_8);
        assertThat(log.read(bytes, 0, bytes.length)).isNull();
    }
}
