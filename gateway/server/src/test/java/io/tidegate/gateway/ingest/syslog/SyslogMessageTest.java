package io.tidegate.gateway.ingest.syslog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.gateway.ingest.syslog.SyslogMessage.Malformed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples of RFC 5424 and RFC 3164, and what nginx and rsyslog send. */
class SyslogMessageTest {

    /** 6.5, examples 1 to 4; 6.3.5, examples 1 to 5. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', emptyValue = "", textBlock = """
            <34>1 2003-10-11T22:14:15.003Z mymachine.example.com su - ID47 - \ufeff'su root' failed for lonvick on /dev/pts/8 | mymachine.example.com | 'su root' failed for lonvick on /dev/pts/8
            <165>1 2003-08-24T05:14:15.000003-07:00 192.0.2.1 myproc 8710 - - %% It's time to make the do-nuts. | 192.0.2.1 | %% It's time to make the do-nuts.
            <165>1 2003-10-11T22:14:15.003Z mymachine.example.com evntslog - ID47 [exampleSDID@32473 iut="3" eventSource="Application" eventID="1011"] \ufeffAn application event log entry... | mymachine.example.com | An application event log entry...
            <165>1 2003-10-11T22:14:15.003Z mymachine.example.com evntslog - ID47 [exampleSDID@32473 iut="3" eventSource="Application" eventID="1011"][examplePriority@32473 class="high"] | mymachine.example.com | ``
            <165>1 - h a - - [exampleSDID@32473 iut="3" eventSource="Application" eventID="1011"] [examplePriority@32473 class="high"] | h | [examplePriority@32473 class="high"]
            <165>1 - h a - - [sigSig ver="1" rsID="1234" iut="3" signature="..."] m | h | m
            <165>1 - h a - - [a b="\\"quoted\\" \\\\ \\] end"] m | h | m
            """)
    void a_message_with_a_version_has_a_header_and_structured_data(String message, String host, String content)
            throws Exception {
        assertThat(content(message)).isEqualTo(content);
        assertThat(read(message).host()).contains(host);
    }

    /** 6.2.3.1. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "1985-04-12T23:20:50.52Z",
                "1985-04-12T19:20:50.52-04:00",
                "2003-10-11T22:14:15.003Z",
                "2003-08-24T05:14:15.000003-07:00",
                "-"
            })
    void times_are_those_of_the_rfc(String time) throws Exception {
        assertThat(content("<34>1 " + time + " - - - - - x")).isEqualTo("x");
        assertThat(read("<34>1 " + time + " - - - - - x").host()).isEmpty();
    }

    /** 6.2.3.1, example 5: more than six digits; 6.3.5: a space behind the bracket; the rest is our own. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "<34>1 2003-08-24T05:14:15.000000003-07:00 h a p m - x",
                "<34>1 - h a p m [ exampleSDID@32473 iut=\"3\"] x",
                "<34>1 - h a p m [a b=\"]\"] x",
                "<34>1 - h a p m [a b=\"c] x",
                "<34>1 - h a p m [a b=\"c\\",
                "<34>1 - h a p m [] x",
                "<34>1 - h a p m x",
                "<34>1 - h a p m -x",
                "<34>1 - h a p m",
                "<34>1 -  a p m - x",
                "<34>1 2003-13-24T05:14:15Z h a p m - x",
                "<34>1 2003-12-24 05:14:15Z h a p m - x",
                "<34>1 ",
                "<192>1 - h a p m - x",
                "<034>x",
                "<>x",
                "<3x>x",
                "34>x",
                "Use the BFG!",
                ""
            })
    void what_is_no_message_is_told(String message) {
        assertThatThrownBy(() -> read(message)).isInstanceOf(Malformed.class).hasMessageContaining("expected");
    }

    /** 5.4: what the RFC says that a relay would make of its examples. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            <34>Oct 11 22:14:15 mymachine su: 'su root' failed for lonvick on /dev/pts/8 | mymachine | 'su root' failed for lonvick on /dev/pts/8
            <13>Feb  5 17:32:18 10.0.0.99 Use the BFG! | 10.0.0.99 | Use the BFG!
            <165>Aug 24 05:34:00 CST 1987 mymachine myproc[10]: %% It's time to make the do-nuts. | mymachine | %% It's time to make the do-nuts.
            <0>1990 Oct 22 10:52:01 TZ-6 scapegoat.dmz.example.org 10.1.2.3 sched[0]: That's All Folks! | scapegoat.dmz.example.org | 10.1.2.3 sched[0]: That's All Folks!
            <190>Nov 05 13:00:01 web1 nginx: 192.0.2.1 - - x | web1 | 192.0.2.1 - - x
            <190>Nov 5 13:00:01 web1 nginx: 192.0.2.1 - - x | web1 | 192.0.2.1 - - x
            <190>Nov 05 13:00:01.123456 web1 nginx: 192.0.2.1 - - x | web1 | 192.0.2.1 - - x
            <190>Nov 05 2026 13:00:01 web1 nginx: 192.0.2.1 - - x | web1 | 192.0.2.1 - - x
            <190>2026 Nov 05 13:00:01 web1 nginx: 192.0.2.1 - - x | web1 | 192.0.2.1 - - x
            <190>Nov  5 13:00:01 2026 web1 nginx: 192.0.2.1 - - x | web1 | 192.0.2.1 - - x
            <190>Nov 05 2026 13:00:01 UTC: web1 nginx: 192.0.2.1 - - x | web1 | 192.0.2.1 - - x
            <13>2026-11-23T13:00:01.123456789Z web1 nginx: 192.0.2.1 - - x | web1 | 192.0.2.1 - - x
            <13>2026-11-23T13:00:01+0100 web1 nginx: 192.0.2.1 - - x | web1 | 192.0.2.1 - - x
            <13>2026-11-23 13:00:01,123 web1 nginx: 192.0.2.1 - - x | web1 | 192.0.2.1 - - x
            <13>2026-11-23T13:00:01 nginx: 192.0.2.1 - - x | `` | 192.0.2.1 - - x
            <190>web1 nginx[7]: 192.0.2.1 - - x | web1 | 192.0.2.1 - - x
            <190>nginx: 192.0.2.1 - - x | `` | 192.0.2.1 - - x
            <13>Nov 23 13:00:01 - nginx: 192.0.2.1 - - x | `` | 192.0.2.1 - - x
            <13>Nov 23 13:00:01 {"device": "d1", "t": 1} | `` | {"device": "d1", "t": 1}
            <13>{"device": "d1", "t": 1} | `` | {"device": "d1", "t": 1}
            <190>Nov 23 13:00:01 web1 nginx: 192.0.2.1 - - [23/Nov/2026:13:00:01 +0000] "GET / HTTP/1.1" 200 5 | web1 | 192.0.2.1 - - [23/Nov/2026:13:00:01 +0000] "GET / HTTP/1.1" 200 5
            <190>Nov 23 13:00:01 nginx: 192.0.2.1 - - x | `` | 192.0.2.1 - - x
            <13>2026-11-23T13:00:01.123456+00:00 web1 httpd[7]: ::1 - - x | web1 | ::1 - - x
            <13>Nov 23 13:00:01 web1 2001:db8::1 - - x | web1 | 2001:db8::1 - - x
            <13>Nov 23 13:00:01 web1 www.example.org:80 192.0.2.1 - - x | web1 | www.example.org:80 192.0.2.1 - - x
            <13>192.0.2.1 - - x | `` | 192.0.2.1 - - x
            """)
    void a_message_without_a_version_may_have_a_time_a_host_and_a_tag(String message, String host, String content)
            throws Exception {
        assertThat(content(message)).isEqualTo(content);
        assertThat(read(message).host().orElse("")).isEqualTo(host == null ? "" : host);
    }

    @Test
    void long_values_are_read_like_short_ones() throws Exception {
        String value = "\\\"".repeat(100_000);

        assertThat(content("<1>1 - h a - - [a b=\"" + value + "\"] x")).isEqualTo("x");
    }

    private static SyslogMessage read(String message) throws Malformed {
        return SyslogMessage.read(message.getBytes(UTF_8));
    }

    private static String content(String message) throws Malformed {
        byte[] bytes = message.getBytes(UTF_8);
        int from = read(message).from();
        return new String(bytes, from, bytes.length - from, UTF_8);
    }
}
