package io.tidegate.simulator.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tidegate.settings.InvalidSettings;
import io.tidegate.settings.Mistake;
import io.tidegate.simulator.fleet.Signal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScenarioReaderTest {
    @TempDir
    private Path folder;

    @Test
    void every_mistake_is_told_at_once_with_file_line_key_and_expectation() throws Exception {
        Files.writeString(folder.resolve("broken.csv"), "t,v\n1,x\n");

        InvalidSettings mistakes = catchThrowableOfType(InvalidSettings.class, () -> Scenarios.read(folder, """
                tidegate.scenario {
                  start = "2999-01-01T00:00:00Z"
                  duration = 60, seed = 1
                  devices = [
                    { name = "a/b", count = 0, every = 1s, metrics = [{ name = m, signal = square }]
                      faults = [{ fault = drift, metric = n, per-hour = 1 }, { fault = flood }] }
                    { name = c, count = 1, every = 1s, metrics = [
                      { name = m, signal = sum, of = [{ signal = replay, file = "broken.csv", column = v }] }
                      { name = n, signal = replay, file = "broken.csv", column = w }
                      { name = o, signal = replay, file = "none.csv", column = w } ] }
                  ]
                  web { rate = -1 }
                  devises = []
                }"""));

        assertThat(mistakes.mistakes().stream().map(Mistake::toString))
                .hasSize(12)
                .anyMatch(line -> line.contains("scenario.conf:2") && line.contains("start") && line.contains("past"))
                .anyMatch(line -> line.contains("scenario.conf:3") && line.contains("duration"))
                .anyMatch(line -> line.contains("devices[0].name"))
                .anyMatch(line -> line.contains("devices[0].count"))
                .anyMatch(line ->
                        line.contains("devices[0].metrics[0].signal") && line.contains("random-walk, step, sum"))
                .anyMatch(line -> line.contains("scenario.conf:6") && line.contains("faults[0].metric"))
                .anyMatch(line -> line.contains("faults[1].fault") && line.contains("reconnect-storm"))
                .anyMatch(line -> line.contains("scenario.conf:8") && line.contains("a number under v in line 2"))
                .anyMatch(line -> line.contains("metrics[1].column") && line.contains("one of the columns t, v"))
                .anyMatch(line -> line.contains("metrics[2].file") && line.contains("none.csv"))
                .anyMatch(line -> line.contains("web.rate"))
                .anyMatch(line -> line.contains("scenario.conf:13") && line.contains("devices"));
    }

    @Test
    void a_signal_can_be_a_recorded_column() throws Exception {
        Files.writeString(folder.resolve("recorded.csv"), "t, v\n1, 2.5\n2, -3\n");

        Scenario scenario = Scenarios.read(folder, """
                tidegate.scenario { start = "2026-01-05T08:00:00Z", duration = 60s, seed = 1, devices = [
                  { name = c, count = 1, every = 1s, metrics = [
                    { name = m, signal = replay, file = "recorded.csv", column = v }] }] }""");

        assertThat(scenario.devices().get(0).metrics().get(0).signal())
                .isEqualTo(new Signal.Replay(List.of(2.5, -3.0)));
        assertThat(scenario.web()).isEmpty();
    }
}
