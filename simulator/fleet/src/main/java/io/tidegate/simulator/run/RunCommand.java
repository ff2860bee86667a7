package io.tidegate.simulator.run;

import io.tidegate.mqtt.MqttTransport;
import io.tidegate.settings.InvalidSettings;
import io.tidegate.simulator.fleet.FleetPlan;
import io.tidegate.simulator.fleet.FleetRun;
import io.tidegate.simulator.fleet.FleetShape;
import io.tidegate.simulator.fleet.Journal;
import io.tidegate.simulator.fleet.Outlet;
import io.tidegate.simulator.fleet.Pace;
import io.tidegate.simulator.fleet.Summary;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tidegate simulator run}. Each option is the setting of the same name and wins over the file. */
@Command(
        name = "run",
        description = "Publishes a fleet of devices over MQTT, and web traffic, until Ctrl-C or for the time of --for.",
        sortOptions = false)
public final class RunCommand implements Callable<Integer> {
    private static final int WRONG_CONFIGURATION = 78;

    @Option(names = "--config", paramLabel = "F", description = "settings (HOCON) over the defaults")
    private @Nullable Path config;

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

    @Option(names = "--check", description = "only say what is wrong with the settings")
    private boolean check;

    @Option(names = "--help", usageHelp = true, description = "Show this help.")
    @SuppressWarnings("UnusedVariable") // picocli reads it
    private boolean help;

    private final CountDownLatch stop;

    /** Runs until the latch falls. */
    public RunCommand(CountDownLatch stop) {
        this.stop = stop;
    }

    @Override
    public Integer call() throws InterruptedException {
        SimulatorSettings settings;
        try {
            settings = SimulatorSettings.load(config, overrides());
        } catch (InvalidSettings e) {
            System.err.println(e.getMessage());
            return WRONG_CONFIGURATION;
        }
        if (check) {
            System.out.println("ok");
            return 0;
        }
        FleetShape fleet = settings.fleet();
        System.err.printf(
                "publishing %,.0f events/s of %,d devices to %s%n",
                fleet.rate(), fleet.devices(), settings.mqtt().broker());
        List<Outlet> outlets = Outlet.mqtt(MqttTransport.paho(), settings.mqtt(), fleet);
        Instant began = settings.start().orElseGet(Clock.systemUTC()::instant);
        try (WebTraffic web = WebTraffic.start(settings, began, stop)) {
            Summary summary = new FleetRun(fleet, outlets, Journal.none())
                    .publish(FleetPlan.of(fleet, began), Pace.realTime(stop));
            System.out.println(summary);
            return web.tell() && summary.failed() == 0 ? 0 : 1;
        }
    }

    private Map<String, String> overrides() {
        Map<String, String> overrides = new HashMap<>();
        override(overrides, "devices", devices);
        override(overrides, "rate", rate);
        override(overrides, "for", length);
        override(overrides, "seed", seed);
        override(overrides, "start", start);
        return overrides;
    }

    private static void override(Map<String, String> overrides, String key, @Nullable String value) {
        if (value != null) {
            overrides.put(key, value);
        }
    }
}
