package io.tidegate.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidegate.harness.Program;
import io.tidegate.harness.ResultRecorder;
import io.tidegate.harness.SentReading;
import io.tidegate.settings.Settings;
import io.tidegate.simulator.fleet.FleetPlan;
import io.tidegate.simulator.fleet.FleetShape;
import io.tidegate.simulator.fleet.Reading;
import io.tidegate.simulator.oracle.Oracle;
import io.tidegate.simulator.run.SimulatorSettings;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What a fleet sends, and what the answers must be: the same seed and start make the same plan, in the fleet's process and
 * here. The expected answers are the oracle's, which shares no code with the processor.
 */
record ExpectedFleet(int seed, int seconds, int devices, int rate, Instant start, Map<String, String> fleet) {

    /** From now on, with the simulator's own pauses, duplicates and disorder. */
    ExpectedFleet(long seed, int seconds, int devices, int rate) {
        this((int) seed, seconds, devices, rate, Instant.now().truncatedTo(ChronoUnit.MILLIS), Map.of());
    }

    /** The fleet that sends this plan and exits with 0 when the broker has acknowledged all of it. */
    Program startFleet(Chain chain) {
        List<String> arguments = new ArrayList<>(List.of(
                "--seed",
                "" + seed,
                "--start",
                "" + start,
                "--for",
                seconds + "s",
                "--devices",
                "" + devices,
                "--rate",
                "" + rate));
        fleet.forEach((key, value) -> arguments.add("-Dtidegate.simulator." + key + "=" + value));
        return chain.startFleet(arguments.toArray(String[]::new));
    }

    /** Waits until totals and sessions are the oracle's, and asserts that nobody was told anything else meanwhile. */
    void awaitExact(ResultRecorder results, Duration gap) throws Exception {
        awaitAnswers(results, gap);
        assertThat(results.contradictions()).isEmpty();
        assertThat(closedTooEarly(results, "sessions")).isEmpty();
    }

    /** Waits until totals and sessions are the oracle's. */
    void awaitAnswers(ResultRecorder results, Duration gap) throws Exception {
        List<Reading> sent = readings();
        awaitTotals(results, sent);
        await().atMost(Duration.ofMinutes(5))
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(() -> assertThat(sessions(results)).isEqualTo(expectedSessions(sent, gap)));
    }

    /** Waits until the totals of these readings are the oracle's. */
    static void awaitTotals(ResultRecorder results, List<Reading> sent) {
        await().atMost(Duration.ofMinutes(5))
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(() -> assertThat(totals(results)).isEqualTo(expectedTotals(sent)));
    }

    /** How many readings a log holds of it: duplicates count once. */
    int distinct() throws Exception {
        return Oracle.distinct(readings()).size();
    }

    /** The same readings for the oracle. */
    static List<Reading> readings(List<SentReading> sent) {
        return sent.stream()
                .map(one -> new Reading(one.device(), one.metric(), one.seq(), one.timeMs(), one.value()))
                .toList();
    }

    /** Sessions that went on after they were closed: a fault was taken for the silence of a device. */
    static List<JsonNode> closedTooEarly(ResultRecorder results, String query) {
        return results.revisionsOf(query)
                .filter(result -> result.get("state").textValue().equals("closed"))
                .filter(result -> !result.equals(results.newest(result.get("id").textValue())))
                .toList();
    }

    List<Reading> readings() throws Exception {
        Map<String, String> given = new HashMap<>(fleet);
        given.putAll(Map.of("seed", "" + seed, "for", seconds + "s", "devices", "" + devices, "rate", "" + rate));
        FleetShape shape = settings(given).fleet();
        List<Reading> readings = new ArrayList<>();
        FleetPlan.of(shape, start).forEachRemaining(planned -> readings.add(planned.reading()));
        return readings;
    }

    /** What the simulator's process reads from these settings, by their keys below its root. */
    static SimulatorSettings settings(Map<String, String> given) throws Exception {
        Properties options = new Properties();
        given.forEach((key, value) -> options.setProperty(SimulatorSettings.ROOT + "." + key, value));
        Settings settings = Settings.load(SimulatorSettings.ROOT, null, Map.of(), options);
        SimulatorSettings read = SimulatorSettings.from(settings.section());
        settings.finish();
        return read;
    }

    static Map<List<String>, List<Object>> expectedTotals(List<Reading> sent) {
        Map<List<String>, List<Object>> expected = new HashMap<>();
        Oracle.totals(sent, reading -> List.of(reading.device(), reading.metric()))
                .forEach((key, total) -> expected.put(
                        key,
                        List.of(
                                total.count(),
                                total.sum(),
                                total.min(),
                                total.max(),
                                Instant.ofEpochMilli(total.sinceMs()),
                                Instant.ofEpochMilli(total.untilMs()))));
        return expected;
    }

    static Map<List<String>, List<Object>> totals(ResultRecorder results) {
        return totals(results.of("totals"));
    }

    static Map<List<String>, List<Object>> totals(Collection<JsonNode> results) {
        return results.stream()
                .collect(Collectors.toMap(
                        result -> List.of(
                                result.at("/key/device").textValue(),
                                result.at("/key/metric").textValue()),
                        result -> List.of(
                                result.get("count").longValue(),
                                result.get("sum").doubleValue(),
                                result.get("min").doubleValue(),
                                result.get("max").doubleValue(),
                                time(result, "since"),
                                time(result, "until"))));
    }

    static Set<String> expectedSessions(List<Reading> sent, Duration gap) {
        return Oracle.sessions(sent, gap).stream()
                .map(session -> session.device() + " " + Instant.ofEpochMilli(session.startMs()) + " to "
                        + Instant.ofEpochMilli(session.endMs()) + ": " + session.events())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    static Set<String> sessions(ResultRecorder results) {
        return new TreeSet<>(sessions(results.of("sessions")));
    }

    /** As often as they are there. */
    static List<String> sessions(Collection<JsonNode> results) {
        return results.stream()
                .filter(result -> !result.get("state").textValue().equals("merged"))
                .map(ExpectedFleet::session)
                .toList();
    }

    private static String session(JsonNode result) {
        String open = result.get("state").textValue().equals("closed") ? "" : " still open";
        return result.at("/key/device").textValue() + " " + time(result, "start") + " to " + time(result, "end") + ": "
                + result.get("events") + open;
    }

    private static Instant time(JsonNode result, String field) {
        return Instant.parse(result.get(field).textValue());
    }
}
