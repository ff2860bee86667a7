package io.tidegate.gateway.weblog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.protocol.v1.AgentClass;
import io.tidegate.protocol.v1.Request;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class W3cFormatTest {

    private final AccessLog log = Lines.log();

    @Test
    void iis_says_what_its_columns_are() throws DamagedLine {
        directive("#Software: Microsoft Internet Information Services 10.0");
        directive("#Version: 1.0");
        directive("#Date: 2015-05-17 10:00:00");
        directive("#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent)"
                + " cs(Referer) sc-status sc-substatus sc-win32-status time-taken");

        LogEntry entry = Lines.entry(
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
    void columns_may_change_in_the_middle_and_stand_apart_by_tabs() throws DamagedLine {
        directive("#Fields: date time c-ip sc-status");
        assertThat(Lines.entry(log, "2015-05-17 10:05:03 192.0.2.7 200")
                        .request()
                        .getStatus())
                .isEqualTo(200);

        directive("#Fields: time\tc-ip\tcs-uri\ttime-taken cs(user-agent)");

        LogEntry entry = Lines.entry(log, "10:05:03.5\t192.0.2.8\t/x?y=\"\t0.125\t\"a \"\"b\"\"\"");
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
    void who_goes_on_in_the_middle_needs_the_directives_that_hold() throws DamagedLine {
        directive("#Date: 2015-05-18");
        directive("#Fields: time c-ip sc-status");
        List<String> directives = log.directives();

        AccessLog resumed = new AccessLog.Reader(Lines.settings(RequestTime.AUTO)).resume(directives);

        String line = "10:05:03 192.0.2.7 200";
        assertThat(Lines.entry(resumed, line)).isEqualTo(Lines.entry(log, line));
    }

    @Test
    void a_line_that_does_not_fit_its_columns_is_damaged() throws DamagedLine {
        directive("#Fields: date time c-ip sc-status");
        for (String line : List.of(
                "2015-05-17 10:05:03 192.0.2.7",
                "2015-05-17 10:05:03 192.0.2.7 200 1",
                "2015-05-17 10:05:03 192.0.2.7 200 ",
                "2015-05-17 10:05:03  192.0.2.7 200",
                "2015-05-17 10:05:03 \"192.0.2.7 200",
                "2015-05-17 10:05:03 192.0.2.7 2x0",
                "2015-05-17 10:05:03 192.0.2.7 2000")) {
            assertThat(Lines.damage(log, line).flaw()).as(line).isEqualTo(Flaw.INVALID_LINE);
        }
        assertThat(Lines.damage(log, "2015-05-32 10:05:03 192.0.2.7 200").flaw())
                .isEqualTo(Flaw.INVALID_TIME);
        assertThat(Lines.damage(log, "2015-05-17 1:05:03 192.0.2.7 200").flaw()).isEqualTo(Flaw.INVALID_TIME);
        assertThat(Lines.damage(log, "2015-05-17 10:05:03 - 200").flaw()).isEqualTo(Flaw.NO_CLIENT);
    }

    @Test
    void directives_that_say_nothing_are_damaged() {
        assertThat(Lines.damage(log, "#Fields:").flaw()).isEqualTo(Flaw.NO_FIELDS);
        assertThat(Lines.damage(log, "#Fields: time time").flaw()).isEqualTo(Flaw.NO_FIELDS);
        assertThat(Lines.damage(log, "#Date: today").flaw()).isEqualTo(Flaw.INVALID_TIME);
        assertThat(Lines.damage(log, "# a comment").flaw()).isEqualTo(Flaw.INVALID_LINE);
        assertThat(Lines.damage(log, "2015-05-17 10:05:03 192.0.2.7 200").flaw())
                .isEqualTo(Flaw.INVALID_LINE);
    }

    private void directive(String line) throws DamagedLine {
        byte[] bytes = line.getBytes(UTF_8);
        assertThat(log.read(bytes, 0, bytes.length)).isNull();
    }
}
