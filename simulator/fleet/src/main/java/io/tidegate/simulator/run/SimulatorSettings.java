package io.tidegate.simulator.run;

import io.tidegate.settings.InvalidSettings;
import io.tidegate.settings.Section;
import io.tidegate.settings.Settings;
import io.tidegate.simulator.fleet.FleetShape;
import io.tidegate.simulator.fleet.FleetShape.Pauses;
import io.tidegate.simulator.fleet.FleetShape.Share;
import io.tidegate.simulator.fleet.MetricReader;
import io.tidegate.simulator.fleet.MqttSettings;
import io.tidegate.simulator.web.WebSettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * The settings under {@code tidegate.simulator}; reference.conf is their manual.
 *
 * @param web log lines beside the readings
 * @param start event time of the first reading, empty: the time at which the run begins
 */
public record SimulatorSettings(MqttSettings mqtt, FleetShape fleet, WebSettings web, Optional<Instant> start) {
    /** The root of these settings. */
    public static final String ROOT = "tidegate.simulator";

    private static final Duration LONGEST = Duration.ofDays(365);
    private static final Duration MILLISECOND = Duration.ofMillis(1);

    /**
     * Reads a file over the defaults, and over it the environment, system properties and what the command line says.
     *
     * @param overrides by the key below {@link #ROOT}
     * @throws InvalidSettings with every mistake
     */
    public static SimulatorSettings load(@Nullable Path config, Map<String, String> overrides) throws InvalidSettings {
        Properties properties = new Properties();
        properties.putAll(System.getProperties());
        overrides.forEach((key, value) -> properties.setProperty(ROOT + "." + key, value));
        Settings settings = Settings.load(ROOT, config, System.getenv(), properties);
        SimulatorSettings read = from(settings.section());
        settings.finish();
        return read;
    }

    /** Reads every setting; mistakes are collected in the section. */
    public static SimulatorSettings from(Section section) {
        return new SimulatorSettings(
                mqtt(section.child("mqtt")), fleet(section), WebSettings.from(section.child("web")), start(section));
    }

    private static MqttSettings mqtt(Section section) {
        return new MqttSettings(
                broker(section),
                unlessEmpty(section, "user"),
                unlessEmpty(section, "password"),
                section.integer("connections", 1, 1_000),
                section.integer("in-flight", 1, 65_535));
    }

    private static URI broker(Section section) {
        String given = section.string("broker");
        URI nowhere = URI.create("tcp://localhost:1883");
        try {
            URI broker = URI.create(given);
            if ("tcp".equals(broker.getScheme()) && broker.getHost() != null && broker.getPort() > 0) {
                return broker;
            }
        } catch (IllegalArgumentException e) {
            // told below like every other shape that is not an address
        }
        section.mistake("broker", "tcp://host:port");
        return nowhere;
    }

    private static FleetShape fleet(Section section) {
        return new FleetShape(
                section.integer("devices", 1, 1_000_000),
                MetricReader.name(section, "device-prefix"),
                section.number("rate", 0.001, 1_000_000),
                section.duration("for", Duration.ZERO, LONGEST),
                section.integer("seed", Integer.MIN_VALUE, Integer.MAX_VALUE),
                new MetricReader(Path.of("")).metrics(section, "metrics"),
                share(section.child("out-of-order")),
                share(section.child("duplicates")),
                pauses(section.child("pauses")));
    }

    private static Optional<Instant> start(Section section) {
        try {
            return unlessEmpty(section, "start").map(Instant::parse);
        } catch (DateTimeParseException e) {
            section.mistake("start", "a time such as 2026-11-22T10:00:00Z");
            return Optional.empty();
        }
    }

    private static Optional<String> unlessEmpty(Section section, String key) {
        return Optional.of(section.string(key)).filter(text -> !text.isEmpty());
    }

    private static Share share(Section section) {
        return new Share(section.number("fraction", 0, 1), section.duration("delay", MILLISECOND, LONGEST));
    }

    private static Pauses pauses(Section section) {
        return new Pauses(
                section.number("fraction", 0, 1),
                section.duration("every", MILLISECOND, LONGEST),
                section.duration("length", MILLISECOND, LONGEST));
    }
}
