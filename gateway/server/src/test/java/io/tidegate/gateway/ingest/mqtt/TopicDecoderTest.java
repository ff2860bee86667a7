package io.tidegate.gateway.ingest.mqtt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.gateway.decode.Decoded;
import io.tidegate.gateway.decode.Limits;
import io.tidegate.gateway.decode.Reason;
import io.tidegate.protocol.v1.Event;
import io.tidegate.protocol.v1.Reading;
import io.tidegate.protocol.v1.Request;
import io.tidegate.protocol.v1.TimeSource;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TopicDecoderTest {

    private static final long NOW = Instant.parse("2026-11-22T10:00:00Z").toEpochMilli();

    private final TopicDecoder decoders = new TopicDecoder(
            List.of(
                    new Route("sensors/+/status", Route.Decoder.STATUS),
                    new Route("sensors/+/+", Route.Decoder.METRIC),
                    new Route("sensors/+", Route.Decoder.READINGS),
                    new Route("weblogs/+", Route.Decoder.WEBLOG)),
            new Limits(64 * 1024, 100, 8, 64),
            Weblogs.reader());

    @ParameterizedTest
    @CsvSource({
        "21.4, 21.4",
        "-3, -3",
        "+7, 7",
        "1e3, 1000",
        "2.5E-2, 0.025",
        ".5, 0.5",
        "5., 5",
        "' 21.4 ', 21.4",
        "007, 7"
    })
    void a_number_is_a_value_without_a_text(String payload, double value) {
        Reading reading = one("sensors/d1/temperature", payload).getReading();

        assertThat(reading).isEqualTo(reading("temperature").setValue(value).build());
    }

    @Test
    void a_truth_value_is_one_or_zero_with_its_text() {
        assertThat(one("sensors/d1/open", "true").getReading())
                .isEqualTo(reading("open").setValue(1).setText("true").build());
        assertThat(one("sensors/d1/open", "false\n").getReading())
                .isEqualTo(reading("open").setValue(0).setText("false").build());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"closed", "21.4 C", "0x10", "1d", "1e", "1e+", "+", ".", "True", "-", "1.2.3", "grün", "null"})
    void other_text_is_a_text_without_a_value(String payload) {
        assertThat(one("sensors/d1/state", payload).getReading())
                .isEqualTo(reading("state").setText(payload).build());
    }

    @Test
    void a_metric_in_json_may_tell_its_time_unit_and_sequence_number_in_any_order() {
        Event event = one("sensors/d1/temperature", """
                {"seq":12,"unit":"Cel","other":[{"x":1}],"time":"2026-11-22T09:59:00.123456Z","value":21.4}""");

        assertThat(event)
                .isEqualTo(Event.newBuilder()
                        .setTimeUs(1_795_341_540_123_456L)
                        .setTimeSource(TimeSource.DEVICE)
                        .setReceivedMs(NOW)
                        .setReading(reading("temperature")
                                .setValue(21.4)
                                .setUnit("Cel")
                                .setSeq(12))
                        .build());
    }

    @Test
    void a_text_in_json_stays_a_text_even_when_it_looks_like_a_number() {
        assertThat(one("sensors/d1/code", "{\"value\":\"21.4\"}").getReading())
                .isEqualTo(reading("code").setText("21.4").build());
    }

    @Test
    void null_for_time_unit_or_seq_is_as_good_as_their_absence() {
        Event event = one("sensors/d1/t", "{\"value\":1,\"time\":null,\"unit\":null,\"seq\":null}");

        assertThat(event.getReading()).isEqualTo(reading("t").setValue(1).build());
        assertThat(event.getTimeSource()).isEqualTo(TimeSource.RECEIVED);
    }

    @Test
    void many_metrics_share_time_and_seq_and_nested_names_are_joined_by_dots() {
        List<Event> events = events("sensors/d1", """
                {"temperature":21.4,"air":{"humidity":40,"deep":{"er":true}},"gone":null,"time":1795341540,"seq":3}""");

        assertThat(events).extracting(Event::getTimeUs).containsOnly(1_795_341_540_000_000L);
        assertThat(events)
                .extracting(Event::getReading)
                .containsExactly(
                        reading("temperature").setValue(21.4).setSeq(3).build(),
                        reading("air.humidity").setValue(40).setSeq(3).build(),
                        reading("air.deep.er")
                                .setValue(1)
                                .setText("true")
                                .setSeq(3)
                                .build());
    }

    @Test
    void each_element_of_an_array_is_a_metric_with_its_number() {
        assertThat(events(
                        "sensors/d1",
                        "{\"power\":[120,null,true],\"cell\":[{\"v\":3.1},{\"v\":[3.2]}],\"none\":[],\"seq\":3}"))
                .extracting(Event::getReading)
                .containsExactly(
                        reading("power.0").setValue(120).setSeq(3).build(),
                        reading("power.2").setValue(1).setText("true").setSeq(3).build(),
                        reading("cell.0.v").setValue(3.1).setSeq(3).build(),
                        reading("cell.1.v.0").setValue(3.2).setSeq(3).build());
        assertThat(events("sensors/d1/t", "{\"value\":[1,2],\"unit\":\"Cel\"}"))
                .extracting(Event::getReading)
                .containsExactly(
                        reading("t.0").setValue(1).setUnit("Cel").build(),
                        reading("t.1").setValue(2).setUnit("Cel").build());
        assertThat(rejected("sensors/d1", bytes("{\"a\":[" + "1,".repeat(100) + "1]}"))
                        .reason())
                .isEqualTo(Reason.TOO_MANY_READINGS);
        assertThat(rejected("sensors/d1", bytes("{\"a\":[" + "null,".repeat(100) + "1]}"))
                        .reason())
                .isEqualTo(Reason.TOO_MANY_READINGS);
    }

    @Test
    void a_byte_order_mark_is_skipped_and_utf_16_is_told() {
        assertThat(one("sensors/d1/t", "\ufeff21.5").getReading())
                .isEqualTo(reading("t").setValue(21.5).build());
        assertThat(one("sensors/d1/t", "\ufeff{\"value\":21.5,\"seq\":1}").getReading())
                .isEqualTo(reading("t").setValue(21.5).setSeq(1).build());
        assertThat(one("sensors/d1", "\ufeff{\"t\":21.5}").getReading())
                .isEqualTo(reading("t").setValue(21.5).build());
        assertThat(decoders.decode("sensors/d1/status", bytes("\ufeffonline"), false, NOW))
                .isEqualTo(new Decoded.Status("d1", true));
        assertThat(rejected("sensors/d1/t", bytes("\ufeff")).reason()).isEqualTo(Reason.EMPTY_PAYLOAD);
        for (String topic : List.of("sensors/d1/t", "sensors/d1", "sensors/d1/status", "weblogs/www")) {
            assertThat(rejected(topic, "{\"t\":1}".getBytes(java.nio.charset.StandardCharsets.UTF_16))
                            .detail())
                    .contains("UTF-16");
        }
    }

    @Test
    void time_and_seq_inside_a_nested_object_are_metrics_like_any_other() {
        assertThat(events("sensors/d1", "{\"gps\":{\"time\":5,\"seq\":6}}"))
                .extracting(event -> event.getReading().getMetric())
                .containsExactly("gps.time", "gps.seq");
    }

    @Test
    void an_array_is_as_many_messages_as_it_has_objects() {
        List<Event> events = events("sensors/d1", "[{\"seq\":1,\"a\":1,\"b\":2},{\"seq\":2,\"a\":3}]");

        assertThat(events)
                .extracting(Event::getReading)
                .containsExactly(
                        reading("a").setValue(1).setSeq(1).build(),
                        reading("b").setValue(2).setSeq(1).build(),
                        reading("a").setValue(3).setSeq(2).build());
        assertThat(events("sensors/d1/a", "[{\"value\":1},{\"value\":2}]")).hasSize(2);
    }

    @Test
    void a_status_is_presence_also_when_it_was_retained() {
        assertThat(decoders.decode("sensors/d1/status", bytes("online"), true, NOW))
                .isEqualTo(new Decoded.Status("d1", true));
        assertThat(decoders.decode("sensors/d1/status", bytes("offline\n"), false, NOW))
                .isEqualTo(new Decoded.Status("d1", false));
    }

    @Test
    void a_retained_reading_is_old_whatever_it_says() {
        assertThat(decoders.decode("sensors/d1/t", bytes("21.4"), true, NOW)).isEqualTo(new Decoded.Retained());
        assertThat(decoders.decode("sensors/d1", bytes("{"), true, NOW)).isEqualTo(new Decoded.Retained());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sensors/d1/t|''|empty-payload",
                "sensors/d1/t|'  '|empty-payload",
                "sensors/d1/t|NaN|not-finite",
                "sensors/d1/t|-Infinity|not-finite",
                "sensors/d1/t|1e999|not-finite",
                "sensors/d1/t|{\"value\":1e999}|not-finite",
                "sensors/d1/t|{\"value\":NaN}|invalid-json",
                "sensors/d1/t|{}|no-value",
                "sensors/d1/t|{\"value\":null}|no-value",
                "sensors/d1/t|{\"temperature\":1}|no-value",
                "sensors/d1/t|[]|no-value",
                "sensors/d1/t|[1]|invalid-json",
                "sensors/d1/t|{\"value\":1}x|invalid-json",
                "sensors/d1/t|{\"value\":1|invalid-json",
                "sensors/d1/t|{\"value\":[]}|no-value",
                "sensors/d1/t|{\"value\":[1,{\"a\":null}],\"value\":1}|duplicate-key",
                "sensors/d1/t|{\"value\":1,\"value\":2}|duplicate-key",
                "sensors/d1/t|{\"value\":1,\"x\":1,\"x\":2}|duplicate-key",
                "sensors/d1/t|{\"value\":1,\"time\":\"yesterday\"}|invalid-time",
                "sensors/d1/t|{\"value\":1,\"time\":\"2026-11-22T10:00:00\"}|invalid-time",
                "sensors/d1/t|{\"value\":1,\"time\":true}|invalid-time",
                "sensors/d1/t|{\"value\":1,\"time\":1e300}|invalid-time",
                "sensors/d1/t|{\"value\":1,\"seq\":1.5}|invalid-seq",
                "sensors/d1/t|{\"value\":1,\"seq\":\"1\"}|invalid-seq",
                "sensors/d1/t|{\"value\":1,\"seq\":9223372036854775808}|invalid-seq",
                "sensors/d1/t|{\"value\":1,\"unit\":5}|invalid-unit",
                "sensors/d1/t|{\"value\":\"\\ud800\"}|invalid-text",
                "sensors/d1/t|{\"value\":\"\\u0000\"}|invalid-text",
                "sensors/d1|21.4|invalid-json",
                "sensors/d1|{}|no-value",
                "sensors/d1|{\"seq\":1}|no-value",
                "sensors/d1|{\"a\":[[],null]}|no-value",
                "sensors/d1|{\"a\":[1],\"a.0\":2}|duplicate-key",
                "sensors/d1|{\"a\":{\"b\":1},\"a.b\":2}|duplicate-key",
                "sensors/d1|{\"a\":{\"b\":1},\"a\":{\"c\":2}}|duplicate-key",
                "sensors/d1/status|away|unknown-status",
                "sensors/d1/status|Online|unknown-status",
                "''|1|empty-topic",
                "sensors|1|topic-shape",
                "sensors/|{\"a\":1}|topic-shape",
                "sensors//t|1|topic-shape",
                "other/d1/t|1|topic-shape",
                "sensors/d1/t/x|1|topic-shape",
                "sensors/a/#|1|topic-character",
                "sensors/+/t|1|topic-character",
                "sensors/a+b|1|topic-character",
                "1/2/3/4/5/6/7/8/9|1|topic-too-deep",
            })
    void what_says_nothing_sensible_is_rejected_with_a_reason(String topic, String payload, String reason) {
        assertThat(rejected(topic, bytes(payload)).reason().label()).isEqualTo(reason);
    }

    @Test
    void bytes_that_are_no_text_are_rejected() {
        assertThat(rejected("sensors/d1/t", new byte[] {'a', (byte) 0xc3, 'b'}).reason())
                .isEqualTo(Reason.INVALID_UTF8);
        assertThat(rejected("sensors/d1/t", new byte[] {'{', '"', (byte) 0xc0, (byte) 0x80, '"', '}'})
                        .reason())
                .isEqualTo(Reason.INVALID_UTF8);
        assertThat(rejected("sensors/d1/t", new byte[] {'{', 0, '}', 0}).reason())
                .isEqualTo(Reason.INVALID_TEXT);
        assertThat(rejected("sensors/d\0/t", bytes("1")).reason()).isEqualTo(Reason.TOPIC_CHARACTER);
        assertThat(rejected("sensors/\ud800/t", bytes("1")).reason()).isEqualTo(Reason.TOPIC_CHARACTER);
    }

    @Test
    void what_is_over_a_limit_is_rejected() {
        assertThat(rejected("sensors/d1/t", new byte[64 * 1024 + 1]).reason()).isEqualTo(Reason.PAYLOAD_TOO_LARGE);
        assertThat(rejected("sensors/" + "d".repeat(65) + "/t", bytes("1")).reason())
                .isEqualTo(Reason.NAME_TOO_LONG);
        assertThat(rejected("sensors/d1", bytes("{\"" + "m".repeat(65) + "\":1}"))
                        .reason())
                .isEqualTo(Reason.NAME_TOO_LONG);
        assertThat(rejected("sensors/d1", bytes("{\"" + "m".repeat(300) + "\":1}"))
                        .reason())
                .isEqualTo(Reason.OVER_LIMIT);
        assertThat(rejected("sensors/d1/t", bytes("9".repeat(65))).reason()).isEqualTo(Reason.OVER_LIMIT);
        assertThat(rejected("sensors/d1/t", bytes("{\"value\":" + "9".repeat(65) + "}"))
                        .reason())
                .isEqualTo(Reason.OVER_LIMIT);
        assertThat(rejected("sensors/d1/t", bytes("{\"value\":1,\"x\":" + "[".repeat(65) + "]".repeat(65) + "}"))
                        .reason())
                .isEqualTo(Reason.OVER_LIMIT);
        assertThat(rejected("sensors/d1", bytes("[" + "{\"a\":1},".repeat(100) + "{\"a\":1}]"))
                        .reason())
                .isEqualTo(Reason.TOO_MANY_READINGS);
    }

    @Test
    void a_rejection_names_its_decoder_and_says_why_in_one_harmless_line() {
        Decoded.Rejected rejected = rejected("sensors/d1/status", bytes("a\r\n\u001b[31m\u202e" + "x".repeat(500)));

        assertThat(rejected.decoder()).isEqualTo("status");
        assertThat(rejected.detail()).startsWith("status: a???[31m?xxx").hasSize(200);
        assertThat(rejected("nowhere", bytes("1")).decoder()).isEqualTo("none");
    }

    @Test
    void a_message_of_log_lines_is_requests_of_many_clients_and_its_bad_lines_are_dead_letters_of_their_own() {
        String line = "192.0.2.%d - - [17/May/2015:10:05:03 +0000] \"GET /%s HTTP/1.1\" 200 5";
        String message = line.formatted(1, "a") + "\r\n\n" + "damaged\n" + "h:80 " + line.formatted(2, "b") + "\n"
                + "{\"remote_addr\":\"2001:db8::1\",\"status\":404}\n"
                + line.formatted(3, "c").substring(0, 40) + "\n"
                + "x".repeat(2000) + "\n" + line.formatted(4, "c".repeat(50)).replace("192.0.2.4", "h".repeat(65));

        Decoded.Events events = (Decoded.Events) decoders.decode("weblogs/web1", bytes(message), false, NOW);

        assertThat(events.events().stream().map(Event::getRequest))
                .extracting(Request::getClient)
                .containsExactly("192.0.2.1", "192.0.2.2", "2001:db8::1");
        assertThat(events.events().stream().map(Event::getRequest))
                .extracting(Request::getHost)
                .containsExactly("web1", "h", "web1");
        assertThat(events.events())
                .extracting(Event::getTimeSource)
                .containsExactly(TimeSource.DEVICE, TimeSource.DEVICE, TimeSource.RECEIVED);
        assertThat(events.damaged())
                .extracting(damaged -> damaged.why().reason())
                .containsExactly(Reason.INVALID_LINE, Reason.INVALID_TIME, Reason.LINE_TOO_LONG, Reason.NAME_TOO_LONG);
        assertThat(events.damaged().get(0).raw()).isEqualTo(bytes("damaged"));
        assertThat(events.damaged().get(0).why().detail())
                .startsWith("line 3, offset " + message.indexOf("damaged") + ": byte ");
        assertThat(events.damaged().get(0).why().decoder()).isEqualTo("weblog");
        assertThat(events.damaged().get(2).length()).isEqualTo(2000);
    }

    @Test
    void a_message_without_a_line_is_a_dead_letter() {
        assertThat(rejected("weblogs/a b", bytes("x")).reason()).isEqualTo(Reason.INVALID_HOST);
        assertThat(rejected("weblogs/web1", bytes("\r\n\n#Version: 1.0\n")).reason())
                .isEqualTo(Reason.EMPTY_PAYLOAD);
        assertThat(decoders.decode("weblogs/web1", bytes("x"), true, NOW)).isInstanceOf(Decoded.Retained.class);
    }

    private Event one(String topic, String payload) {
        List<Event> events = events(topic, payload);
        assertThat(events).hasSize(1);
        return events.get(0);
    }

    private List<Event> events(String topic, String payload) {
        Decoded decoded = decoders.decode(topic, bytes(payload), false, NOW);
        assertThat(decoded).isInstanceOf(Decoded.Events.class);
        return ((Decoded.Events) decoded).events();
    }

    private Decoded.Rejected rejected(String topic, byte[] payload) {
        Decoded decoded = decoders.decode(topic, payload, false, NOW);
        assertThat(decoded).isInstanceOf(Decoded.Rejected.class);
        return (Decoded.Rejected) decoded;
    }

    private static Reading.Builder reading(String metric) {
        return Reading.newBuilder().setDevice("d1").setMetric(metric);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
