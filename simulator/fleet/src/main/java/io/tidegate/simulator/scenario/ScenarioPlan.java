package io.tidegate.simulator.scenario;

import io.tidegate.simulator.scenario.Step.Publish;
import io.tidegate.simulator.web.LogLine;
import io.tidegate.simulator.web.WebPlan;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** The steps of a scenario. Pure: equal scenarios give equal steps. */
public final class ScenarioPlan {
    /** Log lines of the same time leave in one message. */
    private static final long WEB_TICK_MS = 500;

    private ScenarioPlan() {}

    /** All steps, in the order in which they are to be taken. Those of a sender keep their order at the same time. */
    public static List<Step> of(Scenario scenario) {
        List<Step> steps = new ArrayList<>();
        List<DevicePlan> devices = new ArrayList<>();
        for (int group = 0; group < scenario.devices().size(); group++) {
            DeviceGroup kind = scenario.devices().get(group);
            for (int index = 0; index < kind.count(); index++) {
                DevicePlan device = new DevicePlan(scenario, group, index);
                devices.add(device);
                steps.addAll(device.steps(kind.every().toMillis() * index / kind.count()));
            }
            steps.addAll(common(kind));
        }
        scenario.web().ifPresent(web -> steps.addAll(lines(scenario, web)));
        List<Step> ordered = steps.stream()
                .sorted(Comparator.comparingLong(Step::offsetMs).thenComparingInt(ScenarioPlan::rank))
                .collect(Collectors.toCollection(ArrayList::new));
        withoutRepeated(ordered);
        long lastMs = ordered.isEmpty() ? 0 : ordered.get(ordered.size() - 1).offsetMs();
        devices.stream()
                .filter(DevicePlan::signsOff)
                .forEach(device -> ordered.add(DevicePlan.statusOf(device.name(), lastMs, false)));
        return List.copyOf(ordered);
    }

    /** What happens to all devices of a group at once. */
    private static List<Step> common(DeviceGroup group) {
        List<Step> steps = new ArrayList<>();
        for (FaultRule rule : group.faults()) {
            if (rule.fault() instanceof Fault.ReconnectStorm storm) {
                steps.add(new Step.Reconnect(storm.span().endMs()));
            } else if (rule.fault() instanceof Fault.ClockStep step) {
                steps.add(new Step.Barrier(step.at().toMillis()));
            }
        }
        return steps;
    }

    private static List<Step> lines(Scenario scenario, Scenario.Web web) {
        WebPlan plan = WebPlan.of(web.shape(), scenario.seed(), scenario.start(), scenario.duration());
        List<Step> steps = new ArrayList<>();
        List<LogLine> together = new ArrayList<>();
        while (plan.hasNext()) {
            LogLine line = plan.next();
            if (!together.isEmpty()
                    && line.offsetMs() / WEB_TICK_MS > together.get(0).offsetMs() / WEB_TICK_MS) {
                steps.add(message(web, together));
                together.clear();
            }
            together.add(line);
        }
        if (!together.isEmpty()) {
            steps.add(message(web, together));
        }
        return steps;
    }

    private static Step message(Scenario.Web web, List<LogLine> lines) {
        String topic = "weblogs/" + web.host();
        List<Observation> content = lines.stream()
                .map(line -> line.entry()
                        .<Observation>map(entry -> new Observation.Requested(web.host(), entry))
                        .orElseGet(() -> new Observation.Unreadable(topic, line.text())))
                .toList();
        String payload = lines.stream().map(LogLine::text).collect(Collectors.joining("\n"));
        return new Publish(lines.get(lines.size() - 1).offsetMs(), topic, topic, payload, false, content);
    }

    private static int rank(Step step) {
        return step instanceof Step.Barrier ? 0 : step instanceof Step.Reconnect ? 1 : 2;
    }

    private static void withoutRepeated(List<Step> ordered) {
        for (int i = ordered.size() - 1; i > 0; i--) {
            if (!(ordered.get(i) instanceof Publish) && ordered.get(i).equals(ordered.get(i - 1))) {
                ordered.remove(i);
            }
        }
    }
}
