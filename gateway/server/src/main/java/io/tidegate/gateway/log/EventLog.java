package io.tidegate.gateway.log;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.Terminated;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The only writer of the log: many appends, one fsync. While the log's own thread writes a commit, appends gather; when
 * it is durable its senders are told, in order, and what has gathered becomes the next commit. A quiet gateway answers after
 * one fsync, and a busy one shares it among thousands of events.
 *
 * <p>A disk can be so fast that the next commit would have hardly more than one event, and cost more than all that an event
 * costs elsewhere. So when something has gathered, which says that more is to come, commits begin
 * {@code commit-interval} apart. An append that is alone never waits for that.
 *
 * <pre>
 *            append                    durable, none gathered
 *   idle ─────────────▶ writing ──────────────────────────────▶ idle
 *    │ ▲                 ▲ │ │
 *    │ │     interval is │ │ └─failed─▶ the actor fails, the process stops
 *    │ │          over   │ ▼ durable, some gathered
 *    │ │                resting
 *    │ └──room──┐          │
 *    └─no room─▶ held ◀────┘ no room
 * </pre>
 *
 * <p>A failed write or fsync fails this actor: after it nothing is acknowledged, and the guardian stops the process. The
 * state on disk is the truth.
 */
public final class EventLog extends AbstractBehavior<EventLog.Command> {

    /** What can be told to the event log. */
    public sealed interface Command {}

    /**
     * Make this durable, in the order of receipt.
     *
     * @param replyTo told once it is on disk
     */
    public record Append(LogWrite write, ActorRef<Durable> replyTo) implements Command {}

    /** Tell this actor {@link Grown} after every commit that brought events, until it stops. */
    public record Subscribe(ActorRef<Grown> subscriber) implements Command {}

    /** It is on disk; told after the fsync, in the order of the appends. */
    public record Durable() {}

    /** The log has new events. */
    public record Grown() {}

    // Told by ourselves only.
    record Written(@Nullable Throwable failure) implements Command {}

    record Rested() implements Command {}

    record Trimmed(@Nullable Throwable failure) implements Command {}

    enum Tick implements Command {
        TRIM
    }

    /** Makes a group commit durable or throws; called on the log's own thread. */
    @FunctionalInterface
    public interface Writer {
        /** Everything or nothing of it is on disk when this returns. */
        void write(List<LogWrite> commit) throws Exception;
    }

    private final LogStore store;
    private final Writer writer;
    private final Consumer<List<Presence>> presenceDurable;
    /** Of the log alone: nothing that hangs elsewhere in the process may hold up a commit. */
    private final ExecutorService thread;

    private final Clock clock;
    private final Set<ActorRef<Grown>> subscribers = new HashSet<>();

    // The commit that is being written, and what gathers meanwhile.
    private List<Append> writing = List.of();
    private List<Append> gathered = new ArrayList<>();
    private boolean busy;
    private long beganNanos;
    private boolean held;
    private boolean trimDue;
    // Whether a full log may make room at once, and whether it has just tried.
    private final boolean expires;
    private boolean trimmed;

    private EventLog(
            ActorContext<Command> context,
            LogStore store,
            Writer writer,
            Consumer<List<Presence>> presenceDurable,
            Clock clock) {
        super(context);
        this.store = store;
        this.writer = writer;
        this.presenceDurable = presenceDurable;
        this.clock = clock;
        this.expires = store.settings().whenFull() == LogSettings.WhenFull.EXPIRE_OLDEST;
        this.thread = Executors.newSingleThreadExecutor(new DefaultThreadFactory("tidegate-log-writer", true));
    }

    /**
     * The event log over an open store.
     *
     * @param presenceDurable called with a commit's presence once it is on disk, on the actor's thread: must only enqueue
     * @param clock tells the age of what may be trimmed
     */
    public static Behavior<Command> create(LogStore store, Consumer<List<Presence>> presenceDurable, Clock clock) {
        return create(store, store::append, presenceDurable, clock);
    }

    static Behavior<Command> create(
            LogStore store, Writer writer, Consumer<List<Presence>> presenceDurable, Clock clock) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            timers.startTimerWithFixedDelay(Tick.TRIM, store.settings().trimInterval());
            return new EventLog(context, store, writer, presenceDurable, clock);
        }));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Append.class, this::onAppend)
                .onMessage(Subscribe.class, this::onSubscribe)
                .onMessage(Written.class, this::onWritten)
                .onMessage(Rested.class, this::onRested)
                .onMessage(Trimmed.class, this::onTrimmed)
                .onMessage(Tick.class, this::onTrim)
                .onSignal(Terminated.class, this::onTerminated)
                .onSignal(PostStop.class, signal -> onStopped())
                .build();
    }

    private Behavior<Command> onAppend(Append append) {
        gathered.add(append);
        return next();
    }

    private Behavior<Command> onSubscribe(Subscribe subscribe) {
        subscribers.add(subscribe.subscriber());
        getContext().watch(subscribe.subscriber());
        return this;
    }

    private Behavior<Command> onTerminated(Terminated terminated) {
        subscribers.removeIf(
                subscriber -> subscriber.path().equals(terminated.getRef().path()));
        return this;
    }

    private Behavior<Command> onStopped() {
        thread.shutdown();
        return this;
    }

    private Behavior<Command> onWritten(Written written) {
        failOn(written.failure(), "the event log could not be written; nothing is acknowledged after this");
        busy = false;
        List<Append> commit = writing;
        writing = List.of();
        publish(commit);
        return gathered.isEmpty() ? next() : rest();
    }

    /** A disk that takes longer than the interval leaves nothing to wait for. */
    private Behavior<Command> rest() {
        long untilNanos = beganNanos + store.settings().commitInterval().toNanos();
        if (untilNanos - System.nanoTime() <= 0) {
            return next();
        }
        busy = true;
        inBackground(() -> pauseUntil(untilNanos), nothing -> new Rested());
        return this;
    }

    /** Akka's timers are too coarse for this: they fire every ten milliseconds. */
    private static void pauseUntil(long nanos) {
        for (long left = nanos - System.nanoTime(); left > 0; left = nanos - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private Behavior<Command> onRested(Rested rested) {
        busy = false;
        return next();
    }

    private void publish(List<Append> commit) {
        List<Presence> presence = commit.stream()
                .flatMap(append -> append.write().presence().stream())
                .filter(changed -> changed.state() != PresenceState.FORGOTTEN)
                .toList();
        if (!presence.isEmpty()) {
            presenceDurable.accept(presence);
        }
        commit.forEach(append -> append.replyTo().tell(new Durable()));
        if (commit.stream().anyMatch(append -> append.write().chunk().isPresent())) {
            Grown grown = new Grown();
            subscribers.forEach(subscriber -> subscriber.tell(grown));
        }
    }

    private Behavior<Command> onTrim(Tick tick) {
        trimDue = true;
        return next();
    }

    private Behavior<Command> onTrimmed(Trimmed trimmed) {
        failOn(trimmed.failure(), "the event log could not be trimmed");
        busy = false;
        return next();
    }

    /** Trimming takes its turn between commits, the busiest log's as well: the store has one writer at a time. */
    private Behavior<Command> next() {
        if (busy) {
            return this;
        }
        if (trimDue) {
            return trim();
        }
        int complete = TransactionPrefix.length(
                gathered.stream().map(append -> append.write().transaction()));
        if (complete == 0) {
            return this;
        }
        Optional<String> full = store.full();
        if (full.isPresent() && expires && !trimmed) {
            return trim();
        }
        return hold(full) ? this : write(complete);
    }

    private Behavior<Command> trim() {
        trimDue = false;
        trimmed = true;
        busy = true;
        long nowMs = clock.millis();
        inBackground(() -> store.expire(nowMs), Trimmed::new);
        return this;
    }

    private Behavior<Command> write(int complete) {
        trimmed = false;
        busy = true;
        beganNanos = System.nanoTime();
        writing = gathered;
        gathered = new ArrayList<>();
        if (complete < writing.size()) {
            gathered.addAll(writing.subList(complete, writing.size()));
            writing = List.copyOf(writing.subList(0, complete));
        }
        List<LogWrite> commit = writing.stream().map(Append::write).toList();
        inBackground(() -> writer.write(commit), Written::new);
        return this;
    }

    private boolean hold(Optional<String> full) {
        if (full.isPresent() != held) {
            held = full.isPresent();
            full.ifPresentOrElse(
                    reason -> getContext().getLog().warn("nothing is acknowledged until there is room: {}", reason),
                    () -> getContext().getLog().warn("there is room again: {} held appends go on", gathered.size()));
        }
        return held;
    }

    private void inBackground(Task task, Function<@Nullable Throwable, Command> done) {
        CompletableFuture<Void> result = CompletableFuture.runAsync(
                () -> {
                    try {
                        task.run();
                    } catch (Exception e) {
                        throw new CompletionException(e);
                    }
                },
                thread);
        getContext().pipeToSelf(result, (nothing, failure) -> done.apply(failure));
    }

    private static void failOn(@Nullable Throwable failure, String sentence) {
        if (failure != null) {
            throw new IllegalStateException(sentence, failure);
        }
    }

    @FunctionalInterface
    private interface Task {
        void run() throws Exception;
    }
}
