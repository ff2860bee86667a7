package io.tidegate.gateway.decode.accesslog;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.gateway.decode.MalformedInput;
import io.tidegate.gateway.decode.Reason;
import io.tidegate.junit.Seed;
import io.tidegate.protocol.v1.AgentClass;
import io.tidegate.protocol.v1.Request;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CommonFormatTest {

    private static final String TIME = "[17/May/2015:10:05:03 +0000]";
    private static final String START = "192.0.2.7 - - " + TIME + " ";
    private static final String COMMON = START + "\"GET /a HTTP/1.1\" 200 123";
    private static final String AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:27.0) Gecko/20100101 Firefox/27.0";
    private static final String COMBINED = COMMON + " \"http://example.com/\" \"" + AGENT + "\"";

    @Test
    void a_combined_line_gives_everything_that_it_says() throws MalformedInput {
        AccessLogEntry entry = Lines.entry("192.0.2.7 - ann " + TIME
                + " \"GET /a%7eb?q=1&r HTTP/1.1\" 304 - \"http://example.com/\" \"" + AGENT + "\"");

        assertThat(entry.request())
                .isEqualTo(Request.newBuilder()
                        .setClient("192.0.2.7")
                        .setUser("ann")
                        .setMethod("GET")
                        .setPath("/a~b")
                        .setQuery("q=1&r")
                        .setProtocol("HTTP/1.1")
                        .setStatus(304)
                        .setReferer("http://example.com/")
                        .setAgent(AGENT)
                        .setAgentClass(AgentClass.DESKTOP)
                        .build());
        assertThat(entry.timeUs())
                .isEqualTo(Instant.parse("2015-05-17T10:05:03Z").toEpochMilli() * 1000);
    }

    @Test
    void what_is_a_dash_or_empty_is_absent() throws MalformedInput {
        assertThat(Lines.request("192.0.2.7 - \"\" " + TIME + " \"-\" - - \"-\" \"\""))
                .isEqualTo(Request.newBuilder().setClient("192.0.2.7").build());
        assertThat(Lines.request(START + "\"\" 000 0"))
                .isEqualTo(
                        Request.newBuilder().setClient("192.0.2.7").setBytes(0).build());
    }

    @Test
    void the_virtual_host_may_come_first_with_its_port() throws MalformedInput {
        assertThat(Lines.request("example.com:443 " + COMBINED).getHost()).isEqualTo("example.com");
        assertThat(Lines.request("example.com " + COMMON)).satisfies(request -> {
            assertThat(request.getHost()).isEqualTo("example.com");
            assertThat(request.getClient()).isEqualTo("192.0.2.7");
        });
        assertThat(Lines.request("[2001:db8::1]:80 2001:db8::2 - - " + TIME + " \"GET / HTTP/2.0\" 200 1"))
                .satisfies(request -> {
                    assertThat(request.getHost()).isEqualTo("[2001:db8::1]");
                    assertThat(request.getClient()).isEqualTo("2001:db8::2");
                });
        assertThat(Lines.request("2001:db8::1 2001:db8::2 - - " + TIME + " \"GET / HTTP/2.0\" 200 1")
                        .getHost())
                .isEqualTo("2001:db8::1");
    }

    @Test
    void a_user_may_hold_spaces_and_an_ident_may_be_told() throws MalformedInput {
        assertThat(Lines.request("192.0.2.7 - ann b c " + TIME + " \"GET / HTTP/1.1\" 200 1")
                        .getUser())
                .isEqualTo("ann b c");
        Request request = Lines.request("192.0.2.7 ident ann " + TIME + " \"GET / HTTP/1.1\" 200 1");
        assertThat(request.getClient()).isEqualTo("192.0.2.7");
        assertThat(request.getUser()).isEqualTo("ann");
        assertThat(request.hasHost()).isFalse();
    }

    @Test
    void the_time_of_a_request_is_seconds_with_a_point_and_microseconds_without() throws MalformedInput {
        assertThat(Lines.request(COMBINED + " 0.005").getDurationUs()).isEqualTo(5000);
        assertThat(Lines.request(COMBINED + " 5123").getDurationUs()).isEqualTo(5123);
        assertThat(Lines.request(COMMON + " 1.25").getDurationUs()).isEqualTo(1_250_000);
        assertThat(Lines.request(COMBINED + " -").hasDurationUs()).isFalse();
        AccessLog seconds = new AccessLog.Reader(Lines.settings(RequestTime.SECONDS)).open(LinePrefix.NONE);
        assertThat(Lines.entry(seconds, COMBINED + " 2").request().getDurationUs())
                .isEqualTo(2_000_000);
        AccessLog milliseconds = new AccessLog.Reader(Lines.settings(RequestTime.MILLISECONDS)).open(LinePrefix.NONE);
        assertThat(Lines.entry(milliseconds, COMBINED + " 2").request().getDurationUs())
                .isEqualTo(2000);
    }

    @Test
    void what_nginx_packages_add_is_understood_and_not_believed() throws MalformedInput {
        assertThat(Lines.request(COMBINED + " \"-\"")).isEqualTo(Lines.request(COMBINED));
        assertThat(Lines.request(COMBINED + " \"203.0.113.9, 10.0.0.1\" 0.100").getDurationUs())
                .isEqualTo(100_000);
        for (String written :
                List.of("203.0.113.9, 127.0.0.1' or 1=1", "2.2\\x222.2, 1.1.1.1", "a sentence (with signs)", "")) {
            assertThat(Lines.request(COMBINED + " \"" + written + "\"")).isEqualTo(Lines.request(COMBINED));
        }
        assertThat(Lines.damage(COMBINED + " \"AJ\" \"WAS\" \"HERE\"").detail())
                .startsWith("byte " + (COMBINED.length() + 6) + " ");
    }

    @Test
    void escapes_are_undone_and_what_is_no_text_stays_escaped() throws MalformedInput {
        Request request = Lines.request(
                START
                        + "\"GET /\\xc3\\xa4%c3%a4?a=\\\"b\\\\ HTTP/1.1\" 200 1 \"http://\\xe4\\xe5/\\t\" \"say \\\"hi\\\" \\q \\x16\"");

        assertThat(request.getPath()).isEqualTo("/%C3%A4%C3%A4");
        assertThat(request.getQuery()).isEqualTo("a=\"b\\");
        assertThat(request.getReferer()).isEqualTo("http://\\xe4\\xe5/\\x09");
        assertThat(request.getAgent()).isEqualTo("say \"hi\" \\q \\x16");
    }

    @Test
    void bytes_that_are_no_utf_8_are_kept_and_harm_nobody() throws MalformedInput {
        Request request = Lines.request(COMMON + " \"\u00e4\u00c3\u00a4\" \"a\u00ff\u0001\u00ed\u00a0\u0080\"");

        assertThat(request.getReferer()).isEqualTo("\\xe4\u00e4");
        assertThat(request.getAgent()).isEqualTo("a\\xff\\x01\\xed\\xa0\\x80");
    }

    @Test
    void a_request_that_is_no_http_is_an_entry_all_the_same() throws MalformedInput {
        for (String request : List.of(
                "-",
                "",
                "\\x16\\x03\\x01\\x02",
                "SSH-2.0-Go",
                "t3 12.1.2",
                "GET",
                "GET ",
                "GET  HTTP/1.1",
                "GET /a b",
                "GET /a FTP/1.1",
                "\u0016\u0003\u0001")) {
            Request entry = Lines.request(START + "\"" + request + "\" 400 226");
            assertThat(entry.hasMethod()).as(request).isFalse();
            assertThat(entry.hasPath()).as(request).isFalse();
            assertThat(entry.hasProtocol()).as(request).isFalse();
            assertThat(entry.getStatus()).isEqualTo(400);
        }
    }

    @Test
    void a_part_of_a_request_that_is_a_dash_is_absent() throws MalformedInput {
        Request nothing = Lines.request(START + "\"- - HTTP/1.0\" 400 226");
        assertThat(nothing.hasMethod()).isFalse();
        assertThat(nothing.hasPath()).isFalse();
        assertThat(nothing.getProtocol()).isEqualTo("HTTP/1.0");
        Request old = Lines.request(START + "\"GET /a -\" 200 1");
        assertThat(old.getMethod()).isEqualTo("GET");
        assertThat(old.getPath()).isEqualTo("/a");
        assertThat(old.hasProtocol()).isFalse();
        assertThat(Lines.request(START + "\"- /a HTTP/1.1\" 200 1").getPath()).isEqualTo("/a");
    }

    @Test
    void targets_come_in_every_form() throws MalformedInput {
        assertThat(path("GET http://example.com/x?y HTTP/1.1")).isEqualTo("/x");
        assertThat(path("GET http://example.com?y HTTP/1.1")).isEqualTo("/");
        assertThat(path("OPTIONS * HTTP/1.0")).isEqualTo("*");
        assertThat(path("CONNECT example.com:443 HTTP/1.1")).isEqualTo("example.com:443");
        assertThat(path("GET /")).isEqualTo("/");
        assertThat(path("GET /a b/c HTTP/1.1")).isEqualTo("/a%20b/c");
        assertThat(path("GET /%zz%4 HTTP/1.1")).isEqualTo("/%zz%4");
        assertThat(path("GET /%2f%2e%2E%7E HTTP/1.1")).isEqualTo("/%2F..~");
    }

    private static String path(String request) throws MalformedInput {
        return Lines.request(START + "\"" + request + "\" 200 1").getPath();
    }

    @Test
    void carriage_returns_and_quotes_around_the_line_are_no_part_of_it() throws MalformedInput {
        Request plain = Lines.request(COMBINED);

        assertThat(Lines.request(COMBINED + "\r")).isEqualTo(plain);
        assertThat(Lines.request("\"" + COMBINED + "\"")).isEqualTo(plain);
        assertThat(Lines.request("\"" + COMBINED.replace("\"", "\\\"") + "\"\r"))
                .isEqualTo(plain);
        assertThat(Lines.request("\"" + COMBINED.replace("\"", "\"\"") + "\"")).isEqualTo(plain);
        assertThat(Lines.request("\"" + START + "\"\" 400 0\"").getStatus()).isEqualTo(400);
    }

    @Test
    void any_line_that_is_cut_is_damaged_except_where_it_is_a_shorter_one() {
        for (int length = 1; length < COMBINED.length(); length++) {
            String cut = COMBINED.substring(0, length);
            boolean common = cut.matches(".*\" 200 \\d+");
            if (!common) {
                assertThat(Lines.damage(cut).detail()).as(cut).isNotEmpty();
            }
        }
    }

    @Test
    void almost_is_not_enough() {
        for (String line : List.of(
                " " + COMMON,
                COMMON + " ",
                COMMON.replace(" - - ", " - "),
                COMMON.replace(" - - ", "  - - "),
                COMMON.replace("192.0.2.7", "192.0.2.7,"),
                COMMON.replace("200", "20"),
                COMMON.replace("200", "2000"),
                COMMON.replace("200", "2x0"),
                COMMON.replace(" 123", " 12k"),
                COMMON.replace(" 123", " -1"),
                COMMON.replace(" 123", " 1234567890123456789"),
                COMMON.replace("\" 200", " 200"),
                COMBINED.substring(0, COMBINED.length() - 1),
                COMBINED + "x",
                COMBINED + " 1 2",
                COMBINED + " 1.",
                COMBINED + " .5",
                COMBINED + " 99999999999999999999",
                "\"" + COMMON,
                "hello",
                "[",
                "-")) {
            assertThat(Lines.damage(line).reason()).as(line).isEqualTo(Reason.INVALID_LINE);
        }
        assertThat(Lines.damage(COMBINED.replace("192.0.2.7", "-")).reason()).isEqualTo(Reason.NO_CLIENT);
        for (String time : List.of(
                "32/May/2015:10:05:03 +0000",
                "29/Feb/2015:10:05:03 +0000",
                "17/may/2015:10:05:03 +0000",
                "17/May/2015:24:05:03 +0000",
                "17/May/2015:10:60:03 +0000",
                "17/May/2015:10:05:03 0000",
                "17/May/2015:10:05:03 +0060",
                "17-May-2015:10:05:03 +0000",
                "1")) {
            assertThat(Lines.damage(COMMON.replace("17/May/2015:10:05:03 +0000", time))
                            .reason())
                    .as(time)
                    .isEqualTo(Reason.INVALID_TIME);
        }
    }

    @Test
    void the_place_of_the_damage_is_told() {
        assertThat(Lines.damage(COMMON.replace("200", "2x0")).detail())
                .isEqualTo("byte " + COMMON.indexOf("200") + " (expected: a status of three digits, or -)");
    }

    @Test
    void times_are_those_of_the_calendar() throws MalformedInput {
        DateTimeFormatter clf = DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss xx", Locale.ENGLISH);
        Random random = Seed.of("calendar").random();
        for (int i = 0; i < 20_000; i++) {
            OffsetDateTime time = Instant.ofEpochSecond(random.nextLong(-60_000_000_000L, 200_000_000_000L))
                    .atOffset(ZoneOffset.ofTotalSeconds(60 * random.nextInt(-18 * 60, 18 * 60 + 1)));
            String line = COMMON.replace("17/May/2015:10:05:03 +0000", clf.format(time));

            assertThat(Lines.entry(line).timeUs()).as(line).isEqualTo(time.toEpochSecond() * 1_000_000);
        }
    }

    @Test
    void a_line_may_be_as_long_as_the_limit_says_and_no_longer() throws MalformedInput {
        int limit = 64 * 1024;
        String start = START + "\"GET /";
        String end = " HTTP/1.1\" 200 1";
        String path = "x".repeat(limit - start.length() - end.length());

        assertThat(Lines.request(start + path + end).getPath()).hasSize(path.length() + 1);
        assertThat(Lines.damage(start + path + "x" + end).reason()).isEqualTo(Reason.LINE_TOO_LONG);
    }

    @Test
    void agents_are_classed_by_what_they_call_themselves() {
        assertThat(UserAgents.classify(AGENT)).isEqualTo(AgentClass.DESKTOP);
        assertThat(UserAgents.classify("Opera/9.80 (Windows NT 6.1)")).isEqualTo(AgentClass.DESKTOP);
        assertThat(UserAgents.classify("Mozilla/5.0 (iPad; CPU OS 6_0_1 like Mac OS X) Mobile/10A523"))
                .isEqualTo(AgentClass.MOBILE);
        assertThat(UserAgents.classify("Mozilla/5.0 (Linux; Android 9; CUBOT_P30) Chrome/84 Mobile"))
                .isEqualTo(AgentClass.MOBILE);
        assertThat(UserAgents.classify("Mozilla/5.0 (iPhone; CPU iPhone OS 6_0) (compatible; Googlebot/2.1)"))
                .isEqualTo(AgentClass.ROBOT);
        assertThat(UserAgents.classify("curl/7.88.1")).isEqualTo(AgentClass.ROBOT);
        assertThat(UserAgents.classify("UniversalFeedParser/4.2-pre-314-svn")).isEqualTo(AgentClass.ROBOT);
    }
}
