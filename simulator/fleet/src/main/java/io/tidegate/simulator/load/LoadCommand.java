package io.tidegate.simulator.load;

import io.tidegate.simulator.cli.OutputOption;
import io.tidegate.simulator.local.LocalSystem;
import io.tidegate.simulator.local.Ports;
import io.tidegate.simulator.local.SystemFolder;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tidegate simulator load}: exit code 0 only when nothing was lost and nothing is there twice. */
@Command(
        name = "load",
        description = {
            "Measures what a bare MQTT subscriber receives, what the gateway makes durable, and what gateway and processor"
                    + " turn into results, one after the other on one broker (mosquitto where it is installed).",
            "Everything is started for it, with its state in temporary folders, and stopped at the end."
        },
        sortOptions = false)
public final class LoadCommand implements Callable<Integer> {
    private static final int MOST_READINGS = 1_000;

    @Option(
            names = "--phase",
            paramLabel = "P",
            split = ",",
            description = "subscriber, gateway, chain, recovery, backlog, idle, growth; several with commas"
                    + " (default: the first three)")
    private List<Phase> phases = List.of(Phase.SUBSCRIBER, Phase.GATEWAY, Phase.CHAIN);

    @Option(
            names = "--rate",
            paramLabel = "N",
            description = "messages a second, whatever becomes of them (default: as fast as they are taken; with phase"
                    + " recovery, 2000, with growth " + GrowthShape.RATE + ")")
    private @Nullable Double rate;

    @Option(
            names = "--for",
            paramLabel = "D",
            defaultValue = "20s",
            description = "how long each phase is measured (default: ${DEFAULT-VALUE})")
    private Duration length = Duration.ZERO;

    @Option(
            names = "--warm-up",
            paramLabel = "D",
            defaultValue = "10s",
            description = "how long it runs before (default: ${DEFAULT-VALUE})")
    private Duration warmUp = Duration.ZERO;

    @Option(names = "--devices", paramLabel = "N", defaultValue = "1000", description = "default: ${DEFAULT-VALUE}")
    private int devices;

    @Option(
            names = "--batch",
            paramLabel = "N",
            description = "readings a message; more than one: a JSON array (default: 1; in growth "
                    + GrowthShape.READINGS_A_MESSAGE + ")")
    private @Nullable Integer batch;

    @Option(
            names = "--clients",
            paramLabel = "N",
            defaultValue = "4",
            description = "publishing connections (default: ${DEFAULT-VALUE})")
    private int clients;

    @Option(
            names = "--connections",
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "sources of the gateway that share the subscription, each a connection (default: ${DEFAULT-VALUE})")
    private int connections;

    @Option(
            names = "--backlog",
            paramLabel = "N",
            defaultValue = "20000000",
            description =
                    "readings in the log before the processor starts, in phase backlog (default: ${DEFAULT-VALUE})")
    private long backlog;

    @Option(
            names = "--keys",
            paramLabel = "N",
            split = ",",
            defaultValue = "1000,10000,100000",
            description = "numbers of keys, in phase growth, which has a run for each (default: ${DEFAULT-VALUE})")
    private List<Integer> keys = List.of();

    @Option(
            names = "--queries",
            paramLabel = "Q",
            split = ",",
            defaultValue = "sessions,totals,window,top,structured",
            description = "kinds of queries, in phase growth, which has a run for each (default: ${DEFAULT-VALUE})")
    private List<GrowthQuery> queries = List.of();

    @Option(names = "--broker", paramLabel = "URL", description = "tcp://host:port of a broker that runs already")
    private @Nullable URI broker;

    @Option(
            names = "--system-command",
            paramLabel = "CMD",
            description =
                    "what sh runs in the place of gateway and processor in phase chain (docs/performance.md, A peer"
                            + " beside it)")
    private @Nullable String systemCommand;

    @Mixin
    private OutputOption output = new OutputOption();

    private final CountDownLatch stop;

    /** Ends what it started when the latch falls. */
    public LoadCommand(CountDownLatch stop) {
        this.stop = stop;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (!isLegal()) {
            System.err.println(
                    "expected: --rate above 0, --for above 0s, --devices, --clients, --connections, --backlog and --keys of 1 or"
                            + " more, --batch of 1 to " + MOST_READINGS + ", --broker tcp://host:port");
            return ExitCode.USAGE;
        }
        if (systemCommand != null && (!phases.contains(Phase.CHAIN) || phases.contains(Phase.RECOVERY))) {
            System.err.println("--system-command: not for these phases (expected: chain among them, recovery not)");
            return ExitCode.USAGE;
        }
        LoadShape shape = new LoadShape(
                devices,
                clients,
                connections,
                batch == null ? 1 : batch,
                messagesPerSecond(),
                warmUp,
                length,
                backlog,
                new GrowthShape(
                        keys,
                        EnumSet.copyOf(queries),
                        batch == null ? GrowthShape.READINGS_A_MESSAGE : batch,
                        rate == null ? GrowthShape.RATE : rate));
        return run(LocalSystem.launcher(), shape);
    }

    /** A chain that is as busy as it can be never catches up. */
    private OptionalDouble messagesPerSecond() {
        if (rate != null) {
            return OptionalDouble.of(rate);
        }
        return phases.contains(Phase.RECOVERY) ? OptionalDouble.of(RecoveryPhase.DEFAULT_RATE) : OptionalDouble.empty();
    }

    private boolean isLegal() {
        boolean address = broker == null || ("tcp".equals(broker.getScheme()) && broker.getPort() > 0);
        return address
                && (rate == null || rate > 0)
                && length.toMillis() > 0
                && !warmUp.isNegative()
                && devices >= 1
                && backlog >= 1
                && clients >= 1
                && connections >= 1
                && keys.stream().allMatch(number -> number >= 1)
                && (batch == null || (batch >= 1 && batch <= MOST_READINGS));
    }

    private int run(Path launcher, LoadShape shape) throws IOException, InterruptedException {
        boolean terminal = Boolean.getBoolean("tidegate.terminal");
        double seconds = shape.warmUp().plus(shape.length()).toMillis() / 1e3;
        SystemFolder folder = SystemFolder.prepare(Ports.choose(), devices, 1);
        LoadReport report;
        try (LoadBroker used = broker != null ? LoadBroker.running(broker) : LoadBroker.start(launcher, folder)) {
            used.awaitReady(stop);
            LoadRun run = new LoadRun(
                    shape,
                    launcher,
                    used,
                    phase -> new ProgressBar(System.err, terminal, phase.label(), seconds),
                    stop,
                    systemCommand);
            EnumSet<Phase> chosen = EnumSet.copyOf(phases);
            LoadShape told = chosen.equals(EnumSet.of(Phase.GROWTH)) ? shape.withKeys(Collections.max(keys)) : shape;
            report = LoadReport.of(used.name(), told, run.run(chosen));
        } finally {
            folder.delete();
        }
        output.print(report::text, report::json);
        return report.right() ? 0 : 1;
    }
}
