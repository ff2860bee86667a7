package io.tidegate.gateway.ingest.files;

import akka.actor.typed.Behavior;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.PostStop;
import akka.actor.typed.PreRestart;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.BehaviorBuilder;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.TimerScheduler;
import io.tidegate.gateway.admission.Admission;
import io.tidegate.gateway.admission.DurableFlow;
import io.tidegate.gateway.admission.SeenThrough;
import io.tidegate.gateway.admission.SeenThrough.Receipts;
import io.tidegate.gateway.ingest.SourceHealth;
import io.tidegate.gateway.ingest.files.FileScanner.Look;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * A source of files: looks, reads what it found, looks again.
 *
 * <pre>
 *               opened            found something
 *   opening ──────────▶ looking ──────────────────▶ reading
 *                        ▲  │ ▲                        │
 *                 poll   │  │ └────────────────────────┘ all of it is on disk
 *                        │  ▼ found nothing, or nothing that could be read
 *                       waiting            Stop: reads no further, ends when what was read is on disk
 * </pre>
 *
 * <p>What can't be looked at or tidied up is said in {@code /readyz} and tried again with every look. Fails when the stream
 * broke or because of a mistake of ours; whoever spawns it says what then. A new life opens its files only when everything
 * that an earlier one has read is on disk: otherwise it could read it again.
 */
public final class FileSource {

    /** What can be told to a source. */
    public sealed interface Command {}

    /** Read no further, bring what was read to disk, end. */
    public enum Stop implements Command {
        /** The only one. */
        STOP
    }

    // Told by ourselves only.
    record Opened(@Nullable FileScanner watch, @Nullable Throwable failure) implements Command {}

    record Looked(
            FileScanner watch,
            @Nullable Look look,
            @Nullable Throwable failure) implements Command {}

    record Read(
            FileIngest round,
            @Nullable Boolean noted,
            @Nullable Throwable failure) implements Command {}

    enum Poll implements Command {
        POLL
    }

    /**
     * What a source needs of the gateway.
     *
     * @param seen stamps receipts; the source registers itself under its name
     */
    public record Environment(Admission admission, SeenThrough seen) {}

    /** What outlives an actor that fails: the stream that it may have left behind. */
    private static final class Legacy {

        private volatile @Nullable FileIngest last;

        /** Done when nothing of an earlier life is under way to the log. */
        CompletionStage<?> settled() {
            FileIngest round = last;
            if (round == null) {
                return CompletableFuture.completedFuture("");
            }
            round.stop();
            return round.done().handle((done, failure) -> "");
        }
    }

    // For the life of the source.
    private final ActorContext<Command> context;
    private final TimerScheduler<Command> timers;
    private final SourceHealth health;
    private final Duration poll;
    private final DurableFlow durableFlow;
    private final Receipts receipts;
    private final Legacy legacy;
    private final Executor blocking;
    private final Logger log;
    private List<String> troubles = List.of();

    private FileSource(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            FileSettings settings,
            Environment environment,
            SourceHealth health,
            Legacy legacy) {
        String name = health.source();
        this.context = context;
        this.timers = timers;
        this.health = health;
        this.poll = settings.poll();
        this.durableFlow = new DurableFlow(name, environment.admission(), settings.maxBatch(), new LongAdder());
        this.receipts = environment.seen().register(name);
        this.legacy = legacy;
        this.blocking = context.getSystem().dispatchers().lookup(DispatcherSelector.blocking());
        this.log = context.getLog();
    }

    /**
     * A source that opens its files at once.
     *
     * @param open reads what the log knows of the files; called at the start of every life of the actor, on a thread that
     *     may wait for the disk
     */
    static Behavior<Command> create(
            FileSettings settings, Supplier<FileScanner> open, Environment environment, SourceHealth health) {
        Legacy legacy = new Legacy();
        return Behaviors.setup(context -> Behaviors.withTimers(
                timers -> new FileSource(context, timers, settings, environment, health, legacy).open(open)));
    }

    private Behavior<Command> open(Supplier<FileScanner> open) {
        CompletionStage<FileScanner> opened = legacy.settled().thenApplyAsync(settled -> open.get(), blocking);
        context.pipeToSelf(opened, Opened::new);
        return Behaviors.receive(Command.class)
                .onMessage(Opened.class, this::onOpened)
                .onMessage(Stop.class, stop -> stopped())
                .onAnyMessage(this::onStale)
                .build();
    }

    private Behavior<Command> onOpened(Opened opened) {
        if (opened.watch() == null) {
            throw new IllegalStateException("source " + health.source() + ": can't open", opened.failure());
        }
        return look(opened.watch());
    }

    private Behavior<Command> look(FileScanner watch) {
        context.pipeToSelf(
                CompletableFuture.supplyAsync(watch::look, blocking),
                (look, failure) -> new Looked(watch, look, failure));
        return phase(watch)
                .onMessage(Looked.class, m -> m.watch() == watch, this::onLooked)
                .onMessage(Stop.class, stop -> stopped())
                .onAnyMessage(this::onStale)
                .build();
    }

    private Behavior<Command> onLooked(Looked looked) {
        Look look = looked.look();
        if (look == null) {
            throw new IllegalStateException("source " + health.source() + ": a look failed", looked.failure());
        }
        tell(look);
        if (look.found().isEmpty()) {
            return pause(looked.watch());
        }
        FileIngest round = FileIngest.start(context.getSystem(), look.found(), receipts, durableFlow);
        legacy.last = round;
        context.pipeToSelf(round.done(), (noted, failure) -> new Read(round, noted, failure));
        return reading(looked.watch(), round);
    }

    private void tell(Look look) {
        if (look.blind()) {
            receipts.disconnected();
        } else {
            receipts.connected();
        }
        if (look.troubles().isEmpty()) {
            health.running();
        } else {
            health.away(String.join("; ", look.troubles()));
        }
        if (!look.troubles().equals(troubles)) {
            look.troubles().forEach(trouble -> log.warn("source {}: {}", health.source(), trouble));
            if (look.troubles().isEmpty()) {
                log.info("source {}: all is well again", health.source());
            }
            troubles = look.troubles();
        }
    }

    private Behavior<Command> pause(FileScanner watch) {
        timers.startSingleTimer(Poll.POLL, poll);
        return waiting(watch);
    }

    private Behavior<Command> waiting(FileScanner watch) {
        return phase(watch)
                .onMessage(Poll.class, poll -> look(watch))
                .onMessage(Stop.class, stop -> stopped())
                .onAnyMessage(this::onStale)
                .build();
    }

    private Behavior<Command> reading(FileScanner watch, FileIngest round) {
        return phase(watch)
                .onMessage(Read.class, m -> m.round() == round, m -> onRead(watch, m))
                .onMessage(Stop.class, stop -> onStop(watch, round))
                .onAnyMessage(this::onStale)
                .build();
    }

    private Behavior<Command> onRead(FileScanner watch, Read read) {
        failOn(read);
        return Boolean.TRUE.equals(read.noted()) ? look(watch) : pause(watch);
    }

    private Behavior<Command> onStop(FileScanner watch, FileIngest round) {
        health.away("stopping");
        receipts.disconnected();
        round.stop();
        return phase(watch)
                .onMessage(Read.class, m -> m.round() == round, m -> {
                    failOn(m);
                    return stopped();
                })
                .onAnyMessage(this::onStale)
                .build();
    }

    private void failOn(Read read) {
        if (read.failure() != null) {
            throw new IllegalStateException("source " + health.source() + ": its stream broke", read.failure());
        }
    }

    private Behavior<Command> stopped() {
        health.away("stopped");
        receipts.disconnected();
        return Behaviors.stopped();
    }

    private BehaviorBuilder<Command> phase(FileScanner watch) {
        return Behaviors.receive(Command.class)
                .onSignal(PreRestart.class, signal -> abandon(watch))
                .onSignal(PostStop.class, signal -> release(watch));
    }

    private Behavior<Command> abandon(FileScanner watch) {
        health.away("failed");
        receipts.disconnected();
        return release(watch);
    }

    /** Files are let go when nobody reads them any more. */
    private Behavior<Command> release(FileScanner watch) {
        CompletionStage<?> unused = legacy.settled().thenRunAsync(watch::close, blocking);
        return Behaviors.same();
    }

    /** From this actor's earlier life, or not of interest any more. */
    private Behavior<Command> onStale(Command message) {
        return Behaviors.same();
    }
}
