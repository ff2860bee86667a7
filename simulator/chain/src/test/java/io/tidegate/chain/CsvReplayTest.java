package io.tidegate.chain;

import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidegate.harness.Program;
import io.tidegate.harness.ResultRecorder;
import io.tidegate.junit.SlowTest;
import io.tidegate.simulator.fleet.Reading;
import io.tidegate.simulator.oracle.Oracle;
import io.tidegate.simulator.oracle.Session;
import io.tidegate.simulator.oracle.Totals;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

/**
 * Sensor data in a CSV file, played again through the whole chain. Its clock steps back by 55 minutes, so times come twice:
 * every row counts once, and every session is what the sorted rows say.
 */
final class CsvReplayTest {

    private static final Path REAL = Program.ROOT.resolve("../shared/data/nab_machine_temperature.csv");
    private static final Duration GAP = Duration.ofMinutes(30);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String QUERIES = """
                { name = all, kind = totals, from = readings, by = [device, metric] }
                { name = runs, kind = sessions, from = readings, by = [device], gap = 30m, allowed-lateness = 2h }
            """;

    @TempDir
    private Path folder;

    @SlowTest(seconds = 15)
    void a_machine_whose_clock_steps_back() throws Exception {
        StringBuilder csv = new StringBuilder("timestamp,value\n");
        Instant time = Instant.parse("2014-01-07T08:00:00Z");
        for (int row = 0; row < 600; row++) {
            time = time.plus(Duration.ofMinutes(row == 200 ? -55 : row == 400 ? 120 : 5));
            csv.append(time.toString().replace("T", " ").replace("Z", ""))
                    .append(',')
                    .append(row * 37 % 101)
                    .append(".25\n");
        }
        isPlayedAgain(Files.writeString(folder.resolve("machine.csv"), csv));
    }

    @SlowTest(seconds = 20)
    void the_real_machine_temperatures() throws Exception {
        assumeThat(REAL).as("real input beside the checkout").exists();
        isPlayedAgain(REAL);
    }

    private void isPlayedAgain(Path csv) throws Exception {
        List<Reading> rows = new ArrayList<>();
        for (String line : Files.readAllLines(csv).stream().skip(1).toList()) {
            int comma = line.indexOf(',');
            Instant time = Instant.parse(line.substring(0, comma).replace(' ', 'T') + "Z");
            double value = Double.parseDouble(line.substring(comma + 1));
            rows.add(new Reading("machine-1", "temperature", rows.size() + 1, time.toEpochMilli(), value));
        }
        assertThat(rows.stream().map(Reading::timeMs).collect(toSet())).hasSizeLessThan(rows.size());
        try (Chain chain = new Chain(folder)) {
            chain.startBroker();
            try (ResultRecorder results = ResultRecorder.subscribe(chain.brokerPort())) {
                chain.startGateway();
                chain.startProcessor(QUERIES);
                chain.awaitReady();

                Program replay =
                        chain.replay(csv, "--speed", "0", "--device", "machine-1", "--metric", "value=temperature");
                assertThat(replay.await(120)).as(replay.output()).isZero();

                await().atMost(PATIENCE)
                        .until(() -> results.of("all").stream()
                                .anyMatch(total -> total.get("count").longValue() >= rows.size()));
                assertTotal(results.of("all"), rows);
                Map<Instant, Session> expected = Oracle.sessions(rows, GAP).stream()
                        .collect(toMap(session -> Instant.ofEpochMilli(session.startMs()), session -> session));
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(results.of("runs").stream()
                                        .map(run ->
                                                Instant.parse(run.get("start").textValue()))
                                        .collect(toSet()))
                                .isEqualTo(expected.keySet()));
                results.of("runs").forEach(run -> assertSession(run, expected));
            }
        }
    }

    private static void assertTotal(List<JsonNode> results, List<Reading> rows) {
        Totals expected = Oracle.totals(rows, Reading::device).get("machine-1");
        assertThat(results).singleElement().satisfies(total -> {
            assertThat(total.at("/key/device").textValue()).isEqualTo("machine-1");
            assertThat(total.at("/key/metric").textValue()).isEqualTo("temperature");
            assertThat(total.get("count").longValue()).isEqualTo(rows.size());
            assertThat(total.get("sum").doubleValue()).isEqualTo(expected.sum());
            assertThat(total.get("min").doubleValue()).isEqualTo(expected.min());
            assertThat(total.get("max").doubleValue()).isEqualTo(expected.max());
        });
    }

    private static void assertSession(JsonNode run, Map<Instant, Session> expected) {
        Session session = expected.get(Instant.parse(run.get("start").textValue()));
        assertThat(Instant.parse(run.get("end").textValue())).isEqualTo(Instant.ofEpochMilli(session.endMs()));
        assertThat(run.get("events").longValue()).isEqualTo(session.events());
        assertThat(run.get("late").longValue()).isZero();
        JsonNode values = run.at("/metrics/temperature");
        Totals temperature = session.metrics().get("temperature");
        assertThat(values.get("min").doubleValue()).isEqualTo(temperature.min());
        assertThat(values.get("max").doubleValue()).isEqualTo(temperature.max());
        assertThat(values.get("mean").doubleValue()).isCloseTo(temperature.mean(), within(1e-9));
    }
}
