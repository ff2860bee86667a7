package io.tidegate.simulator.demo;

import io.tidegate.settings.InvalidSettings;
import io.tidegate.simulator.local.LocalSystem;
import io.tidegate.simulator.local.Ports;
import io.tidegate.simulator.local.SystemFolder;
import io.tidegate.simulator.run.SimulatorSettings;
import io.tidegate.simulator.watch.ResultFormatter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;

/**
 * {@code tidegate demo}: exit code 0 only when everything worked, stopped cleanly, the ledgers balance and the oracle has
 * nothing to complain about.
 */
@Command(
        name = "demo",
        description = {
            "Runs the whole chain on this machine: broker, gateway, processor and a simulated fleet, each a process of"
                    + " its own, with their state in a temporary folder. Shows results as they come.",
            "Says at the end, and of totals as they come, whether they are right. Ctrl-C ends it."
        },
        sortOptions = false)
public final class DemoCommand implements Callable<Integer> {

    @Option(
            names = "--for",
            paramLabel = "D",
            defaultValue = "0s",
            description = "how long the fleet sends, for example 60s or 5m; 0s: until Ctrl-C (default)")
    private Duration length = Duration.ZERO;

    @Option(names = "--devices", paramLabel = "N", defaultValue = "100", description = "default: ${DEFAULT-VALUE}")
    private int devices;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "200",
            description = "events a second over all devices (default: ${DEFAULT-VALUE})")
    private double rate;

    private final CountDownLatch stop;

    /** Runs until the latch falls. */
    public DemoCommand(CountDownLatch stop) {
        this.stop = stop;
    }

    @Override
    public Integer call() throws InvalidSettings, IOException, InterruptedException {
        if (length.isNegative() || devices < 1 || !(rate > 0)) {
            System.err.println("--for " + length.toSeconds() + "s --devices " + devices + " --rate " + rate
                    + " (expected: a time such as 60s or 5m, at least one device, a rate above 0)");
            return ExitCode.USAGE;
        }
        Path launcher = LocalSystem.launcher();
        SystemFolder folder = SystemFolder.prepare(Ports.choose(), devices, rate);
        SimulatorSettings fleet = fleet(folder);
        introduce(folder);
        Screen screen = new Screen(
                System.out,
                ResultFormatter.forTerminal(System.getenv()),
                () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()));
        LocalSystem system = LocalSystem.quick(launcher, folder);
        boolean well = new Demo(system, screen, fleet, length, stop).run();
        if (!well) {
            System.out.println("something went wrong; logs and state are kept in " + folder.path());
            return 1;
        }
        folder.delete();
        System.out.println("all stopped cleanly; the temporary folder is gone");
        return 0;
    }

    private static SimulatorSettings fleet(SystemFolder folder) throws InvalidSettings, IOException {
        try {
            return SimulatorSettings.load(folder.settings("simulator"), Map.of());
        } catch (InvalidSettings e) {
            folder.delete();
            throw e;
        }
    }

    private void introduce(SystemFolder folder) {
        Ports ports = folder.ports();
        System.out.printf(
                "Tidegate demo: %,d devices send %,.0f events/s; Ctrl-C stops it.%n"
                        + "  broker     %s%n"
                        + "  gateway    http://127.0.0.1:%d  (pull protocol on 127.0.0.1:%d)%n"
                        + "  processor  http://127.0.0.1:%d%n"
                        + "  settings, state and logs in %s%n"
                        + "In another terminal:%n"
                        + "  mosquitto_sub -p %d -v -t 'tidegate/#'%n"
                        + "  ./tidegate watch --broker %s 'tidegate/sessions/#'%n"
                        + "  curl http://127.0.0.1:%d/ledger%n"
                        + "Starting; the first results take some seconds ...%n",
                devices,
                rate,
                folder.broker(),
                ports.gatewayHttp(),
                ports.pull(),
                ports.processorHttp(),
                folder.path(),
                ports.mqtt(),
                folder.broker(),
                ports.gatewayHttp());
    }
}
