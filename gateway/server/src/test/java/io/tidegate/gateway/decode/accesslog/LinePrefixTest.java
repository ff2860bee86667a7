package io.tidegate.gateway.decode.accesslog;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.gateway.decode.MalformedInput;
import io.tidegate.gateway.decode.Reason;
import io.tidegate.protocol.v1.Request;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands in front of each line, and is taken off where the source says so. */
class LinePrefixTest {

    private static final String LINE = "192.0.2.7 - - [17/May/2015:10:05:03 +0000] \"GET /a HTTP/1.1\" 200 5";
    private static final String TIME = "2026-11-23T07:40:02.123456789Z ";

    private static final AccessLog.Reader READER = new AccessLog.Reader(Lines.settings(RequestTime.AUTO));

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            CRI       | 2026-11-23T07:40:02.123456789Z stdout F          | ``
            CRI       | 2026-11-23T08:40:02+01:00 stderr F:x             | ``
            TIMESTAMP | 2026-11-23T07:40:02.000000001Z                   | ``
            TIMESTAMP | 2026-11-23T07:40:02Z                             | ``
            DOCKER    | 2026-11-23T07:40:02.123456789Z                   | ``
            SYSLOG    | Nov 23 13:00:01 web1 nginx:                      | web1
            SYSLOG    | Nov 05 13:00:01.123 web1 nginx[12]:              | web1
            SYSLOG    | 2026-11-23T13:00:01.123456+00:00 web1 nginx:     | web1
            SYSLOG    | <190>Nov 23 13:00:01 nginx:                      | ``
            """)
    void a_prefix_is_taken_off(LinePrefix strip, String prefix, String host) throws MalformedInput {
        Request request = Lines.entry(READER.open(strip), prefix + " " + LINE).request();

        assertThat(request.getClient()).isEqualTo("192.0.2.7");
        assertThat(request.getPath()).isEqualTo("/a");
        assertThat(request.hasUser()).isFalse();
        assertThat(request.getHost()).isEqualTo(host == null ? "" : host);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            CRI       | ``
            CRI       | 2026-11-23T07:40:02.123456789Z
            CRI       | 2026-11-23T07:40:02.123456789Z stdlog F
            TIMESTAMP | ``
            TIMESTAMP | 2026-11-23T07:40:02.1234567890Z
            TIMESTAMP | 2026-11-23T07:40:02.123456789Z stdout F
            SYSLOG    | ``
            SYSLOG    | nginx:
            DOCKER    | ``
            NONE      | 2026-11-23T07:40:02.123456789Z
            """)
    void a_line_without_the_prefix_is_damaged(LinePrefix strip, String prefix) {
        String line = prefix == null ? LINE : prefix + " " + LINE;

        assertThat(Lines.damage(READER.open(strip), line).reason()).isEqualTo(Reason.INVALID_LINE);
    }

    @Test
    void behind_the_prefix_any_format_may_stand_and_the_place_of_a_damage_counts_it() throws MalformedInput {
        AccessLog log = READER.open(LinePrefix.TIMESTAMP);
        byte[] fields = (TIME + "#Fields: date time c-ip").getBytes(java.nio.charset.StandardCharsets.UTF_8);

        assertThat(Lines.entry(log, TIME + "{\"remote_addr\":\"192.0.2.8\",\"status\":200}")
                        .request()
                        .getClient())
                .isEqualTo("192.0.2.8");
        assertThat(log.read(fields, 0, fields.length)).isNull();
        assertThat(Lines.entry(log, TIME + "2015-05-17 10:05:03 192.0.2.9")
                        .request()
                        .getClient())
                .isEqualTo("192.0.2.9");
        assertThat(Lines.damage(READER.open(LinePrefix.TIMESTAMP), TIME + "hello")
                        .detail())
                .startsWith("behind " + TIME.length() + " bytes in front: byte 5 ");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void pieces_of_a_line_that_was_cut_are_damaged_to_its_end_also_behind_a_restart(boolean restarted)
            throws MalformedInput {
        AccessLog log = READER.open(LinePrefix.CRI);

        assertThat(Lines.damage(log, TIME + "stdout P " + LINE).detail()).contains("pieces");
        AccessLog next = restarted ? READER.resume(LinePrefix.CRI, log.directives()) : log;
        assertThat(Lines.entry(next, TIME + "stderr F " + LINE).request().getPath())
                .isEqualTo("/a");
        assertThat(Lines.damage(next, TIME + "stdout P " + LINE).detail()).contains("pieces");
        assertThat(Lines.damage(next, TIME + "stdout F " + LINE).detail()).contains("pieces");
        assertThat(Lines.entry(next, TIME + "stdout F " + LINE).request().getPath())
                .isEqualTo("/a");
        assertThat(next.directives()).isEmpty();
    }

    @Test
    void a_record_of_docker_ends_a_line_or_is_a_piece_of_one() throws MalformedInput {
        AccessLog log = READER.open(LinePrefix.DOCKER);
        String record = "{\"log\":\"%s\",\"stream\":\"stdout\",\"time\":\"2026-11-23T07:40:02.1Z\"}";
        String text = LINE.replace("\"", "\\\"");

        assertThat(Lines.entry(log, record.formatted(text + "\\n")).request().getPath())
                .isEqualTo("/a");
        assertThat(Lines.damage(log, record.formatted(text)).detail()).contains("pieces");
        assertThat(Lines.damage(log, record.formatted(text + "\\n")).detail()).contains("pieces");
        assertThat(Lines.entry(log, record.formatted(text + "\\n")).request().getPath())
                .isEqualTo("/a");
        assertThat(Lines.damage(log, "{\"log\":\"x\\n\"}").reason()).isEqualTo(Reason.INVALID_LINE);
    }

    @Test
    void a_byte_order_mark_is_skipped_and_utf_16_is_told() throws MalformedInput {
        AccessLog log = READER.open(LinePrefix.NONE);
        String update = "\u00ef\u00bb\u00bf";

        assertThat(Lines.entry(log, update + LINE).request().getPath()).isEqualTo("/a");
        byte[] fields = (update + "#Fields: date time c-ip").getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
        assertThat(log.read(fields, 0, fields.length)).isNull();
        assertThat(Lines.entry(log, "2015-05-17 10:05:03 192.0.2.9").request().getClient())
                .isEqualTo("192.0.2.9");
        AccessLog wide = READER.open(LinePrefix.NONE);
        for (String line : List.of("\u00ff\u00fe1\0\r\0", "\0002\0")) {
            assertThat(Lines.damage(wide, line).detail()).contains("UTF-16");
        }
        assertThat(Lines.entry(wide, LINE).request().getPath()).isEqualTo("/a");
    }
}
