package io.tidegate.simulator.demo;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidegate.settings.Settings;
import io.tidegate.simulator.fleet.Reading;
import io.tidegate.simulator.oracle.Oracle;
import io.tidegate.simulator.oracle.Session;
import io.tidegate.simulator.oracle.Totals;
import io.tidegate.simulator.run.SimulatorSettings;
import io.tidegate.simulator.watch.Result;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/** What a processor that makes no mistake says; computed by the chain tests' oracle, which the demo does not use. */
final class CorrectResults {
    static final Instant START = Instant.parse("2026-11-22T10:00:00Z");

    private CorrectResults() {}

    /** Ten devices that pause, send twice and out of order, and no web server. */
    static PlannedTraffic traffic() throws Exception {
        Properties options = new Properties();
        Map.of("devices", "10", "rate", "50", "web.rate", "0", "duplicates.fraction", "0.1", "pauses.fraction", "0.5")
                .forEach((key, value) -> options.setProperty(SimulatorSettings.ROOT + "." + key, value));
        Settings settings = Settings.load(SimulatorSettings.ROOT, null, Map.of(), options);
        SimulatorSettings read = SimulatorSettings.from(settings.section());
        settings.finish();
        return new PlannedTraffic(read, START);
    }

    /** What is sent first. */
    static List<Reading> readings(PlannedTraffic traffic, int messages) {
        var plan = traffic.messages();
        List<Reading> readings = new ArrayList<>();
        for (int i = 0; i < messages; i++) {
            readings.add(plan.next().reading());
        }
        return readings;
    }

    static List<Result> totals(Collection<Reading> readings) {
        return Oracle.totals(readings, reading -> List.of(reading.device(), reading.metric())).entrySet().stream()
                .map(total -> total(total.getKey().get(0), total.getKey().get(1), total.getValue()))
                .toList();
    }

    private static Result total(String device, String metric, Totals totals) {
        ObjectNode body = body("reading-totals", device + "/" + metric);
        body.putObject("key").put("device", device).put("metric", metric);
        body.put("count", totals.count()).put("sum", totals.sum()).put("mean", totals.mean());
        body.put("min", totals.min()).put("max", totals.max());
        body.put("since", time(totals.sinceMs())).put("until", time(totals.untilMs()));
        return result("totals/reading-totals/" + device + "/" + metric, body);
    }

    static List<Result> sessions(Collection<Reading> readings, java.time.Duration gap) {
        return Oracle.sessions(readings, gap).stream()
                .map(session -> session(session, readings))
                .toList();
    }

    private static Result session(Session session, Collection<Reading> readings) {
        ObjectNode body = body("device-sessions", session.device() + "/" + session.startMs());
        body.putObject("key").put("device", session.device());
        body.put("state", "open").put("events", session.events());
        body.put("start", time(session.startMs())).put("end", time(session.endMs()));
        ObjectNode metrics = body.putObject("metrics");
        session.metrics()
                .forEach((metric, totals) -> metrics.putObject(metric)
                        .put("count", totals.count())
                        .put("min", totals.min())
                        .put("max", totals.max())
                        .put("mean", totals.mean())
                        .put("last", last(session, metric, readings)));
        return result("sessions/device-sessions/" + session.device(), body);
    }

    private static double last(Session session, String metric, Collection<Reading> readings) {
        return readings.stream()
                .filter(reading -> reading.device().equals(session.device()))
                .filter(reading -> reading.metric().equals(metric))
                .filter(reading -> reading.timeMs() <= session.endMs())
                .max(Comparator.comparingLong(Reading::timeMs).thenComparingLong(Reading::seq))
                .orElseThrow()
                .value();
    }

    /** Who has said goodbye. */
    static List<Result> goodbyes(int devices) {
        List<Result> goodbyes = new ArrayList<>();
        for (int number = 1; number <= devices; number++) {
            goodbyes.add(result("devices/device-" + number + "/presence", object().put("state", "offline")));
        }
        return goodbyes;
    }

    /** The same result with another field. */
    static Result falsified(Result result, String field, double value) {
        ObjectNode body = result.body().deepCopy();
        return Result.of(result.topic(), bytes(body.put(field, value)));
    }

    static Result falsified(Result result, String field, String value) {
        ObjectNode body = result.body().deepCopy();
        return Result.of(result.topic(), bytes(body.put(field, value)));
    }

    private static ObjectNode body(String query, String id) {
        return object().put("query", query)
                .put("id", query + "/" + id)
                .put("rev", 1)
                .put("batch", 1_000);
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    private static Result result(String topic, ObjectNode body) {
        return Result.of("tidegate/" + topic, bytes(body));
    }

    private static byte[] bytes(ObjectNode body) {
        return body.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String time(long ms) {
        return Instant.ofEpochMilli(ms).toString();
    }
}
