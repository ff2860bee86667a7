package io.tidegate.simulator.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tidegate.settings.InvalidSettings;
import io.tidegate.settings.Mistake;
import io.tidegate.settings.Settings;
import io.tidegate.simulator.fleet.FleetShape;
import io.tidegate.simulator.fleet.FleetShape.Pauses;
import io.tidegate.simulator.fleet.FleetShape.Share;
import io.tidegate.simulator.fleet.Metric;
import io.tidegate.simulator.fleet.MqttSettings;
import io.tidegate.simulator.fleet.Signal;
import io.tidegate.simulator.web.WebSettings;
import io.tidegate.simulator.web.WebShape;
import io.tidegate.simulator.web.WebShape.Bursts;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimulatorSettingsTest {
    @TempDir
    private Path folder;

    @Test
    void the_defaults_are_the_documented_ones() throws Exception {
        SimulatorSettings settings = load((Path) null);

        assertThat(settings)
                .isEqualTo(new SimulatorSettings(
                        new MqttSettings(
                                URI.create("tcp://localhost:1883"), Optional.empty(), Optional.empty(), 4, 200),
                        new FleetShape(
                                100,
                                "device-",
                                200,
                                Duration.ZERO,
                                1,
                                List.of(
                                        new Metric(
                                                "temperature",
                                                "Cel",
                                                new Signal.Sine(21, 4, Duration.ofMinutes(10)),
                                                0.2),
                                        new Metric("humidity", "%RH", new Signal.RandomWalk(45, 0.5, 20, 80), 0),
                                        new Metric("battery", "V", new Signal.Constant(3.1), 0.01)),
                                new Share(0.02, Duration.ofSeconds(2)),
                                new Share(0.01, Duration.ofSeconds(2)),
                                new Pauses(0.2, Duration.ofSeconds(20), Duration.ofSeconds(15))),
                        new WebSettings(
                                new WebShape(
                                        20,
                                        60,
                                        0.1,
                                        Duration.ofSeconds(20),
                                        Duration.ofSeconds(40),
                                        200,
                                        1.1,
                                        new Bursts(Duration.ofMinutes(1), Duration.ofSeconds(5), 5),
                                        0.002),
                                "www.example.org",
                                WebSettings.Target.MQTT,
                                URI.create("http://localhost:8470/ingest/logs?host=www.example.org"),
                                Path.of("data/spool"),
                                1_000,
                                Path.of("data/access.log")),
                        Optional.empty()));
    }

    @Test
    void every_key_can_be_overridden() throws Exception {
        SimulatorSettings settings = load("""
                tidegate.simulator {
                  mqtt { broker = "tcp://broker:2883", user = u, password = p, connections = 2, in-flight = 9 }
                  devices = 3, device-prefix = d, rate = 0.5, for = 1m, seed = 7, start = "2026-11-22T10:00:00Z"
                  metrics = [{ name = m, signal = constant, base = 1 }]
                  out-of-order { fraction = 0.1, delay = 1s }
                  duplicates { fraction = 0.2, delay = 3s }
                  pauses { fraction = 0.3, every = 4s, length = 5s }
                  web {
                    rate = 3, host = h, visitors = 4, robots = 0.5, visit = 1s, away = 2s, pages = 5, skew = 2
                    bursts { every = 3s, length = 1s, factor = 2 }
                    damaged = 0.5, to = spool, url = "http://g:1/x", spool-dir = s, lines-per-file = 6, file = f
                  }
                }""");

        assertThat(settings)
                .isEqualTo(new SimulatorSettings(
                        new MqttSettings(URI.create("tcp://broker:2883"), Optional.of("u"), Optional.of("p"), 2, 9),
                        new FleetShape(
                                3,
                                "d",
                                0.5,
                                Duration.ofMinutes(1),
                                7,
                                List.of(new Metric("m", "", new Signal.Constant(1), 0)),
                                new Share(0.1, Duration.ofSeconds(1)),
                                new Share(0.2, Duration.ofSeconds(3)),
                                new Pauses(0.3, Duration.ofSeconds(4), Duration.ofSeconds(5))),
                        new WebSettings(
                                new WebShape(
                                        3,
                                        4,
                                        0.5,
                                        Duration.ofSeconds(1),
                                        Duration.ofSeconds(2),
                                        5,
                                        2,
                                        new Bursts(Duration.ofSeconds(3), Duration.ofSeconds(1), 2),
                                        0.5),
                                "h",
                                WebSettings.Target.SPOOL,
                                URI.create("http://g:1/x"),
                                Path.of("s"),
                                6,
                                Path.of("f")),
                        Optional.of(Instant.parse("2026-11-22T10:00:00Z"))));
    }

    @Test
    void all_mistakes_are_told_at_once() {
        InvalidSettings invalid = catchThrowableOfType(InvalidSettings.class, () -> load("""
                tidegate.simulator {
                  mqtt.broker = "localhost"
                  devices = 0
                  device-prefix = "a/#"
                  start = yesterday
                  metrics = [{ name = m, signal = square, base = 1 }, { name = m, signal = constant, base = 1 }]
                  rat = 5
                }"""));

        assertThat(invalid.mistakes())
                .extracting(Mistake::toString)
                .hasSize(7)
                .anyMatch(line -> line.contains("simulator.conf:2") && line.contains("tcp://host:port"))
                .anyMatch(line -> line.contains("tidegate.simulator.devices"))
                .anyMatch(line -> line.contains("tidegate.simulator.device-prefix"))
                .anyMatch(line -> line.contains("tidegate.simulator.start"))
                .anyMatch(line -> line.contains("metrics[0].signal"))
                .anyMatch(line -> line.contains("metrics[1].name"))
                .anyMatch(line -> line.contains("tidegate.simulator.rat"));
    }

    @Test
    void the_file_in_config_is_right() throws Exception {
        assertThat(load(Path.of("../../config/simulator.conf")).fleet().devices())
                .isEqualTo(100);
    }

    @Test
    void a_password_is_in_no_text() throws Exception {
        assertThat(load("tidegate.simulator.mqtt.password = geheim")).asString().doesNotContain("geheim");
    }

    private SimulatorSettings load(String text) throws IOException, InvalidSettings {
        return load(Files.writeString(folder.resolve("simulator.conf"), text));
    }

    private static SimulatorSettings load(@Nullable Path file) throws InvalidSettings {
        Settings settings = Settings.load(SimulatorSettings.ROOT, file, Map.of(), new Properties());
        SimulatorSettings read = SimulatorSettings.from(settings.section());
        settings.finish();
        return read;
    }
}
