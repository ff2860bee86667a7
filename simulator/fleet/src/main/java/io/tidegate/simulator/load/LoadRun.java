package io.tidegate.simulator.load;

import io.tidegate.simulator.load.BacklogPhase.Worked;
import io.tidegate.simulator.load.Measurement.Measured;
import io.tidegate.simulator.load.PhaseResult.Counts;
import io.tidegate.simulator.load.PhaseResult.Rates;
import io.tidegate.simulator.local.Deadline;
import io.tidegate.simulator.local.PrometheusText;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Phases, one after the other, on one broker. Used once, by one thread. */
final class LoadRun {
    static final String FILTER = "sensors/#";
    /** The gateway's default. */
    private static final int RECEIVE_MAXIMUM = 1_000;

    private static final Duration SETTLE_PATIENCE = Duration.ofSeconds(30);

    private final LoadShape shape;
    private final Path launcher;
    private final LoadBroker broker;
    private final Function<Phase, ProgressBar> progress;
    private final CountDownLatch stop;
    private final @Nullable String systemCommand;

    /**
     * Every phase ends with an {@link InterruptedException} when the latch falls.
     *
     * @param systemCommand what is measured in phase {@code chain}; null: gateway and processor
     */
    LoadRun(
            LoadShape shape,
            Path launcher,
            LoadBroker broker,
            Function<Phase, ProgressBar> progress,
            CountDownLatch stop,
            @Nullable String systemCommand) {
        this.shape = shape;
        this.launcher = launcher;
        this.broker = broker;
        this.progress = progress;
        this.stop = stop;
        this.systemCommand = systemCommand;
    }

    /** Runs these phases. */
    List<PhaseResult> run(Set<Phase> phases) throws IOException, InterruptedException {
        List<PhaseResult> done = new ArrayList<>();
        OptionalDouble subscribers = OptionalDouble.empty();
        for (Phase phase : phases) {
            for (PhaseResult figures : results(phase)) {
                done.add(
                        subscribers.isEmpty() || figures.counts().sent() == 0
                                ? figures
                                : figures.comparedWith(subscribers.getAsDouble()));
                if (phase == Phase.SUBSCRIBER) {
                    subscribers = OptionalDouble.of(figures.rates().messagesPerSecond());
                }
            }
        }
        return done;
    }

    private List<PhaseResult> results(Phase phase) throws IOException, InterruptedException {
        return switch (phase) {
            case SUBSCRIBER -> List.of(subscriber());
            case GATEWAY -> List.of(gateway());
            case CHAIN -> List.of(systemCommand == null ? chain() : foreignChain(systemCommand));
            case RECOVERY -> List.of(recovery());
            case BACKLOG -> List.of(backlog());
            case IDLE -> List.of(idle());
            case GROWTH -> growth();
        };
    }

    private PhaseResult subscriber() throws IOException, InterruptedException {
        try (SubscriberProcess subscriber = new SubscriberProcess(broker.address(), FILTER, RECEIVE_MAXIMUM);
                LoadPublisher publisher = new LoadPublisher(broker.address(), newRun(), shape)) {
            subscriber.awaitSubscribed(stop);
            Measured measured =
                    measure(Phase.SUBSCRIBER, publisher, subscriber, Map.of("subscriber", subscriber.handle()));
            double rate = measured.last().rateSince(measured.first());
            return figures(Phase.SUBSCRIBER, measured, rate).withTaken(measured.taken() * shape.readingsAMessage());
        }
    }

    private PhaseResult gateway() throws IOException, InterruptedException {
        try (LoadSystem system = new LoadSystem(launcher, broker.address(), shape.connections());
                LoadPublisher publisher = new LoadPublisher(broker.address(), newRun(), shape)) {
            system.startGateway();
            system.awaitReady(stop);
            GatewayTarget target = new GatewayTarget(system, shape.readingsAMessage());
            Measured measured = measure(Phase.GATEWAY, publisher, target, system.handles());
            double rate = measured.last().rateSince(measured.first());
            PhaseResult counted = figures(Phase.GATEWAY, measured, rate)
                    .withTaken(target.logged())
                    .withMemory(target.memory().orElse(null));
            return settled(system, counted, durable(system, measured));
        }
    }

    private PhaseResult chain() throws IOException, InterruptedException {
        try (LoadSystem system = new LoadSystem(launcher, broker.address(), shape.connections());
                ChainLoad load = new ChainLoad(broker.address(), newRun(), shape)) {
            startChain(system);
            BatchTimes batches = new BatchTimes(system.folder().processorPages());
            ChainTarget target = new ChainTarget(system::check, load, shape.readingsAMessage(), batches);
            Measured measured = measure(Phase.CHAIN, load.publisher(), target, system.handles());
            PhaseResult counted = load.counted(figures(Phase.CHAIN, measured, load.messagesPerSecond(measured)))
                    .withResults(load.latency(), target.figures());
            return settled(system, counted, durable(system, measured));
        }
    }

    private PhaseResult foreignChain(String command) throws IOException, InterruptedException {
        try (ForeignChain system = new ForeignChain(command, broker.address());
                ChainLoad load = new ChainLoad(broker.address(), newRun(), shape)) {
            system.awaitReady(stop);
            ChainTarget target = new ChainTarget(system::check, load, shape.readingsAMessage(), null);
            Map<String, ProcessHandle> started = Map.of(ForeignChain.NAME, system.handle());
            Measured measured = measure(Phase.CHAIN, load.publisher(), target, started);
            PhaseResult counted = load.counted(figures(Phase.CHAIN, measured, load.messagesPerSecond(measured)))
                    .withResults(load.latency(), null);
            system.keep(!counted.isRight());
            return counted;
        }
    }

    private PhaseResult recovery() throws IOException, InterruptedException {
        try (LoadSystem system = new LoadSystem(launcher, broker.address(), shape.connections());
                ChainLoad load = new ChainLoad(broker.address(), newRun(), shape)) {
            startChain(system);
            RecoveryPhase recovery = new RecoveryPhase(system, load, shape.length());
            ChainTarget target = new ChainTarget(system::check, load, shape.readingsAMessage(), null);
            Measured measured = new Measurement(
                            shape, load.publisher(), target, Map.of(), progress.apply(Phase.RECOVERY), stop)
                    .run(recovery);
            PhaseResult counted = load.counted(figures(Phase.RECOVERY, measured, load.messagesPerSecond(measured)))
                    .withResults(recovery.latency(), null)
                    .withRecovery(recovery.figures());
            return settled(system, counted, null); // a gateway counts what it acknowledged from its start
        }
    }

    private void startChain(LoadSystem system) throws IOException, InterruptedException {
        system.startGateway();
        system.startProcessor("chain.conf");
        system.awaitReady(stop);
    }

    private PhaseResult backlog() throws IOException, InterruptedException {
        try (LoadSystem system = new LoadSystem(launcher, broker.address(), shape.connections());
                LoadPublisher publisher = new LoadPublisher(broker.address(), newRun(), shape)) {
            system.startGateway();
            system.awaitReady(stop);
            BacklogPhase backlog = new BacklogPhase(shape, system, publisher, stop);
            backlog.fill(progress.apply(Phase.BACKLOG));
            system.startProcessor(BacklogPhase.QUERIES);
            Worked worked = backlog.workOff(measuredPrograms(system.handles()), progress.apply(Phase.BACKLOG));
            double rate = worked.last().rateSince(worked.first()) / shape.readingsAMessage();
            Measured measured = new Measured(
                    worked.first(), worked.last(), publisher.sent(), publisher.acknowledged(), publisher.sent());
            PhaseResult counted = figures(Phase.BACKLOG, measured, rate)
                    .withTaken(worked.last().taken())
                    .withResults(null, worked.batches());
            return settled(system, counted, durable(system, measured));
        }
    }

    private PhaseResult idle() throws IOException, InterruptedException {
        try (LoadSystem system = new LoadSystem(launcher, broker.address(), shape.connections())) {
            system.startGateway();
            system.startProcessor("idle.conf");
            system.awaitReady(stop);
            BatchTimes batches = new BatchTimes(system.folder().processorPages());
            look(batches, shape.warmUp());
            batches.measure();
            look(batches, shape.length());
            PhaseResult counted = PhaseResult.of(Phase.IDLE, new Rates(0, 0, null, Map.of()), Counts.sent(0, 0))
                    .withResults(null, batches.figures());
            return settled(system, counted, 0L);
        }
    }

    /** A run for each kind of query and each number of keys, in this order. */
    private List<PhaseResult> growth() throws IOException, InterruptedException {
        List<PhaseResult> runs = new ArrayList<>();
        for (GrowthQuery query : shape.growth().queries()) {
            for (int keys : shape.growth().keys()) {
                runs.add(new LoadRun(shape.withKeys(keys), launcher, broker, progress, stop, null).growth(query));
            }
        }
        return runs;
    }

    /** The processor that has no room for its keys ends, which is a result too. */
    private PhaseResult growth(GrowthQuery query) throws InterruptedException {
        int keys = shape.devices() * shape.readingsAMessage();
        int slide = GrowthQuery.slideSeconds(keys);
        try (LoadSystem system = new LoadSystem(launcher, broker.address(), shape.connections());
                LoadPublisher publisher = new LoadPublisher(broker.address(), newRun(), shape)) {
            system.startGateway();
            system.startProcessor(
                    GrowthQuery.settings(shape.readingsAMessage(), slide),
                    List.of("--queries", String.join(",", query.queries())));
            system.awaitReady(stop);
            GrowthTarget target = new GrowthTarget(system, query, shape.readingsAMessage());
            new Measurement(shape, publisher, target, Map.of(), progress.apply(Phase.GROWTH), stop)
                    .fill(shape.devices());
            Measured measured = measure(Phase.GROWTH, publisher, target, system.handles());
            double rate = measured.last().rateSince(measured.first());
            PhaseResult counted = figures(Phase.GROWTH, measured, rate)
                    .withTaken(target.applied())
                    .withResults(null, target.times())
                    .withGrowth(new GrowthFigures(query.label(), keys, slide, target.held(), null));
            return settled(system, counted, durable(system, measured));
        } catch (IOException e) {
            System.err.println(query.label() + ", " + keys + " keys: " + e.getMessage());
            String reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            return PhaseResult.of(Phase.GROWTH, new Rates(0, 0, null, Map.of()), Counts.sent(0, 0))
                    .withGrowth(new GrowthFigures(query.label(), keys, slide, null, reason));
        }
    }

    private void look(BatchTimes batches, Duration length) throws IOException, InterruptedException {
        Deadline.in(length).await(stop, () -> {
            batches.poll();
            return false;
        });
    }

    private static String newRun() {
        return "load-" + UUID.randomUUID().toString().substring(0, 8);
    }

    private Measured measure(Phase phase, LoadPublisher publisher, Target target, Map<String, ProcessHandle> started)
            throws IOException, InterruptedException {
        return new Measurement(shape, publisher, target, measuredPrograms(started), progress.apply(phase), stop).run();
    }

    /** What was started for the phase, the broker, and this one. */
    private Map<String, ProcessHandle> measuredPrograms(Map<String, ProcessHandle> started) {
        Map<String, ProcessHandle> programs = new LinkedHashMap<>(started);
        broker.program().ifPresent(program -> programs.put("broker", program.handle()));
        programs.put("load", ProcessHandle.current());
        return programs;
    }

    private PhaseResult figures(Phase phase, Measured measured, double messagesPerSecond) {
        double messages = messagesPerSecond * measured.last().secondsSince(measured.first());
        Rates rates = new Rates(
                messagesPerSecond,
                messagesPerSecond * shape.readingsAMessage(),
                null,
                measured.last().cpuMicrosSince(measured.first(), messages));
        long acknowledged = measured.acknowledged() * shape.readingsAMessage();
        return PhaseResult.of(phase, rates, Counts.sent(measured.sent() * shape.readingsAMessage(), acknowledged));
    }

    /** What the gateway says that it has made durable and acknowledged, once that is everything or nothing more comes. */
    private long durable(LoadSystem system, Measured measured) throws IOException, InterruptedException {
        AtomicLong durable = new AtomicLong();
        Deadline.in(SETTLE_PATIENCE).await(stop, () -> {
            system.check();
            PrometheusText page = new PrometheusText(
                    system.folder().gatewayPages().text("/metrics").orElse(""));
            durable.set((long) page.sum("tidegate_source_acknowledged_messages_total"));
            return durable.get() >= measured.sent();
        });
        return durable.get();
    }

    /** With what the ledgers can't explain, once that is nothing or stays. What is right need not be looked into. */
    private PhaseResult settled(LoadSystem system, PhaseResult counted, @Nullable Long durable)
            throws IOException, InterruptedException {
        Map<String, Long> residuals = new LinkedHashMap<>();
        Deadline.in(SETTLE_PATIENCE).await(stop, () -> {
            residuals.putAll(system.residuals());
            return residuals.values().stream().allMatch(residual -> residual == 0);
        });
        PhaseResult figures = counted.withLedgers(durable, residuals);
        system.keep(!figures.isRight());
        return figures;
    }
}
