package io.tidegate.simulator.scenario;

import io.tidegate.simulator.fleet.Reading;
import io.tidegate.simulator.scenario.Step.Publish;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Scenarios for tests. */
public final class Scenarios {
    private Scenarios() {}

    /** One of {@code config/scenarios}. */
    public static Scenario shipped(String name) throws Exception {
        return ScenarioReader.load(Path.of("../../config/scenarios", name + ".conf"), Map.of());
    }

    /** One in HOCON. */
    public static Scenario read(Path folder, String text) throws Exception {
        Path file = folder.resolve("scenario.conf");
        Files.writeString(file, text);
        return ScenarioReader.load(file, Map.of());
    }

    static List<Reading> readings(List<Publish> messages) {
        return messages.stream()
                .flatMap(message -> message.content().stream())
                .flatMap(said ->
                        said instanceof Observation.Measured measured ? Stream.of(measured.reading()) : Stream.empty())
                .toList();
    }
}
