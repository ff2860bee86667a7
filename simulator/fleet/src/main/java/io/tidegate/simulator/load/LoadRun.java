package io.tidegate.simulator.load;

import io.tidegate.simulator.load.BacklogPhase.Worked;
import io.tidegate.simulator.load.Measurement.Measured;
import io.tidegate.simulator.load.PhaseResult.Counts;
import io.tidegate.simulator.load.PhaseResult.LatencyFigures;
import io.tidegate.simulator.load.PhaseResult.Rates;
import io.tidegate.simulator.local.Deadline;
import io.tidegate.simulator.local.PrometheusText;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SynchronizedHistogram;

/** Phases, one after the other, on one broker. Used once, by one thread. */
final class LoadRun {
    static final String FILTER = "sensors/#";
    /** The gateway's default. */
    private static final int RECEIVE_MAXIMUM = 1_000;

    private static final long LOOK_AROUND_MS = 100;
    private static final long SUBSCRIBED_WITHIN_S = 60;
    private static final long SETTLED_WITHIN_S = 30;
    /** Percentiles are at most 0.1 % above the exact ones. */
    private static final int LATENCY_DIGITS = 3;

    private final LoadShape shape;
    private final Path launcher;
    private final LoadBroker broker;
    private final Function<Phase, ProgressBar> progress;
    private final CountDownLatch stop;

    /** Every phase ends with an {@link InterruptedException} when the latch falls. */
    LoadRun(
            LoadShape shape,
            Path launcher,
            LoadBroker broker,
            Function<Phase, ProgressBar> progress,
            CountDownLatch stop) {
        this.shape = shape;
        this.launcher = launcher;
        this.broker = broker;
        this.progress = progress;
        this.stop = stop;
    }

    /** Runs these phases. */
    List<PhaseResult> run(Set<Phase> phases) throws IOException, InterruptedException {
        Map<Phase, PhaseResult> done = new EnumMap<>(Phase.class);
        for (Phase phase : phases) {
            PhaseResult figures = switch (phase) {
                case SUBSCRIBER -> subscriber();
                case GATEWAY -> gateway();
                case CHAIN -> chain();
                case BACKLOG -> backlog();
                case IDLE -> idle();
            };
            PhaseResult subscriber = done.get(Phase.SUBSCRIBER);
            done.put(
                    phase,
                    subscriber == null || figures.counts().sent() == 0
                            ? figures
                            : figures.comparedWith(subscriber.rates().messagesPerSecond()));
        }
        return new ArrayList<>(done.values());
    }

    private PhaseResult subscriber() throws IOException, InterruptedException {
        try (SubscriberProcess subscriber = new SubscriberProcess(broker.address(), FILTER, RECEIVE_MAXIMUM);
                LoadPublisher publisher = new LoadPublisher(broker.address(), newRun(), shape)) {
            awaitSubscribed(subscriber);
            Measured measured = measure(
                    Phase.SUBSCRIBER,
                    publisher,
                    new SubscriberTarget(subscriber),
                    Map.of("subscriber", subscriber.handle()));
            double rate = measured.last().rateSince(measured.first());
            return figures(Phase.SUBSCRIBER, measured, rate).withTaken(measured.taken() * shape.readingsAMessage());
        }
    }

    private void awaitSubscribed(SubscriberProcess subscriber) throws IOException, InterruptedException {
        Deadline deadline = Deadline.in(Duration.ofSeconds(SUBSCRIBED_WITHIN_S));
        while (subscriber.received() < 0) {
            if (!subscriber.isAlive() || deadline.isOver()) {
                throw new IOException("the subscriber has not subscribed");
            }
            pause();
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
            return discardedIfRight(system, counted.withLedgers(durable(system, measured), residuals(system)));
        }
    }

    private PhaseResult chain() throws IOException, InterruptedException {
        String run = newRun();
        Histogram latencies = new SynchronizedHistogram(LATENCY_DIGITS);
        LatencyTracker tracker = new LatencyTracker(shape.devices(), shape.readingsAMessage(), latencies);
        try (LoadSystem system = new LoadSystem(launcher, broker.address(), shape.connections());
                ResultSubscriber results = new ResultSubscriber(broker.address(), run, tracker);
                LoadPublisher publisher = new LoadPublisher(broker.address(), run, shape)) {
            system.startGateway();
            system.startProcessor("chain.conf");
            system.awaitReady(stop);
            BatchTimes batches = new BatchTimes(system.processor());
            ChainTarget target = new ChainTarget(system, results, tracker, batches, shape.readingsAMessage());
            Measured measured = measure(Phase.CHAIN, publisher, target, system.handles());
            double rate = tracker.readingsPerSecond(
                            measured.first().nanos(), measured.last().nanos())
                    / shape.readingsAMessage();
            PhaseResult counted = figures(Phase.CHAIN, measured, rate)
                    .withTaken(tracker.counted(), tracker.lost(), tracker.duplicates())
                    .withResults(LatencyFigures.of(latencies), target.figures());
            return discardedIfRight(system, counted.withLedgers(durable(system, measured), residuals(system)));
        }
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
            return discardedIfRight(system, counted.withLedgers(durable(system, measured), residuals(system)));
        }
    }

    private PhaseResult idle() throws IOException, InterruptedException {
        try (LoadSystem system = new LoadSystem(launcher, broker.address(), shape.connections())) {
            system.startGateway();
            system.startProcessor("idle.conf");
            system.awaitReady(stop);
            BatchTimes batches = new BatchTimes(system.processor());
            look(batches, shape.warmUp());
            batches.measure();
            look(batches, shape.length());
            PhaseResult counted = PhaseResult.of(Phase.IDLE, new Rates(0, 0, null, Map.of()), Counts.sent(0, 0))
                    .withResults(null, batches.figures());
            return discardedIfRight(system, counted.withLedgers(0, residuals(system)));
        }
    }

    private void look(BatchTimes batches, Duration length) throws InterruptedException {
        long began = System.nanoTime();
        while (System.nanoTime() - began < length.toNanos()) {
            batches.poll();
            pause();
        }
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
        Deadline deadline = Deadline.in(Duration.ofSeconds(SETTLED_WITHIN_S));
        long durable = 0;
        while (durable < measured.sent() && !deadline.isOver()) {
            system.check();
            durable =
                    (long) new PrometheusText(system.gateway().text("/metrics").orElse(""))
                            .sum("tidegate_source_acknowledged_messages_total");
            pause();
        }
        return durable;
    }

    /** What the ledgers can't explain, once that is nothing or stays. */
    private Map<String, Long> residuals(LoadSystem system) throws IOException, InterruptedException {
        Deadline deadline = Deadline.in(Duration.ofSeconds(SETTLED_WITHIN_S));
        Map<String, Long> residuals = system.residuals();
        while (residuals.values().stream().anyMatch(residual -> residual != 0) && !deadline.isOver()) {
            pause();
            residuals = system.residuals();
        }
        return residuals;
    }

    private static PhaseResult discardedIfRight(LoadSystem system, PhaseResult figures) {
        if (figures.isRight()) {
            system.discard();
        }
        return figures;
    }

    private void pause() throws InterruptedException {
        if (stop.await(LOOK_AROUND_MS, TimeUnit.MILLISECONDS)) {
            throw new InterruptedException("stopped");
        }
    }
}
