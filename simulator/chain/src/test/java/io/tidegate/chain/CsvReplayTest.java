package io.tidegate.chain;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidegate.harness.Program;
import io.tidegate.harness.ResultRecorder;
import io.tidegate.junit.SlowTest;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
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
        List<Row> rows = new ArrayList<>();
        for (String line : Files.readAllLines(csv).stream().skip(1).toList()) {
            int comma = line.indexOf(',');
            rows.add(new Row(
                    Instant.parse(line.substring(0, comma).replace(' ', 'T') + "Z"),
                    Double.parseDouble(line.substring(comma + 1))));
        }
        assertThat(rows.stream().map(Row::time).collect(toSet())).hasSizeLessThan(rows.size());
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
                Map<Instant, List<Row>> expected = sessions(rows);
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

    private static void assertTotal(List<JsonNode> totals, List<Row> rows) {
        assertThat(totals).singleElement().satisfies(total -> {
            BigDecimal sum =
                    rows.stream().map(row -> new BigDecimal(row.value())).reduce(BigDecimal.ZERO, BigDecimal::add);
            assertThat(total.at("/key/device").textValue()).isEqualTo("machine-1");
            assertThat(total.at("/key/metric").textValue()).isEqualTo("temperature");
            assertThat(total.get("count").longValue()).isEqualTo(rows.size());
            assertThat(total.get("sum").doubleValue()).isEqualTo(sum.doubleValue());
            assertThat(total.get("min").doubleValue()).isEqualTo(min(rows));
            assertThat(total.get("max").doubleValue()).isEqualTo(max(rows));
        });
    }

    /** By hand: sorted by time, a session ends where the next row is further off than the gap. */
    private static Map<Instant, List<Row>> sessions(List<Row> rows) {
        List<Row> sorted = rows.stream().sorted(Comparator.comparing(Row::time)).toList();
        Map<Instant, List<Row>> sessions = new HashMap<>();
        int from = 0;
        for (int i = 1; i <= sorted.size(); i++) {
            if (i == sorted.size()
                    || Duration.between(sorted.get(i - 1).time(), sorted.get(i).time())
                                    .compareTo(GAP)
                            > 0) {
                sessions.put(sorted.get(from).time(), sorted.subList(from, i));
                from = i;
            }
        }
        return sessions;
    }

    private static void assertSession(JsonNode run, Map<Instant, List<Row>> expected) {
        List<Row> rows = expected.get(Instant.parse(run.get("start").textValue()));
        assertThat(Instant.parse(run.get("end").textValue()))
                .isEqualTo(rows.get(rows.size() - 1).time());
        assertThat(run.get("events").longValue()).isEqualTo(rows.size());
        assertThat(run.get("late").longValue()).isZero();
        JsonNode values = run.at("/metrics/temperature");
        assertThat(values.get("min").doubleValue()).isEqualTo(min(rows));
        assertThat(values.get("max").doubleValue()).isEqualTo(max(rows));
        assertThat(values.get("mean").doubleValue())
                .isCloseTo(rows.stream().mapToDouble(Row::value).average().orElseThrow(), within(1e-9));
    }

    private static double min(List<Row> rows) {
        return rows.stream().mapToDouble(Row::value).min().orElseThrow();
    }

    private static double max(List<Row> rows) {
        return rows.stream().mapToDouble(Row::value).max().orElseThrow();
    }

    private record Row(Instant time, double value) {}
}
