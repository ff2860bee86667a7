package io.tidegate.gateway.ingest;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.gateway.decode.Decoded;
import io.tidegate.gateway.decode.Limits;
import io.tidegate.gateway.decode.accesslog.LinePrefix;
import io.tidegate.gateway.ingest.mqtt.Weblogs;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Many readings or lines in one body, each good or bad for itself. */
class BodyDecoderTest {

    private static final String LINE = "192.0.2.7 - - [17/May/2015:10:05:03 +0000] \"GET /a HTTP/1.1\" 200 5\n";

    private final BodyDecoder bodies = new BodyDecoder(Weblogs.reader(), new Limits(1 << 16, 100, 8, 64));

    @Test
    void a_line_that_is_an_array_is_an_error_with_its_place_and_no_reading() {
        Decoded.Events events = readings(
                "{\"device\":\"d1\",\"metric\":\"t\",\"value\":1}\n"
                        + "[{\"device\":\"d2\",\"metric\":\"t\",\"value\":2},{\"device\":\"d3\",\"metric\":\"h\",\"value\":3}]\n");

        assertThat(told(events)).containsExactly("d1/t=1.0", "2 invalid-json");
        assertThat(events.damaged().get(0).why().detail()).startsWith("line 2, offset 39: ");
        assertThat(told(readings("[{\"device\":\"d1\",\"t\":1},[{\"device\":\"d2\",\"t\":1}]]")))
                .containsExactly("d1/t=1.0", "2 invalid-json");
    }

    @Test
    void a_metric_that_is_no_text_is_an_error_and_no_reading_of_its_number() {
        for (String metric : List.of("40001", "true", "{\"a\":1}", "[\"t\"]", "\"\"")) {
            assertThat(told(readings("{\"device\":\"plc1\",\"metric\":" + metric + ",\"value\":3}")))
                    .as(metric)
                    .containsExactly("1 unsupported-value");
        }
        assertThat(told(readings("{\"device\":\"plc1\",\"metric\":null,\"t\":4}")))
                .containsExactly("plc1/t=4.0");
        assertThat(told(readings("{\"device\":17,\"metric\":\"t\",\"value\":1}")))
                .containsExactly("1 no-device");
    }

    @Test
    void a_byte_order_mark_is_skipped_before_a_body_and_before_a_line() {
        String reading = "{\"device\":\"d1\",\"t\":1}";
        for (String body : List.of(reading, "[" + reading + "]", reading + "\n")) {
            assertThat(told(readings("\ufeff" + body))).as(body).containsExactly("d1/t=1.0");
        }
        assertThat(told(readings(reading + "\n\ufeff" + reading))).containsExactly("d1/t=1.0", "d1/t=1.0");
        assertThat(logs("\ufeff" + LINE + "\ufeff" + LINE, LinePrefix.NONE).events())
                .hasSize(2);
        assertThat(logs("\ufeff[\"" + LINE.replace("\"", "\\\"").strip() + "\"]", LinePrefix.NONE)
                        .events())
                .hasSize(1);
    }

    @Test
    void utf_16_is_one_dead_letter_that_says_so() {
        Decoded.Events logs = bodies.logs((LINE + LINE).getBytes(UTF_16), Optional.empty(), LinePrefix.NONE, 0);
        Decoded.Events readings = bodies.readings("{\"device\":\"d1\",\"t\":1}".getBytes(UTF_16), 0);

        assertThat(told(logs)).containsExactly("1 invalid-line");
        assertThat(told(readings)).containsExactly("1 invalid-utf8");
        assertThat(logs.damaged().get(0).why().detail()).contains("UTF-16");
        assertThat(readings.damaged().get(0).why().detail()).contains("UTF-16");
    }

    @Test
    void what_stands_in_front_of_each_line_is_taken_off_when_asked_to() {
        String line = "2026-11-23T07:40:02.123456789Z " + LINE;

        assertThat(logs(line + line, LinePrefix.TIMESTAMP).events()).hasSize(2);
        assertThat(logs(line, LinePrefix.NONE).damaged()).hasSize(1);
    }

    private Decoded.Events logs(String body, LinePrefix strip) {
        return bodies.logs(body.getBytes(UTF_8), Optional.empty(), strip, 0);
    }

    private Decoded.Events readings(String body) {
        return bodies.readings(body.getBytes(UTF_8), 0);
    }

    private static List<String> told(Decoded.Events events) {
        return java.util.stream.Stream.concat(
                        events.events().stream()
                                .map(event -> event.getReading().getDevice() + "/"
                                        + event.getReading().getMetric() + "="
                                        + event.getReading().getValue()),
                        events.damaged().stream()
                                .map(damaged -> damaged.number() + " "
                                        + damaged.why().reason().label()))
                .toList();
    }
}
