package io.tidegate.simulator.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidegate.simulator.fleet.FleetPlan;
import io.tidegate.simulator.fleet.FleetShape;
import io.tidegate.simulator.fleet.Metric;
import io.tidegate.simulator.fleet.PlannedMessage;
import io.tidegate.simulator.json.Json;
import io.tidegate.simulator.oracle.ExpectedState;
import io.tidegate.simulator.run.SimulatorSettings;
import io.tidegate.simulator.scenario.Observation;
import io.tidegate.simulator.scenario.Step;
import io.tidegate.simulator.web.LogLine;
import io.tidegate.simulator.web.WebPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What the demo's fleet and its web server send: from their settings and the start follows every message, in this process
 * as in theirs.
 *
 * @param start event time of the first reading
 */
record PlannedTraffic(SimulatorSettings settings, Instant start) {

    /** The fleet's messages, in the order of sending. */
    FleetPlan messages() {
        return FleetPlan.of(settings.fleet(), start);
    }

    /** How far it got, as the fleet's process has written at its end; empty when it has not. */
    Optional<Sent> sent(Path summary) throws IOException {
        if (!Files.exists(summary)) {
            return Optional.empty();
        }
        JsonNode said = Json.read(Files.readString(summary));
        JsonNode messages = said.at("/messages/sent");
        JsonNode lines = said.at("/lines/sent");
        boolean known = messages.isIntegralNumber()
                && (lines.isIntegralNumber() || settings.web().shape().rate() == 0);
        return known ? Optional.of(new Sent(messages.longValue(), lines.longValue())) : Optional.empty();
    }

    /** How many things a gateway receives: the devices also say that they come and that they go. */
    long received(Sent sent) {
        return sent.messages() + sent.lines() + 2L * settings.fleet().devices();
    }

    /** What becomes of the beginning of the plans. */
    ExpectedState expectedState(Sent sent) {
        FleetPlan fleet = messages();
        WebPlan web = WebPlan.of(
                settings.web().shape(),
                settings.fleet().seed(),
                start,
                settings.fleet().length());
        Map<String, String> units =
                settings.fleet().metrics().stream().collect(Collectors.toMap(Metric::name, Metric::unit));
        Stream<Step> readings =
                Stream.generate(fleet::next).limit(sent.messages()).map(next -> reading(next, units));
        Stream<Step> lines = Stream.generate(web::next).limit(sent.lines()).map(this::line);
        Stream<Step> said =
                Stream.of(statuses(true), readings, lines, statuses(false)).flatMap(steps -> steps);
        return ExpectedState.of(said.iterator(), Instant.now());
    }

    private static Step reading(PlannedMessage next, Map<String, String> units) {
        String unit = units.getOrDefault(next.reading().metric(), "");
        return step(next.topic(), new Observation.Measured(next.reading(), unit));
    }

    private Step line(LogLine line) {
        String host = settings.web().host();
        String topic = "weblogs/" + host;
        return step(
                topic,
                line.entry()
                        .<Observation>map(entry -> new Observation.Requested(host, entry))
                        .orElseGet(() -> new Observation.Unreadable(topic, line.text())));
    }

    private Stream<Step> statuses(boolean online) {
        FleetShape fleet = settings.fleet();
        return IntStream.rangeClosed(1, fleet.devices())
                .mapToObj(number -> step("", new Observation.Status(fleet.prefix() + number, online)));
    }

    /** Neither times nor senders matter any more when it is known what was sent. */
    private static Step step(String topic, Observation said) {
        return new Step.Publish(0, "", topic, "", false, List.of(said));
    }

    /**
     * How far the plans have been sent.
     *
     * @param messages readings, repeated ones included
     * @param lines of the access log
     */
    record Sent(long messages, long lines) {}
}
