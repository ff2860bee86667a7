package io.tidegate.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidegate.gateway.decode.Decoded;
import io.tidegate.gateway.decode.LineDecoder;
import io.tidegate.gateway.decode.LineSplitter;
import io.tidegate.gateway.decode.accesslog.AccessLog;
import io.tidegate.gateway.decode.accesslog.LinePrefix;
import io.tidegate.gateway.ingest.BodyDecoder;
import io.tidegate.gateway.ingest.files.LineDecoders;
import io.tidegate.gateway.ingest.mqtt.TopicDecoder;
import io.tidegate.gateway.ingest.syslog.SyslogBytes;
import io.tidegate.protocol.v1.Event;
import io.tidegate.protocol.v1.Reading;
import io.tidegate.protocol.v1.Request;
import io.tidegate.protocol.v1.TimeSource;
import io.tidegate.settings.Settings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Lines and payloads that real programs send ({@link Cases}), each with its outcome. What must come out is in {@code
 * cases.expected}, written by hand: for each event or dead letter a line of the fields that matter, {@code none} where one must
 * be absent. Cases that need a broker, a file that grows, an agent, a raw connection or Spark are in {@code cases.elsewhere}, each
 * with the tests that hold it.
 */
class CasesTest {

    private static final long NOW = Instant.parse("2026-11-23T08:00:00Z").toEpochMilli();

    private static final Map<String, JsonNode> cases = new LinkedHashMap<>();

    @TempDir
    private Path folder;

    private final GatewaySettings settings;
    private final AccessLog.Reader weblogs;
    private final BodyDecoder bodies;

    CasesTest() throws Exception {
        settings = GatewaySettings.from(Settings.load(GatewaySettings.ROOT, null, Map.of(), new Properties()));
        weblogs = new AccessLog.Reader(settings.weblogs());
        bodies = new BodyDecoder(weblogs, settings.limits());
    }

    @BeforeAll
    static void read() throws IOException {
        cases.putAll(Cases.read());
    }

    @Test
    void the_cases_that_are_not_judged_here_name_tests_that_there_are() throws Exception {
        Map<String, List<String>> elsewhere = Cases.elsewhere();
        assertThat(elsewhere).doesNotContainKeys(Cases.expectations().keySet().toArray(String[]::new));
        for (List<String> tests : elsewhere.values()) {
            for (String test : tests) {
                String[] parts = test.split("#", 2);
                if (test.startsWith("io.tidegate.gateway.")) {
                    assertThat(Class.forName(parts[0]).getDeclaredMethods())
                            .extracting(Method::getName)
                            .as(test)
                            .contains(parts[1]);
                }
            }
        }
    }

    @TestFactory
    Stream<DynamicTest> each_case_has_its_outcome() throws IOException {
        Map<String, List<Map<String, String>>> expected = Cases.expectations();
        Set<String> elsewhere = Cases.elsewhere().keySet();
        return cases.entrySet().stream().flatMap(one -> {
            List<Map<String, String>> outcome = expected.get(one.getKey());
            return elsewhere.contains(one.getKey())
                    ? Stream.empty()
                    : Stream.of(DynamicTest.dynamicTest(one.getKey(), () -> {
                        if (outcome == null) {
                            abort("nobody has written down yet what must come out of it");
                        } else {
                            holds(one.getValue(), outcome);
                        }
                    }));
        });
    }

    private void holds(JsonNode one, List<Map<String, String>> expected) throws Exception {
        List<Map<String, String>> outcome = outcome(one);

        assertThat(outcome).as("%s", outcome).hasSameSizeAs(expected);
        for (int i = 0; i < expected.size(); i++) {
            Map<String, String> fields = outcome.get(i);
            String detail = fields.getOrDefault("detail", "");
            expected.get(i).forEach((name, value) -> {
                if (name.equals("detail")) {
                    assertThat(detail).contains(value);
                } else {
                    assertThat(fields.getOrDefault(name, "none")).as(name).isEqualTo(value);
                }
            });
        }
    }

    private List<Map<String, String>> outcome(JsonNode one) throws Exception {
        byte[] input = Cases.input(one);
        Decoded decoded = switch (one.get("how").asText()) {
            case "http-logs" -> bodies.logs(input, Optional.empty(), LinePrefix.NONE, NOW);
            case "http-readings" -> bodies.readings(input, NOW);
            case "spool", "tail" -> file(input);
            case "syslog-udp" -> SyslogBytes.datagram(input, bodies, NOW);
            case "syslog-tcp" -> SyslogBytes.connection(input, bodies, NOW);
            case "config" -> message(one, input, settings(one.get("setup").asText()));
            default -> message(one, input, settings);
        };
        List<Map<String, String>> outcome = new ArrayList<>();
        if (decoded instanceof Decoded.Events events) {
            events.events().forEach(event -> outcome.add(fields(event)));
            events.damaged().forEach(damaged -> outcome.add(fields(damaged.why())));
        } else if (decoded instanceof Decoded.Rejected rejected) {
            outcome.add(fields(rejected));
        } else if (decoded instanceof Decoded.Status status) {
            outcome.add(Map.of("device", status.device(), "online", String.valueOf(status.online())));
        }
        return outcome;
    }

    private Decoded message(JsonNode one, byte[] input, GatewaySettings with) {
        return new TopicDecoder(with.routes(), with.limits(), weblogs)
                .decode(one.get("topic").asText(), input, false, NOW);
    }

    private GatewaySettings settings(String setup) throws Exception {
        Path file = Files.writeString(folder.resolve("case.conf"), "tidegate.gateway { " + setup + " }");
        return GatewaySettings.from(Settings.load(GatewaySettings.ROOT, file, Map.of(), new Properties()));
    }

    private Decoded file(byte[] content) throws IOException {
        boolean gzip = content.length > 1 && content[0] == 0x1f && content[1] == (byte) 0x8b;
        byte[] plain = content;
        if (gzip) {
            try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(content))) {
                plain = in.readAllBytes();
            }
        }
        LineDecoder decoder = new LineDecoders(weblogs, settings.limits())
                .open(LineDecoder.Kind.WEBLOG, Optional.empty(), LinePrefix.NONE, List.of());
        decoder.receivedAt(NOW);
        LineSplitter splitter = new LineSplitter(decoder.lineBytes(), new LineSplitter.Place(0, 0));
        splitter.feed(plain, 0, plain.length, decoder);
        splitter.end(decoder);
        return decoder.take();
    }

    private static Map<String, String> fields(Decoded.Rejected why) {
        return Map.of("dead", why.reason().label(), "detail", why.detail());
    }

    private static Map<String, String> fields(Event event) {
        Map<String, String> fields = new TreeMap<>();
        boolean device = event.getTimeSource() == TimeSource.DEVICE;
        String source = event.getTimeSource().name().toLowerCase(Locale.ROOT);
        fields.put(
                "time",
                device
                        ? Instant.EPOCH
                                .plus(event.getTimeUs(), ChronoUnit.MICROS)
                                .toString()
                        : source);
        if (event.hasReading()) {
            Reading reading = event.getReading();
            fields.put("reading", reading.getDevice() + "/" + reading.getMetric());
            put(fields, "value", reading.hasValue(), reading.getValue());
            put(fields, "text", reading.hasText(), reading.getText());
            put(fields, "unit", reading.hasUnit(), reading.getUnit());
            put(fields, "seq", reading.hasSeq(), reading.getSeq());
            return fields;
        }
        Request request = event.getRequest();
        fields.put("client", request.getClient());
        put(fields, "host", request.hasHost(), request.getHost());
        put(fields, "user", request.hasUser(), request.getUser());
        put(fields, "method", request.hasMethod(), request.getMethod());
        put(fields, "path", request.hasPath(), request.getPath());
        put(fields, "query", request.hasQuery(), request.getQuery());
        put(fields, "protocol", request.hasProtocol(), request.getProtocol());
        put(fields, "status", request.hasStatus(), request.getStatus());
        put(fields, "bytes", request.hasBytes(), request.getBytes());
        put(fields, "us", request.hasDurationUs(), request.getDurationUs());
        return fields;
    }

    private static void put(Map<String, String> fields, String name, boolean there, Object value) {
        if (there) {
            fields.put(name, String.valueOf(value));
        }
    }
}
