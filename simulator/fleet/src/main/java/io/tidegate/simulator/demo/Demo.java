package io.tidegate.simulator.demo;

import io.tidegate.simulator.demo.DemoSummary.NotJudged;
import io.tidegate.simulator.demo.PlannedTraffic.Sent;
import io.tidegate.simulator.local.Deadline;
import io.tidegate.simulator.local.Ledgers;
import io.tidegate.simulator.local.LocalSystem;
import io.tidegate.simulator.local.LocalSystem.Stopped;
import io.tidegate.simulator.oracle.Query;
import io.tidegate.simulator.oracle.QueryFile;
import io.tidegate.simulator.run.SimulatorSettings;
import io.tidegate.simulator.verify.ReceivedResults;
import io.tidegate.simulator.verify.Report;
import io.tidegate.simulator.verify.SystemStatus;
import io.tidegate.simulator.verify.Verification;
import io.tidegate.simulator.watch.BackgroundSubscription;
import io.tidegate.simulator.watch.Result;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One demo from start to end.
 *
 * <pre>
 *   starting ──gateway ready──▶ sending ──time over or Ctrl-C──▶ draining ──caught up──▶ judging ──▶ stopped
 *      │                           │                                │
 *      └──────── a program ended, or time ran out: failed ◀─────────┘
 * </pre>
 *
 * Used once, by one thread; results come on another.
 */
final class Demo {
    private static final Duration START_PATIENCE = Duration.ofMinutes(2);
    private static final Duration DRAIN_PATIENCE = Duration.ofSeconds(90);
    private static final Duration SETTLE_PATIENCE = Duration.ofSeconds(20);
    private static final long LOOK_AROUND_MS = 250;

    /** For the table at the end; there is memory for so much, and it is more than somebody watches. */
    private static final int MOST_EVENTS = 250_000;

    private static final int MOST_RESULTS = 60_000;

    private final LocalSystem system;
    private final Screen screen;
    private final SimulatorSettings fleet;
    private final Duration length;
    private final CountDownLatch stop;
    private final SystemStatus status;
    private final List<Query> queries;
    private final ReceivedResults received = new ReceivedResults(MOST_RESULTS);
    private volatile @Nullable TotalsCheck check;
    private @Nullable DemoSummary summary;

    /**
     * Nothing is started yet.
     *
     * @param fleet what the settings in the system's folder say about the fleet
     * @param length how long the fleet sends; zero: until the latch falls
     * @param stop falls when the demo shall end
     */
    Demo(LocalSystem system, Screen screen, SimulatorSettings fleet, Duration length, CountDownLatch stop) {
        this.system = system;
        this.screen = screen;
        this.fleet = fleet;
        this.length = length;
        this.stop = stop;
        this.status =
                new SystemStatus(system.folder().gatewayPages(), system.folder().processorPages());
        this.queries = QueryFile.read(system.folder().settings("processor")).queries();
    }

    /** Runs it; true when everything worked and stopped cleanly, the ledgers balance and all results are right. */
    boolean run() throws IOException, InterruptedException {
        boolean well;
        try {
            system.startAll(system.folder().processorArguments());
            URI broker = URI.create(system.folder().broker());
            try (BackgroundSubscription subscription =
                    new BackgroundSubscription(broker, "tidegate-demo", this::take)) {
                well = awaitGateway(subscription) && sendAndDrain();
                well &= stopAll();
            }
        } finally {
            stopAll();
        }
        return tell() && well;
    }

    /** Stops what still runs; whether all of it ended cleanly. */
    private boolean stopAll() throws InterruptedException {
        List<Stopped> unclean = system.stopAll();
        unclean.forEach(stopped -> screen.say("not stopped cleanly: " + stopped.ending()));
        return unclean.isEmpty();
    }

    /** Says what came of it; false when a result is not right. */
    private boolean tell() {
        TotalsCheck live = check;
        DemoSummary end = summary;
        if (end == null || live == null) {
            return live == null || live.wrong() == 0;
        }
        end.lines(screen, live).forEach(screen::say);
        return end.isRight() && live.wrong() == 0;
    }

    private void take(Result result) {
        received.add(result);
        screen.show(result);
        TotalsCheck live = check;
        if (live != null && live.concerns(result)) {
            live.check(result).ifPresent(complaint -> screen.showComplaint(result, complaint));
            screen.showTally(result, live.tally(), live.wrong() == 0);
        }
    }

    /** Waits until the gateway takes events and we hear results; false when the demo is to end instead. */
    private boolean awaitGateway(BackgroundSubscription subscription) throws InterruptedException {
        Deadline deadline = Deadline.in(START_PATIENCE);
        while (!status.gateway().isReady() || !subscription.awaitConnected(Duration.ZERO)) {
            if (stop.await(LOOK_AROUND_MS, TimeUnit.MILLISECONDS)) {
                screen.say("stopped before it began");
                return true;
            }
            if (deadline.isOver()) {
                screen.say("the gateway is not ready after " + START_PATIENCE.toSeconds() + " s, see its log");
                return false;
            }
            if (reportExit()) {
                return false;
            }
        }
        return true;
    }

    private boolean sendAndDrain() throws IOException, InterruptedException {
        if (stop.getCount() == 0) {
            return true;
        }
        PlannedTraffic traffic = new PlannedTraffic(fleet, Instant.now().truncatedTo(ChronoUnit.MILLIS));
        String totals = queries.stream()
                .filter(TotalsCheck::canCheck)
                .findFirst()
                .orElseThrow()
                .name();
        check = new TotalsCheck(
                totals, traffic.messages(), () -> ChronoUnit.MILLIS.between(traffic.start(), Instant.now()));
        system.start("fleet", fleetArguments(traffic.start()));
        long began = System.nanoTime();
        while (!isOver(began) && !stop.await(LOOK_AROUND_MS, TimeUnit.MILLISECONDS)) {
            if (reportExit()) {
                return false;
            }
        }
        screen.say("stopping: the fleet first, then the rest of the chain");
        Stopped stopped = system.stopLast();
        Optional<Sent> sent = stopped.clean() ? traffic.sent(summaryFile()) : Optional.empty();
        boolean caughtUp = drain(sent.map(traffic::received).orElse(0L));
        summary = summarise(traffic, stopped, sent, caughtUp ? SETTLE_PATIENCE : Duration.ZERO);
        return stopped.clean() && caughtUp;
    }

    /** The start makes the fleet's plan known; what this process was told of the fleet the fleet is told as well. */
    private List<String> fleetArguments(Instant start) {
        List<String> arguments = new ArrayList<>(List.of("simulator", "run"));
        arguments.addAll(
                List.of("--config", system.folder().settings("simulator").toString()));
        arguments.addAll(
                List.of("--start", start.toString(), "--summary", summaryFile().toString()));
        System.getProperties().stringPropertyNames().stream()
                .filter(name -> name.startsWith(SimulatorSettings.ROOT + "."))
                .sorted()
                .forEach(name -> arguments.add("-D" + name + "=" + System.getProperty(name)));
        return arguments;
    }

    /** Where the fleet's process says what it has sent. */
    private Path summaryFile() {
        return system.folder().path().resolve("fleet-summary.json");
    }

    private boolean isOver(long began) {
        return !length.isZero() && System.nanoTime() - began >= length.toNanos();
    }

    /** Waits until the gateway has received so much and every query has accounted for everything in the log. */
    private boolean drain(long received) throws InterruptedException {
        Deadline deadline = Deadline.in(DRAIN_PATIENCE);
        while (!isDrained(received)) {
            if (reportExit()) {
                return false;
            }
            if (deadline.isOver()) {
                screen.say("the processor did not catch up within " + DRAIN_PATIENCE.toSeconds() + " s; see its log");
                return false;
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_AROUND_MS);
        }
        return true;
    }

    private boolean isDrained(long received) throws InterruptedException {
        Ledgers ledgers = status.ledgers();
        return ledgers.received() >= received && ledgers.backlog() == 0;
    }

    private DemoSummary summarise(PlannedTraffic traffic, Stopped stopped, Optional<Sent> sent, Duration patience)
            throws InterruptedException {
        if (sent.isEmpty()) {
            return new DemoSummary(
                    stopped.lastLines(),
                    status.ledgers(),
                    Optional.empty(),
                    NotJudged.failed("as nobody knows what arrived of the fleet"));
        }
        long events = sent.get().messages() + sent.get().lines();
        if (events > MOST_EVENTS) {
            String many = String.format(Locale.ROOT, "%,d events are more than there is room for", events);
            return new DemoSummary(stopped.lastLines(), status.ledgers(), Optional.empty(), NotJudged.onPurpose(many));
        }
        Report report = new Verification("demo", traffic.expectedState(sent.get()), queries, received, status)
                .await(patience, new CountDownLatch(1));
        if (!report.isRight()) {
            screen.say("the results have not become right within " + patience.toSeconds() + " s");
        }
        return new DemoSummary(stopped.lastLines(), status.ledgers(), Optional.of(report), NotJudged.NO);
    }

    private boolean reportExit() {
        try {
            system.check();
            return false;
        } catch (IOException e) {
            screen.say(String.valueOf(e.getMessage()));
            return true;
        }
    }
}
