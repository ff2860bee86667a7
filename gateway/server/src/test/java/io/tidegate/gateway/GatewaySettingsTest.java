package io.tidegate.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.typesafe.config.ConfigFactory;
import io.tidegate.gateway.decode.Limits;
import io.tidegate.gateway.decode.LineDecoder;
import io.tidegate.gateway.decode.accesslog.LinePrefix;
import io.tidegate.gateway.http.BearerTokens;
import io.tidegate.gateway.http.HttpSettings;
import io.tidegate.gateway.ingest.flume.FlumeSettings;
import io.tidegate.gateway.ingest.http.HttpIngestSettings;
import io.tidegate.gateway.ingest.mqtt.MqttSourceSettings;
import io.tidegate.gateway.ingest.mqtt.Route;
import io.tidegate.settings.InvalidSettings;
import io.tidegate.settings.Mistake;
import io.tidegate.settings.Settings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GatewaySettingsTest {

    /** Another legal value for every key that stands in reference.conf. */
    private static final Map<String, String> OTHERS = Map.ofEntries(
            Map.entry("id", "g2"),
            Map.entry("key-groups", "16"),
            Map.entry("groups", "[processor, audit]"),
            Map.entry("log.dir", "elsewhere"),
            Map.entry("log.max-bytes", "9GiB"),
            Map.entry("log.min-free-bytes", "1MiB"),
            Map.entry("log.min-retention", "2h"),
            Map.entry("log.commit-interval", "3ms"),
            Map.entry("log.trim-interval", "6s"),
            Map.entry("log.max-dead-letters", "5"),
            Map.entry("log.dead-letter-retention", "1d"),
            Map.entry("devices.silence", "6m"),
            Map.entry("devices.max-devices", "5"),
            Map.entry("devices.max-metrics-per-device", "5"),
            Map.entry("devices.max-memory", "5MiB"),
            Map.entry("devices.out-of-orderness", "6s"),
            Map.entry("devices.source-idle", "31s"),
            Map.entry("devices.settle", "11s"),
            Map.entry("pull.host", "127.0.0.2"),
            Map.entry("pull.open-to-network", "true"),
            Map.entry("pull.port", "9471"),
            Map.entry("pull.group-expiry", "25h"),
            Map.entry("pull.max-frame-bytes", "2MiB"),
            Map.entry("pull.heartbeat-interval", "4s"),
            Map.entry("pull.session-timeout", "16s"),
            Map.entry("pull.progress-interval", "251ms"),
            Map.entry("mqtt.broker", "ssl://broker:8883"),
            Map.entry("mqtt.user", "me"),
            Map.entry("mqtt.password", "secret"),
            Map.entry("mqtt.keep-alive", "21s"),
            Map.entry("mqtt.connect-timeout", "11s"),
            Map.entry("mqtt.session-expiry", "8d"),
            Map.entry("mqtt.receive-maximum", "513"),
            Map.entry("mqtt.read-interval", "1ms"),
            Map.entry("mqtt.receive-maximum-bytes", "7MiB"),
            Map.entry("log.when-full", "expire-oldest"),
            Map.entry("devices.forget", "2h"),
            Map.entry("mqtt.max-packet", "2MiB"),
            Map.entry("mqtt.qos0-buffer", "2001"),
            Map.entry("mqtt.max-batch", "2001"),
            Map.entry("mqtt.slow-retry", "2m"),
            Map.entry("sources", "[{ name = other, filters = [x] }]"),
            Map.entry("spool.match", "[\"*.log\"]"),
            Map.entry("spool.ignore", "[\"*.part\"]"),
            Map.entry("spool.settle", "3s"),
            Map.entry("spool.done", "track"),
            Map.entry("spool.suffix", ".done"),
            Map.entry("spool.tracker", "elsewhere"),
            Map.entry("spool.quarantine", "elsewhere"),
            Map.entry("spool.remember", "5"),
            Map.entry("spool.decoder", "readings"),
            Map.entry("spool.host", "www"),
            Map.entry("spool.strip", "cri"),
            Map.entry("spool.poll", "501ms"),
            Map.entry("spool.max-batch", "5001"),
            Map.entry("tail.from", "start"),
            Map.entry("tail.settle", "6s"),
            Map.entry("tail.max-open", "257"),
            Map.entry("tail.decoder", "readings"),
            Map.entry("tail.host", "www"),
            Map.entry("tail.strip", "cri"),
            Map.entry("tail.poll", "251ms"),
            Map.entry("tail.max-batch", "5001"),
            Map.entry("syslog.host", "127.0.0.2"),
            Map.entry("syslog.udp", "false"),
            Map.entry("syslog.tcp", "false"),
            Map.entry("syslog.decoder", "readings"),
            Map.entry("syslog.strip", "timestamp"),
            Map.entry("syslog.max-message", "8KiB"),
            Map.entry("syslog.max-connections", "65"),
            Map.entry("syslog.max-in-flight", "17MiB"),
            Map.entry("syslog.idle-timeout", "2h"),
            Map.entry("syslog.receive-buffer", "1MiB"),
            Map.entry("syslog.max-batch", "5001"),
            Map.entry("routes", "[{ filter = \"x/+\", decoder = readings }]"),
            Map.entry("limits.payload", "1KiB"),
            Map.entry("limits.readings", "5"),
            Map.entry("limits.topic-levels", "5"),
            Map.entry("limits.name-length", "5"),
            Map.entry("limits.body-events", "6"),
            Map.entry("limits.rejections", "7"),
            Map.entry("limits.rejected-bytes", "2MiB"),
            Map.entry("presence.enabled", "false"),
            Map.entry("presence.client-id", "me"),
            Map.entry("weblogs.max-line", "1KiB"),
            Map.entry("weblogs.request-time", "seconds"),
            Map.entry("weblogs.json.line", "[x]"),
            Map.entry("weblogs.json.client", "[x]"),
            Map.entry("weblogs.json.host", "[x]"),
            Map.entry("weblogs.json.user", "[x]"),
            Map.entry("weblogs.json.request", "[x]"),
            Map.entry("weblogs.json.method", "[x]"),
            Map.entry("weblogs.json.uri", "[x]"),
            Map.entry("weblogs.json.query", "[x]"),
            Map.entry("weblogs.json.protocol", "[x]"),
            Map.entry("weblogs.json.status", "[x]"),
            Map.entry("weblogs.json.bytes", "[x]"),
            Map.entry("weblogs.json.referer", "[x]"),
            Map.entry("weblogs.json.agent", "[x]"),
            Map.entry("weblogs.json.time", "[x]"),
            Map.entry("weblogs.json.duration-seconds", "[x]"),
            Map.entry("weblogs.json.duration-milliseconds", "[x]"),
            Map.entry("weblogs.json.duration-microseconds", "[x]"),
            Map.entry("weblogs.json.duration-nanoseconds", "[x]"),
            Map.entry("http.ingest.tokens", "[x]"),
            Map.entry("http.ingest.max-body", "1MiB"),
            Map.entry("http.ingest.max-in-flight", "65MiB"),
            Map.entry("http.ingest.max-batch", "5001"),
            Map.entry("http.ingest.body-timeout", "14s"),
            Map.entry("http.ingest.max-wait", "9s"),
            Map.entry("http.max-connections", "65"),
            Map.entry("http.ingest.remembered-answers", "5"),
            Map.entry("http.ingest.remembered-bytes", "33MiB"),
            Map.entry("http.ingest.remember-for", "25h"),
            Map.entry("http.host", "0.0.0.0"),
            Map.entry("http.port", "8471"),
            Map.entry("flume.enabled", "false"),
            Map.entry("flume.host", "0.0.0.0"),
            Map.entry("flume.port", "4142"),
            Map.entry("flume.body", "readings"),
            Map.entry("flume.strip", "syslog"),
            Map.entry("flume.compression", "deflate"),
            Map.entry("flume.tls.pem", "gateway.pem"),
            Map.entry("flume.max-connections", "65"),
            Map.entry("flume.max-request", "9MiB"),
            Map.entry("flume.max-in-flight", "129MiB"),
            Map.entry("flume.idle-timeout", "11m"),
            Map.entry("flume.max-batch", "5001"),
            Map.entry("flume.max-wait", "9s"));

    @TempDir
    private Path folder;

    @Test
    void the_defaults_are_those_that_the_manual_names() throws Exception {
        GatewaySettings settings = load("");

        assertThat(settings.id()).isEqualTo("gateway");
        assertThat(settings.keyGroups().count()).isEqualTo(8);
        assertThat(settings.log().folder()).isEqualTo(Path.of("data/gateway"));
        assertThat(settings.pull().port()).isEqualTo(9470);
        assertThat(settings.pull().host()).isEqualTo("127.0.0.1");
        assertThat(settings.pull().consumers().groups()).containsExactly("processor");
        assertThat(settings.http()).isEqualTo(new HttpSettings("127.0.0.1", 8470, 256));
        assertThat(settings.httpIngest())
                .isEqualTo(new HttpIngestSettings(
                        8 << 20,
                        64 << 20,
                        5000,
                        Duration.ofSeconds(15),
                        Duration.ofSeconds(10),
                        10_000,
                        32 << 20,
                        Duration.ofHours(24),
                        new BearerTokens(List.of())));
        assertThat(settings.flume())
                .isEqualTo(new FlumeSettings(
                        true,
                        "127.0.0.1",
                        4141,
                        LineDecoder.Kind.WEBLOG,
                        LinePrefix.NONE,
                        FlumeSettings.Compression.NONE,
                        Optional.empty(),
                        64,
                        8 << 20,
                        128 << 20,
                        Duration.ofMinutes(10),
                        5000,
                        Duration.ofSeconds(10)));
        assertThat(settings.limits()).isEqualTo(new Limits(256 * 1024, 1000, 16, 256));
        assertThat(settings.routes())
                .containsExactly(
                        new Route("sensors/+/status", Route.Decoder.STATUS),
                        new Route("sensors/+/+", Route.Decoder.METRIC),
                        new Route("sensors/+", Route.Decoder.READINGS),
                        new Route("weblogs/+", Route.Decoder.WEBLOG));
        assertThat(settings.presence().enabled()).isTrue();
        assertThat(settings.presence().endpoint().clientId()).isEqualTo("tidegate-gateway-presence");
    }

    @Test
    void there_is_one_source_by_default_with_a_session_that_lasts() throws Exception {
        MqttSourceSettings source = load("").sources().mqtt().get(0);

        assertThat(source.name()).isEqualTo("mqtt");
        assertThat(source.filters()).containsExactly("sensors/#", "weblogs/#");
        assertThat(source.endpoint().broker()).isEqualTo(URI.create("tcp://localhost:1883"));
        assertThat(source.endpoint().clientId()).isEqualTo("tidegate-gateway-mqtt");
        assertThat(source.endpoint().session().cleanStart()).isFalse();
        assertThat(source.endpoint().session().expiry()).isEqualTo(Duration.ofDays(7));
        assertThat(source.endpoint().limits().receiveMaximum()).isEqualTo(1_000);
        assertThat(source.endpoint().limits().readInterval()).isEqualTo(Duration.ofMillis(5));
        assertThat(source.endpoint().credentials().user()).isEmpty();
        assertThat(source.slowRetry()).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void every_key_of_the_manual_can_be_overridden() throws Exception {
        Set<String> keys =
                ConfigFactory.parseResources("reference.conf").getConfig(GatewaySettings.ROOT).entrySet().stream()
                        .map(Map.Entry::getKey)
                        .filter(key -> !key.equals("mqtt.qos"))
                        .collect(Collectors.toSet());
        assertThat(OTHERS.keySet()).isEqualTo(keys);
        // What sources of a kind have in common is seen in the sources of that kind.
        String sources = """
                sources = [
                  { name = m, filters = [x] }, { name = s, kind = spool, dir = in }, { name = t, kind = tail, files = [a] }
                  { name = l, kind = syslog, port = 5514 }
                ]
                """;
        GatewaySettings defaults = load(sources);

        for (Map.Entry<String, String> other : OTHERS.entrySet()) {
            boolean list = other.getValue().startsWith("[");
            String value = list ? other.getValue() : '"' + other.getValue() + '"';
            assertThat(load(sources + other.getKey() + " = " + value))
                    .as(other.getKey())
                    .isNotEqualTo(defaults);
        }
    }

    @Test
    void the_pull_port_is_not_opened_to_others_unless_it_is_said_that_it_may_be() throws Exception {
        for (String host : List.of("0.0.0.0", "::", "192.0.2.7")) {
            String settings = "pull.host = \"" + host + "\"\n";
            assertThat(invalid(settings).mistakes())
                    .singleElement()
                    .satisfies(mistake ->
                            assertThat(mistake.toString()).contains("pull.host", host, "pull.open-to-network"));
            assertThat(load(settings + "pull.open-to-network = true").pull().host())
                    .isEqualTo(host);
        }
        assertThat(load("pull.host = localhost").pull().host()).isEqualTo("localhost");
        assertThat(load("pull.host = \"::1\"").pull().host()).isEqualTo("::1");
    }

    @Test
    void a_source_may_say_for_itself_what_all_have_in_common() throws Exception {
        MqttSourceSettings source = load("""
                        sources = [{
                          name = plant-2, filters = ["$share/g/sensors/#"], client-id = me, broker = "tcp://two:1884"
                          user = u, password = p, keep-alive = 5s, connect-timeout = 3s, session-expiry = 1h
                          receive-maximum = 7, receive-maximum-bytes = 3MiB
                          max-packet = 2KiB, qos0-buffer = 9, max-batch = 11, slow-retry = 3m, qos = 1
                        }]
                        """).sources().mqtt().get(0);

        assertThat(source.name()).isEqualTo("plant-2");
        assertThat(source.endpoint().clientId()).isEqualTo("me");
        assertThat(source.endpoint().broker()).isEqualTo(URI.create("tcp://two:1884"));
        assertThat(source.endpoint().credentials().user()).contains("u");
        assertThat(source.endpoint().credentials().password()).contains("p");
        assertThat(source.endpoint().timeouts().keepAlive()).isEqualTo(Duration.ofSeconds(5));
        assertThat(source.endpoint().timeouts().connect()).isEqualTo(Duration.ofSeconds(3));
        assertThat(source.endpoint().session().expiry()).isEqualTo(Duration.ofHours(1));
        assertThat(source.endpoint().limits().receiveMaximum()).isEqualTo(7);
        assertThat(source.endpoint().limits().receiveMaximumBytes()).isEqualTo(3 << 20);
        assertThat(source.endpoint().limits().maxPacketBytes()).isEqualTo(2048);
        assertThat(source.qos0Buffer()).isEqualTo(9);
        assertThat(source.maxBatch()).isEqualTo(11);
        assertThat(source.slowRetry()).isEqualTo(Duration.ofMinutes(3));
    }

    @Test
    void what_stands_in_front_of_a_line_is_said_by_its_source_or_its_route() throws Exception {
        GatewaySettings settings = load("""
                        tail.strip = timestamp
                        sources = [
                          { name = c, kind = tail, files = ["/var/log/containers/*.log"], strip = cri }
                          { name = d, kind = tail, files = ["x.log"] }
                          { name = e, kind = syslog, port = 5514, strip = timestamp }
                        ]
                        routes = [{ filter = "weblogs/+", decoder = weblog, strip = docker }]
                        flume.strip = syslog
                        """);

        assertThat(settings.sources().tail().get(0).toString()).contains("strip=CRI");
        assertThat(settings.sources().tail().get(1).toString()).contains("strip=TIMESTAMP");
        assertThat(settings.sources().syslog().get(0).toString()).contains("strip=TIMESTAMP");
        assertThat(settings.flume().strip()).isEqualTo(LinePrefix.SYSLOG);
        assertThat(settings.routes()).containsExactly(new Route("weblogs/+", Route.Decoder.WEBLOG, LinePrefix.DOCKER));
        assertThat(invalid("""
                        spool { decoder = readings, strip = cri }
                        routes = [{ filter = "sensors/+", decoder = readings, strip = cri }]
                        """).mistakes())
                .extracting(Mistake::key)
                .map(key -> key.substring(GatewaySettings.ROOT.length() + 1))
                .contains("spool.strip", "routes[0].strip");
    }

    @Test
    void where_each_line_comes_for_itself_nothing_is_taken_off_that_tells_pieces_of_a_line() {
        for (String rules :
                List.of("strip = cri", "strip = docker", "strip = syslog, body = readings, decoder = readings")) {
            assertThat(invalid("flume { " + rules + " }, syslog { " + rules + " }")
                            .mistakes())
                    .extracting(Mistake::key)
                    .map(key -> key.substring(GatewaySettings.ROOT.length() + 1))
                    .contains("flume.strip", "syslog.strip");
        }
    }

    @Test
    void the_host_of_files_is_as_short_and_as_plain_as_one_that_a_sender_names() throws Exception {
        String longest = "h".repeat(253);
        assertThat(load("sources = [{ name = s, kind = spool, dir = in, host = %s }]".formatted(longest))
                        .sources()
                        .spool()
                        .get(0)
                        .toString())
                .contains(longest);
        assertThat(invalid("""
                        spool.host = "www 1"
                        tail.host = "www\\u0007"
                        sources = [
                          { name = s, kind = spool, dir = in, host = %s }
                          { name = t, kind = tail, files = [x.log], host = "www\\n1" }
                        ]
                        """.formatted("h".repeat(254))).mistakes())
                .extracting(Mistake::key)
                .map(key -> key.substring(GatewaySettings.ROOT.length() + 1))
                .contains("spool.host", "tail.host", "sources[0].host", "sources[1].host");
    }

    @Test
    void files_have_defaults_that_a_source_may_say_otherwise() throws Exception {
        SourcesSettings sources = load("""
                        spool.settle = 4s
                        sources = [
                          { name = a, kind = spool, dir = "/in" }
                          { name = b, kind = spool, dir = other, match = ["*.json"], ignore = [], settle = 0s, done = delete
                            suffix = ".x", tracker = t, quarantine = "/q", remember = 7, decoder = readings, host = h
                            poll = 1s, max-batch = 9 }
                          { name = c, kind = tail, files = ["/var/log/nginx/access.log", "x*.log"], from = start, settle = 1s
                            decoder = readings, host = h, poll = 1s, max-batch = 9 }
                        ]
                        """).sources();

        assertThat(sources.names()).containsExactly("a", "b", "c");
        assertThat(sources.mqtt()).isEmpty();
        assertThat(sources.spool().get(0).toString())
                .isEqualTo(
                        "SpoolSettings[name=a, dir=/in, rules=Rules[match=[*], ignore=[*.tmp], settle=PT4S, done=RENAME,"
                                + " suffix=.COMPLETED, tracker=.tidegate, quarantine=.quarantine, remember=10000,"
                                + " files=FileSettings[decoder=WEBLOG, host=Optional.empty, strip=NONE, poll=PT0.5S, maxBatch=5000]]]");
        assertThat(sources.spool().get(1).toString())
                .isEqualTo(
                        "SpoolSettings[name=b, dir=other, rules=Rules[match=[*.json], ignore=[], settle=PT0S, done=DELETE,"
                                + " suffix=.x, tracker=t, quarantine=/q, remember=7,"
                                + " files=FileSettings[decoder=READINGS, host=Optional[h], strip=NONE, poll=PT1S, maxBatch=9]]]");
        assertThat(sources.tail().get(0).toString())
                .isEqualTo(
                        "TailSettings[name=c, files=[/var/log/nginx/access.log, ./x*.log], rules=Rules[from=START,"
                                + " settle=PT1S, maxOpen=256,"
                                + " files=FileSettings[decoder=READINGS, host=Optional[h], strip=NONE, poll=PT1S, maxBatch=9]]]");
    }

    @Test
    void a_port_for_syslog_has_defaults_that_a_source_may_say_otherwise() throws Exception {
        assertThat(load("sources = [{ name = a, kind = syslog, port = 5514, tcp = false }]")
                        .sources()
                        .syslog())
                .hasToString("[SyslogSettings[name=a, port=5514, rules=Rules[host=127.0.0.1, udp=true, tcp=false,"
                        + " decoder=WEBLOG, strip=NONE, maxMessage=65536, maxConnections=64, maxInFlight=16777216,"
                        + " idleTimeout=PT1H, receiveBuffer=4194304, maxBatch=5000]]]");
        assertThat(invalid("sources = [{ name = a, kind = syslog, udp = false, tcp = false, max-message = 2GiB }]")
                        .mistakes())
                .extracting(Mistake::key)
                .map(key -> key.substring(GatewaySettings.ROOT.length() + 1))
                .contains("sources[0].port", "sources[0].tcp", "sources[0].max-message");
    }

    @Test
    void every_mistake_in_sources_of_files_is_told_at_once() {
        InvalidSettings invalid = invalid("""
                spool.done = burn
                tail.settle = 5
                sources = [
                  { name = a, kind = ftp }
                  { name = b, kind = spool, match = ["[a"], suffix = "a/b", filters = [x] }
                  { name = b, kind = tail, files = [] }
                  { name = d, kind = tail, files = ["/var/*/x.log", "x/"], dir = in }
                ]
                """);

        assertThat(invalid.mistakes())
                .extracting(Mistake::key)
                .map(key -> key.substring(GatewaySettings.ROOT.length() + 1))
                .contains(
                        "spool.done",
                        "tail.settle",
                        "sources[0].kind",
                        "sources[1].dir",
                        "sources[1].match",
                        "sources[1].suffix",
                        "sources[1].filters",
                        "sources[2].name",
                        "sources[2].files",
                        "sources[3].files",
                        "sources[3].dir");
    }

    @Test
    void every_mistake_is_told_at_once() {
        InvalidSettings invalid = invalid("""
                id = "a b"
                mqtt.qos = 2
                mqtt.broker = "http://x"
                mqtt.slow-retry = 1s
                sources = [
                  { name = "A", filters = ["tidegate/#"] }
                  { name = b, filters = ["a/#/b"] }
                  { name = b, filters = ["#"] }
                  { name = c, filters = ["$share/g/+/x"], client-id = tidegate-x-presence }
                  { name = d, filters = [] }
                ]
                routes = [{ filter = "sensors/#", decoder = metric }, { filter = "x/+", decoder = senml }]
                http.prot = 1
                """);

        assertThat(invalid.mistakes())
                .extracting(Mistake::key)
                .map(key -> key.substring(GatewaySettings.ROOT.length() + 1))
                .contains(
                        "id",
                        "mqtt.qos",
                        "mqtt.broker",
                        "mqtt.slow-retry",
                        "sources[0].name",
                        "sources[0].filters",
                        "sources[1].filters",
                        "sources[2].name",
                        "sources[2].filters",
                        "sources[3].filters",
                        "sources[4].filters",
                        "routes[0].filter",
                        "routes[1].decoder",
                        "http.prot");
    }

    @Test
    void two_connections_with_one_client_id_are_refused() {
        InvalidSettings invalid = invalid(
                "sources = [{ name = a, filters = [x], client-id = c }, { name = b, filters = [y], client-id = c }]");

        assertThat(invalid.getMessage()).contains("client-id").contains("c is there twice");
    }

    @Test
    void a_source_may_not_have_the_name_of_what_is_pushed_to_us() {
        assertThat(invalid("sources = [{ name = flume, filters = [x] }]").getMessage())
                .contains("http and flume");
        assertThat(invalid("sources = [{ name = http, filters = [x] }]").getMessage())
                .contains("http and flume");
    }

    @Test
    void a_secret_is_in_no_text() throws Exception {
        GatewaySettings settings = load("mqtt.password = hunter2");

        assertThat(settings.toString()).doesNotContain("hunter2");
        assertThat(invalid("mqtt.password = [hunter2]").getMessage()).doesNotContain("hunter2");
    }

    @Test
    void what_is_shipped_for_operators_is_in_order() throws Exception {
        Path shipped = Path.of("../../config/gateway.conf");

        GatewaySettings settings =
                GatewaySettings.from(Settings.load(GatewaySettings.ROOT, shipped, Map.of(), new Properties()));

        assertThat(settings).isEqualTo(load(""));
    }

    private InvalidSettings invalid(String text) {
        InvalidSettings invalid = catchThrowableOfType(InvalidSettings.class, () -> load(text));
        assertThat(invalid).as("the mistakes of " + text).isNotNull();
        return invalid;
    }

    private GatewaySettings load(String text) throws InvalidSettings, IOException {
        Path file = Files.writeString(folder.resolve("g.conf"), "tidegate.gateway {\n" + text + "\n}\n");
        return GatewaySettings.from(Settings.load(GatewaySettings.ROOT, file, Map.of(), new Properties()));
    }
}
