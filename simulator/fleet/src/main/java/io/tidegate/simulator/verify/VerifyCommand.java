package io.tidegate.simulator.verify;

import com.typesafe.config.ConfigException;
import io.tidegate.settings.InvalidSettings;
import io.tidegate.simulator.cli.OutputOption;
import io.tidegate.simulator.fleet.MqttPublisher;
import io.tidegate.simulator.fleet.MqttSettings;
import io.tidegate.simulator.fleet.VirtualClock;
import io.tidegate.simulator.local.Endpoint;
import io.tidegate.simulator.local.Ledgers;
import io.tidegate.simulator.local.LocalSystem;
import io.tidegate.simulator.local.Ports;
import io.tidegate.simulator.local.SystemFolder;
import io.tidegate.simulator.oracle.ExpectedState;
import io.tidegate.simulator.oracle.QueryFile;
import io.tidegate.simulator.scenario.Scenario;
import io.tidegate.simulator.scenario.ScenarioPlan;
import io.tidegate.simulator.scenario.ScenarioReader;
import io.tidegate.simulator.scenario.ScenarioRun;
import io.tidegate.simulator.scenario.Step;
import io.tidegate.simulator.watch.BackgroundSubscription;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tidegate simulator verify}: exit code 0 only when everything that was judged is right. */
@Command(
        name = "verify",
        description = {
            "Plays a scenario to a fresh system and compares its answers with those that the scenario asks for.",
            "With --system it starts one: broker, gateway and processor."
        },
        sortOptions = false)
public final class VerifyCommand implements Callable<Integer> {
    private static final int WRONG_CONFIGURATION = 78;
    private static final int IN_FLIGHT = 200;
    private static final Duration SUBSCRIBED_WITHIN = Duration.ofSeconds(30);

    @Option(names = "--scenario", paramLabel = "F", required = true, description = "what happens (config/scenarios)")
    private Path scenario = Path.of("");

    @Option(
            names = "--config",
            paramLabel = "F",
            description = "the processor's configuration, for its queries (default: config/scenarios/processor.conf)")
    private @Nullable Path config;

    @Option(names = "--system", description = "start broker, gateway and processor, and stop them at the end")
    private boolean system;

    @Option(names = "--broker", paramLabel = "URL", description = "default: the configuration's mqtt.broker")
    private @Nullable String broker;

    @Option(
            names = "--gateway",
            paramLabel = "URL",
            defaultValue = "http://127.0.0.1:8470",
            description = "the gateway's pages (default: ${DEFAULT-VALUE})")
    private String gateway = "";

    @Option(
            names = "--processor",
            paramLabel = "URL",
            defaultValue = "http://127.0.0.1:8471",
            description = "the processor's pages (default: ${DEFAULT-VALUE})")
    private String processor = "";

    @Option(names = "--speed", paramLabel = "N", description = "virtual seconds a second (default: the scenario's)")
    private @Nullable String speed;

    @Option(
            names = "--patience",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description = "how long results may take after all is worked off (default: ${DEFAULT-VALUE})")
    private int patience;

    @Mixin
    private OutputOption output = new OutputOption();

    private final CountDownLatch stop;

    /** Gives up when the latch falls. */
    public VerifyCommand(CountDownLatch stop) {
        this.stop = stop;
    }

    @Override
    public Integer call() throws InvalidSettings, IOException, InterruptedException {
        Path launcher = LocalSystem.launcher();
        try {
            Path queries = config != null ? config : launcher.resolveSibling("config/scenarios/processor.conf");
            Scenario read = ScenarioReader.load(scenario, speed == null ? Map.of() : Map.of("speed", speed));
            QueryFile asked = QueryFile.read(queries);
            return system ? verifyOwn(launcher, queries, read, asked) : verifyRunning(read, asked);
        } catch (ConfigException e) {
            System.err.println(e.getMessage() + " (expected: a processor.conf, see ./tidegate check-config)");
            return WRONG_CONFIGURATION;
        }
    }

    private int verifyRunning(Scenario read, QueryFile asked) throws InterruptedException {
        String address = broker != null ? broker : asked.setting("mqtt.broker").orElse("tcp://localhost:1883");
        return verify(
                read, asked, URI.create(address), new SystemStatus(new Endpoint(gateway), new Endpoint(processor)));
    }

    private int verifyOwn(Path launcher, Path queries, Scenario read, QueryFile asked)
            throws IOException, InterruptedException {
        System.err.println("starting broker, gateway and processor ...");
        boolean ownDatabase = asked.hasEmbeddedDatabase();
        SystemFolder folder = SystemFolder.prepare(Ports.choose(), 1, 1);
        List<String> arguments = new ArrayList<>(folder.processorArguments(queries));
        if (ownDatabase) {
            arguments.add("-Dtidegate.processor.jdbc.url=" + folder.database());
            arguments.add("-Dh2.bindAddress=127.0.0.1");
        }
        try (LocalSystem own = LocalSystem.quick(launcher, folder)) {
            own.startAll(arguments);
            own.awaitReady(stop);
            QueryFile placed = ownDatabase ? asked.withDatabase(folder.database()) : asked;
            SystemStatus pages = new SystemStatus(folder.gatewayPages(), folder.processorPages());
            int code = verify(read, placed, URI.create(folder.broker()), pages);
            own.keep(code != 0);
            return code;
        }
    }

    private int verify(Scenario read, QueryFile asked, URI address, SystemStatus pages) throws InterruptedException {
        ReceivedResults received = new ReceivedResults(Integer.MAX_VALUE);
        try (BackgroundSubscription subscription =
                new BackgroundSubscription(address, "tidegate-verify", received::add)) {
            if (!subscription.awaitConnected(SUBSCRIBED_WITHIN)) {
                System.err.println(address + ": no connection within " + SUBSCRIBED_WITHIN.toSeconds() + " s");
                return 1;
            }
            Ledgers before = pages.ledgers();
            if (before.received() != 0 || before.gateway().isMissingNode()) {
                System.err.println(pages.gateway().base() + ": has received "
                        + before.received()
                        + " events (expected: a gateway that answers and has received nothing, so that every answer is"
                        + " the scenario's; give gateway and processor new folders)");
                return 1;
            }
            return play(read, asked, address, pages, received);
        }
    }

    private int play(Scenario read, QueryFile asked, URI address, SystemStatus pages, ReceivedResults received)
            throws InterruptedException {
        List<Step> steps = ScenarioPlan.of(read);
        String name = String.valueOf(scenario.getFileName());
        Verification verification = new Verification(
                name, ExpectedState.of(steps.iterator(), Instant.now()), asked.queries(), received, pages);
        System.err.printf(
                "%s: %,d steps in %s at %s times the speed%n", name, steps.size(), read.duration(), read.speed());
        MqttSettings mqtt = new MqttSettings(address, Optional.empty(), Optional.empty(), 1, IN_FLIGHT);
        ScenarioRun.Summary sent = new ScenarioRun(() -> MqttPublisher.openAll(mqtt), pages)
                .take(steps.iterator(), new VirtualClock(read.speed(), stop));
        System.err.println(sent);
        pages.await(sent.sent());
        Report report = verification.await(Duration.ofSeconds(patience), stop);
        output.print(report::text, report::json);
        return report.isRight() && sent.isComplete() ? 0 : 1;
    }
}
