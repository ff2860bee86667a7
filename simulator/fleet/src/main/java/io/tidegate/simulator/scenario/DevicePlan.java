package io.tidegate.simulator.scenario;

import io.tidegate.simulator.fleet.Metric;
import io.tidegate.simulator.fleet.Reading;
import io.tidegate.simulator.fleet.ReadingJson;
import io.tidegate.simulator.fleet.Sensor;
import io.tidegate.simulator.scenario.Step.Publish;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

/** One device from the start to the end of its scenario. Used once. */
final class DevicePlan {
    private final Scenario scenario;
    private final DeviceGroup group;
    private final String device;
    private final Random random;
    private final List<Sensor> sensors;
    private final List<Fault> faults;
    private final long endMs;
    private final List<Step> steps = new ArrayList<>();

    /** By metric, a dropout for each reading that was lost since the last one that can be read. */
    private final Map<String, List<Fault>> lost = new HashMap<>();

    private long seq;

    DevicePlan(Scenario scenario, int groupIndex, int index) {
        this.scenario = scenario;
        this.group = scenario.devices().get(groupIndex);
        this.device = group.device(index);
        // java.util.Random: its algorithm is specified, so that a seed means the same on every JDK
        this.random = new Random((scenario.seed() * 1_000_003L + groupIndex) * 1_000_003L + index);
        this.sensors = group.metrics().stream()
                .map(metric -> new Sensor(metric, random))
                .toList();
        this.faults = group.faults().stream()
                .filter(rule -> rule.concerns(index))
                .map(FaultRule::fault)
                .toList();
        this.endMs = scenario.duration().toMillis();
    }

    /** Everything that it sends, without its last word; a device that starts later by its index spreads the load. */
    List<Step> steps(long firstMs) {
        status(0, true);
        faults(Fault.ReconnectStorm.class).forEach(storm -> {
            status(storm.span().at().toMillis(), false);
            status(storm.span().endMs(), true);
        });
        double dueMs = firstMs;
        while (dueMs < endMs) {
            long offsetMs = (long) dueMs;
            if (faults(Fault.Silence.class).noneMatch(silence -> silence.span().holds(offsetMs))) {
                sensors.forEach(sensor -> measure(sensor, offsetMs));
            }
            dueMs += group.every().toMillis() / rateFactor(offsetMs);
        }
        return steps;
    }

    /** Whether it is there at the end, and says goodbye. */
    boolean signsOff() {
        return faults(Fault.Silence.class).noneMatch(silence -> silence.span().endMs() >= endMs);
    }

    String name() {
        return device;
    }

    private double rateFactor(long offsetMs) {
        return faults(Fault.Burst.class)
                .filter(burst -> burst.span().holds(offsetMs))
                .mapToDouble(Fault.Burst::factor)
                .max()
                .orElse(1);
    }

    private void measure(Sensor sensor, long offsetMs) {
        Metric metric = sensor.metric();
        seq++;
        double signal = sensor.read(offsetMs);
        List<Fault> struck = new ArrayList<>(moving(metric.name(), offsetMs));
        double error =
                struck.stream().mapToDouble(fault -> fault.error(offsetMs)).sum();
        double value = Sensor.rounded(signal + error);
        long timeMs = scenario.start().toEpochMilli() + offsetMs + clockError(offsetMs);
        Reading reading = new Reading(device, metric.name(), seq, timeMs, value);
        List<Fault.Dropout> dropouts = faults(Fault.Dropout.class)
                .filter(dropout -> happens(Stream.of(dropout.chance())))
                .toList();
        if (!dropouts.isEmpty()) {
            lost.computeIfAbsent(metric.name(), name -> new ArrayList<>()).add(dropouts.get(0));
            return;
        }
        String topic = "sensors/" + device + "/" + metric.name();
        String payload = ReadingJson.write(reading, metric.unit());
        long leavesMs = departureMs(offsetMs);
        if (happens(faults(Fault.Malformed.class).map(Fault.Malformed::chance))) {
            String spoiled = PayloadCorruption.of(payload, random);
            send(leavesMs, topic, spoiled, new Observation.Unreadable(topic, spoiled));
            return;
        }
        struck.addAll(lost.getOrDefault(metric.name(), List.of()));
        lost.remove(metric.name());
        Observation said = new Observation.Measured(reading, metric.unit(), struck);
        send(leavesMs, topic, payload, said);
        faults(Fault.Duplicate.class)
                .filter(duplicate -> happens(Stream.of(duplicate.chance())))
                .forEach(duplicate ->
                        send(connected(leavesMs + upTo(duplicate.within().toMillis())), topic, payload, said));
    }

    /** The faults that move a value. */
    private List<Fault> moving(String metric, long offsetMs) {
        Stream<Fault.Drift> drifts = faults(Fault.Drift.class).filter(drift -> isOf(drift.metric(), metric));
        Stream<Fault.Spike> spikes = faults(Fault.Spike.class)
                .filter(spike -> isOf(spike.metric(), metric) && happens(Stream.of(spike.chance())));
        return Stream.<Fault>concat(drifts, spikes)
                .filter(fault -> fault.error(offsetMs) != 0)
                .toList();
    }

    private static boolean isOf(Optional<String> afflicted, String metric) {
        return afflicted.isEmpty() || afflicted.get().equals(metric);
    }

    private long clockError(long offsetMs) {
        long skew = faults(Fault.ClockSkew.class)
                .mapToLong(fault -> fault.by().toMillis())
                .sum();
        return skew
                + faults(Fault.ClockStep.class)
                        .filter(fault -> offsetMs >= fault.at().toMillis())
                        .mapToLong(fault -> fault.by().toMillis())
                        .sum();
    }

    /** When a reading leaves that was measured at a time. */
    private long departureMs(long measuredMs) {
        long leavesMs = measuredMs;
        for (Fault fault : faults) {
            if (fault instanceof Fault.OutOfOrder disorder && happens(Stream.of(disorder.chance()))) {
                leavesMs =
                        Math.max(leavesMs, measuredMs + upTo(disorder.within().toMillis()));
            } else if (fault instanceof Fault.Late late
                    && happens(Stream.of(late.chance()))
                    && measuredMs + late.by().toMillis() <= endMs) {
                leavesMs = Math.max(leavesMs, round(measuredMs, late.by().toMillis()));
            }
        }
        return connected(leavesMs);
    }

    /** What is due while the connection is gone leaves when it is back. */
    private long connected(long dueMs) {
        return faults(Fault.ReconnectStorm.class)
                .filter(storm -> storm.span().holds(dueMs))
                .mapToLong(storm -> storm.span().endMs())
                .max()
                .orElse(dueMs);
    }

    /** Late readings leave together: at the first multiple of their lateness that is late enough, or at the end. */
    private long round(long measuredMs, long byMs) {
        long leavesMs = Math.min(endMs, (measuredMs + 2 * byMs - 1) / byMs * byMs);
        steps.add(new Step.Barrier(leavesMs));
        return leavesMs;
    }

    private long upTo(long mostMs) {
        return 1 + (long) (random.nextDouble() * (mostMs - 1));
    }

    private boolean happens(Stream<Double> chances) {
        return chances.mapToDouble(Double::doubleValue)
                        .filter(chance -> random.nextDouble() < chance)
                        .count()
                > 0;
    }

    private <F extends Fault> Stream<F> faults(Class<F> kind) {
        return faults.stream().filter(kind::isInstance).map(kind::cast);
    }

    private void send(long offsetMs, String topic, String payload, Observation said) {
        steps.add(new Publish(offsetMs, device, topic, payload, false, List.of(said)));
    }

    private void status(long offsetMs, boolean online) {
        steps.add(statusOf(device, offsetMs, online));
    }

    static Publish statusOf(String device, long offsetMs, boolean online) {
        return new Publish(
                offsetMs,
                device,
                "sensors/" + device + "/status",
                online ? "online" : "offline",
                true,
                List.of(new Observation.Status(device, online)));
    }
}
