package io.tidegate.simulator.run;

import io.tidegate.settings.InvalidSettings;
import io.tidegate.simulator.fleet.FleetPlan;
import io.tidegate.simulator.fleet.FleetRun;
import io.tidegate.simulator.fleet.FleetShape;
import io.tidegate.simulator.fleet.FleetSummary;
import io.tidegate.simulator.fleet.MqttPublisher;
import io.tidegate.simulator.fleet.MqttSettings;
import io.tidegate.simulator.fleet.Publisher;
import io.tidegate.simulator.fleet.VirtualClock;
import io.tidegate.simulator.scenario.ProcessingBarrier;
import io.tidegate.simulator.scenario.Scenario;
import io.tidegate.simulator.scenario.ScenarioPlan;
import io.tidegate.simulator.scenario.ScenarioReader;
import io.tidegate.simulator.scenario.ScenarioRun;
import io.tidegate.simulator.scenario.Step;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tidegate simulator run}. Each option is the setting of the same name and wins over the file. */
@Command(
        name = "run",
        description =
                "Publishes a fleet of devices over MQTT, and web traffic, until Ctrl-C or for the time of --for; or a scenario.",
        sortOptions = false)
public final class RunCommand implements Callable<Integer> {
    private static final Duration SETTLE_PAUSE = Duration.ofSeconds(3);

    @Mixin
    private SettingsOption settings = new SettingsOption();

    @Option(
            names = "--scenario",
            paramLabel = "F",
            description = "what happens, in virtual time (config/scenarios); takes --seed and --start, no other shape")
    private @Nullable Path scenario;

    @Option(names = "--speed", paramLabel = "N", description = "virtual seconds a second, of a scenario")
    private @Nullable String speed;

    @Option(names = "--devices", paramLabel = "N", description = "how many devices")
    private @Nullable String devices;

    @Option(names = "--rate", paramLabel = "N", description = "events a second over all devices")
    private @Nullable String rate;

    @Option(names = "--for", paramLabel = "D", description = "how long, for example 60s; 0s: until Ctrl-C")
    private @Nullable String length;

    @Option(names = "--seed", paramLabel = "N", description = "the same seed and start send the same bytes")
    private @Nullable String seed;

    @Option(names = "--start", paramLabel = "TIME", description = "event time of the first reading, ISO-8601")
    private @Nullable String start;

    @Option(
            names = "--summary",
            paramLabel = "F",
            description = "writes what was sent into this file at the end, as JSON for another program")
    private @Nullable Path summaryFile;

    @Option(names = "--check", description = "only say what is wrong with the settings")
    private boolean check;

    private final CountDownLatch stop;

    /** Runs until the latch falls. */
    public RunCommand(CountDownLatch stop) {
        this.stop = stop;
    }

    @Override
    public Integer call() throws InvalidSettings, InterruptedException {
        Optional<String> misplaced = misplaced();
        if (misplaced.isPresent()) {
            System.err.println(misplaced.get());
            return ExitCode.USAGE;
        }
        return scenario == null ? runFleet() : runScenario(scenario);
    }

    /** An option that has no meaning here. */
    private Optional<String> misplaced() {
        if (scenario != null && (devices != null || rate != null || length != null || summaryFile != null)) {
            return Optional.of(
                    "--devices, --rate, --for, --summary: not with --scenario (expected: what the scenario says)");
        }
        return scenario == null && speed != null
                ? Optional.of("--speed: not without --scenario (expected: a fleet runs in real time)")
                : Optional.empty();
    }

    private int runScenario(Path file) throws InvalidSettings, InterruptedException {
        Scenario read = ScenarioReader.load(file, given("seed", seed, "start", start, "speed", speed));
        MqttSettings mqtt = settings.load(Map.of()).mqtt();
        List<Step> steps = ScenarioPlan.of(read);
        if (check) {
            System.out.println("ok");
            return 0;
        }
        System.err.printf(
                Locale.ROOT,
                "%s: %,d steps in %s at %s times the speed, to %s%n",
                file.getFileName(),
                steps.size(),
                read.duration(),
                read.speed(),
                mqtt.broker());
        ScenarioRun run = new ScenarioRun(() -> MqttPublisher.openAll(mqtt), ProcessingBarrier.pause(SETTLE_PAUSE));
        ScenarioRun.Summary summary = run.take(steps.iterator(), new VirtualClock(read.speed(), stop));
        System.out.println(summary);
        return summary.isComplete() ? 0 : 1;
    }

    private int runFleet() throws InvalidSettings, InterruptedException {
        SimulatorSettings read =
                settings.load(given("devices", devices, "rate", rate, "for", length, "seed", seed, "start", start));
        if (check) {
            System.out.println("ok");
            return 0;
        }
        FleetShape fleet = read.fleet();
        System.err.printf(
                "publishing %,.0f events/s of %,d devices to %s%n",
                fleet.rate(), fleet.devices(), read.mqtt().broker());
        List<Publisher> publishers = MqttPublisher.openAll(read.mqtt(), fleet);
        Instant began = read.start().orElseGet(Clock.systemUTC()::instant);
        try (WebTraffic web = WebTraffic.start(read, began, stop)) {
            FleetSummary summary =
                    new FleetRun(fleet, publishers).publish(FleetPlan.of(fleet, began), VirtualClock.realTime(stop));
            System.out.println(summary);
            boolean allLines = web.report();
            return written(new RunSummary(summary, web.summary())) && allLines && summary.failed() == 0 ? 0 : 1;
        }
    }

    private boolean written(RunSummary summary) {
        if (summaryFile == null) {
            return true;
        }
        try {
            summary.write(summaryFile);
            return true;
        } catch (IOException e) {
            System.err.println("--summary " + summaryFile + ": can't be written: " + e.getMessage());
            return false;
        }
    }

    /** What stands on the command line, by its setting; told as keys, each followed by its value or null. */
    private static Map<String, String> given(@Nullable String... keysAndValues) {
        Map<String, String> given = new HashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            if (keysAndValues[i + 1] != null) {
                given.put(keysAndValues[i], keysAndValues[i + 1]);
            }
        }
        return given;
    }
}
