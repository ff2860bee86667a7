package io.tidegate.simulator.scenario;

import io.tidegate.settings.InvalidSettings;
import io.tidegate.settings.Section;
import io.tidegate.settings.Settings;
import io.tidegate.simulator.fleet.Metric;
import io.tidegate.simulator.fleet.MetricReader;
import io.tidegate.simulator.web.WebSettings;
import io.tidegate.simulator.web.WebShape;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Reads a scenario from a file. Everything under {@code tidegate.scenario}; docs/simulator.md is its manual. */
public final class ScenarioReader {
    /** The root of a scenario. */
    public static final String ROOT = "tidegate.scenario";

    private static final Duration LONGEST = Duration.ofDays(365);
    private static final Duration MILLISECOND = Duration.ofMillis(1);
    /** Of a file without a readable start: harmless, as the mistake is told. */
    private static final Instant SOME_TIME = Instant.EPOCH;

    private final MetricReader metrics;

    private ScenarioReader(Path folder) {
        metrics = new MetricReader(folder);
    }

    /**
     * Reads a file, and over it the environment, system properties and what the command line says.
     *
     * @param overrides by the key below {@link #ROOT}
     * @throws InvalidSettings with every mistake
     */
    public static Scenario load(Path file, Map<String, String> overrides) throws InvalidSettings {
        Properties properties = new Properties();
        properties.putAll(System.getProperties());
        overrides.forEach((key, value) -> properties.setProperty(ROOT + "." + key, value));
        Settings settings = Settings.load(ROOT, file, System.getenv(), properties);
        Path folder = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(Path.of(""));
        Scenario scenario = new ScenarioReader(folder).scenario(settings.section());
        settings.finish();
        return scenario;
    }

    private Scenario scenario(Section section) {
        Duration duration = section.duration("duration", MILLISECOND, LONGEST);
        return new Scenario(
                start(section, duration),
                duration,
                section.integer("seed", Integer.MIN_VALUE, Integer.MAX_VALUE),
                section.number("speed", 0.001, 1_000_000),
                devices(section, duration),
                web(section));
    }

    private static Instant start(Section section, Duration duration) {
        String given = section.string("start");
        try {
            Instant start = Instant.parse(given);
            if (start.plus(duration).isBefore(Instant.now())) {
                return start;
            }
        } catch (DateTimeParseException e) {
            // told below, like a start in the future
        }
        if (section.has("start")) {
            section.mistake("start", "a time such as 2026-01-05T08:00:00Z, which lies in the past until its end");
        }
        return SOME_TIME;
    }

    private List<DeviceGroup> devices(Section section, Duration duration) {
        if (!section.has("devices")) {
            return List.of();
        }
        List<Section> listed = section.children("devices");
        List<DeviceGroup> groups =
                listed.stream().map(group -> group(group, duration)).toList();
        Set<String> names = new HashSet<>();
        for (int i = 0; i < groups.size(); i++) {
            if (!names.add(groups.get(i).name())) {
                listed.get(i).mistake("name", "a name that no other devices have");
            }
        }
        return groups;
    }

    private DeviceGroup group(Section section, Duration duration) {
        List<Metric> measured = metrics.metrics(section, "metrics");
        Set<String> names = measured.stream().map(Metric::name).collect(Collectors.toCollection(TreeSet::new));
        FaultReader faults = new FaultReader(names, duration);
        return new DeviceGroup(
                MetricReader.name(section, "name"),
                section.integer("count", 1, 100_000),
                section.duration("every", MILLISECOND, LONGEST),
                measured,
                section.has("faults")
                        ? section.children("faults").stream().map(faults::rule).toList()
                        : List.of());
    }

    /** Without a rate there are no visitors. */
    private static Optional<Scenario.Web> web(Section section) {
        Section web = section.child("web");
        WebShape shape = WebSettings.shape(web);
        String host = MetricReader.name(web, "host");
        return shape.rate() == 0 ? Optional.empty() : Optional.of(new Scenario.Web(host, shape));
    }
}
