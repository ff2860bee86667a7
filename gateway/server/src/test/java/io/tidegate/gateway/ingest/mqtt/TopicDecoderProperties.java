package io.tidegate.gateway.ingest.mqtt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.tidegate.gateway.decode.Decoded;
import io.tidegate.gateway.decode.Limits;
import io.tidegate.gateway.decode.Reason;
import io.tidegate.gateway.decode.accesslog.LinePrefix;
import io.tidegate.gateway.ingest.BodyDecoder;
import io.tidegate.protocol.v1.Event;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever comes in: never an exception, never unbounded, and what is accepted survives its own encoding. */
class TopicDecoderProperties {

    private static final long MOST_BYTES_OF_A_REJECTION = 32 << 20;

    private static final long NOW = 1_795_341_600_000L;
    private static final int READINGS = 1000;

    private final TopicDecoder decoders = new TopicDecoder(
            List.of(
                    new Route("sensors/+/status", Route.Decoder.STATUS),
                    new Route("sensors/+/+", Route.Decoder.METRIC),
                    new Route("sensors/+", Route.Decoder.READINGS),
                    new Route("weblogs/+", Route.Decoder.WEBLOG)),
            new Limits(1 << 20, READINGS, 16, 256),
            Weblogs.reader());

    @Property(tries = 2000)
    void any_bytes_on_any_topic_have_an_answer(@ForAll("topics") String topic, @ForAll byte[] payload)
            throws Exception {
        sound(decoders.decode(topic, payload, false, NOW));
    }

    @Property(tries = 2000)
    void anything_like_json_has_an_answer(@ForAll("topics") String topic, @ForAll("almostJson") String payload)
            throws Exception {
        sound(decoders.decode(topic, payload.getBytes(UTF_8), false, NOW));
    }

    @Property(tries = 2000)
    void any_body_has_an_answer(@ForAll("bodies") byte[] body) throws Exception {
        BodyDecoder bodies = new BodyDecoder(Weblogs.reader(), new Limits(1 << 20, READINGS, 16, 256));
        for (Decoded.Events events :
                List.of(bodies.logs(body, Optional.of("h"), LinePrefix.NONE, NOW), bodies.readings(body, NOW))) {
            if (events.size() > 0) {
                sound(events);
            }
        }
    }

    @Provide
    Arbitrary<byte[]> bodies() {
        Arbitrary<String> almost = Combinators.combine(
                        Arbitraries.of("", "[", "[{\"device\":\"d\",", "\n"), almostJson())
                .as((start, json) -> start + json);
        return Arbitraries.oneOf(
                Arbitraries.bytes().array(byte[].class).ofMaxSize(100), almost.map(body -> body.getBytes(UTF_8)));
    }

    @Example
    void bombs_are_rejected_without_being_unpacked() {
        List<String> bombs = List.of(
                "[".repeat(100_000),
                "{\"a\":".repeat(100_000),
                "{\"value\":\"" + "x".repeat(1_000_000) + "\"}",
                "{\"value\":" + "9".repeat(1_000_000) + "}",
                "{\"value\":1e" + "9".repeat(60) + "}",
                manyKeys(90_000),
                "x".repeat(10_000_000));
        for (String topic : List.of("sensors/d/t", "sensors/d")) {
            for (String bomb : bombs) {
                byte[] payload = bomb.getBytes(UTF_8);
                decoders.decode(topic, payload, false, NOW);

                long before = allocated();
                Decoded decoded = decoders.decode(topic, payload, false, NOW);

                assertThat(allocated() - before)
                        .as(topic + " " + bomb.substring(0, 20))
                        .isLessThan(MOST_BYTES_OF_A_REJECTION);
                assertThat(decoded).as(topic + " " + bomb.substring(0, 20)).isInstanceOf(Decoded.Rejected.class);
            }
        }
    }

    /** What this thread has allocated so far: unlike the time it takes, the same on every machine. */
    private static long allocated() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }

    private static void sound(Decoded decoded) throws Exception {
        if (decoded instanceof Decoded.Rejected rejected) {
            assertThat(rejected.reason()).isNotEqualTo(Reason.DECODER_FAILED);
            assertThat(rejected.detail()).hasSizeLessThanOrEqualTo(200).doesNotContain("\n", "\r", "\u001b");
        } else if (decoded instanceof Decoded.Events events) {
            assertThat(events.size()).isPositive();
            assertThat(events.events().stream().filter(Event::hasReading)).hasSizeLessThanOrEqualTo(READINGS);
            for (Decoded.Damaged damaged : events.damaged()) {
                sound(damaged.why());
            }
            for (Event event : events.events()) {
                assertThat(Event.parseFrom(event.toByteArray())).isEqualTo(event);
                assertThat(event.getReading().getValue()).isFinite();
            }
        }
    }

    @Provide
    Arbitrary<String> topics() {
        Arbitrary<String> level = Arbitraries.oneOf(
                Arbitraries.of("sensors", "status", "d1", "", "+", "#", "a/#", "$SYS", "..", "a\r\nb", "\0", "\u202e"),
                Arbitraries.strings().ofMaxLength(20));
        Arbitrary<String> any = level.list().ofMaxSize(20).map(levels -> String.join("/", levels));
        return Arbitraries.oneOf(Arbitraries.of("sensors/d/t", "sensors/d", "sensors/d/status", "weblogs/h"), any);
    }

    @Provide
    Arbitrary<String> almostJson() {
        Arbitrary<String> token = Arbitraries.oneOf(
                Arbitraries.of(
                        "{",
                        "}",
                        "[",
                        "]",
                        ",",
                        ":",
                        "\"value\":",
                        "\"time\":",
                        "\"seq\":",
                        "\"unit\":",
                        "\"a\":",
                        "null",
                        "true",
                        "1e400",
                        "-0",
                        "NaN",
                        "\"\\ud800\"",
                        "\"\\u0000\"",
                        "\"2026-11-22T10:00:00Z\"",
                        "{\"value\":1",
                        "{\"a\":{\"b\":2}}",
                        "99999999999999999999"),
                Arbitraries.longs().map(String::valueOf),
                Arbitraries.doubles().map(String::valueOf),
                Arbitraries.strings().ofMaxLength(5).map(text -> '"' + text + '"'));
        return token.list().ofMaxSize(12).map(tokens -> String.join("", tokens));
    }

    private static String manyKeys(int count) {
        StringBuilder json = new StringBuilder("{");
        for (int i = 0; i < count; i++) {
            json.append("\"k").append(i).append("\":1,");
        }
        return json.append("\"k\":1}").toString();
    }
}
