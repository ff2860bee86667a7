package io.tidegate.gateway.serve;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.ChildFailed;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.Terminated;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import io.tidegate.gateway.log.GroupCursors;
import io.tidegate.gateway.log.LogStore;
import io.tidegate.protocol.v1.Hello;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One application's place in the log: two durable cursors per key group, the run that may move them, the receiver that is
 * served. Today one receiver gets all key groups.
 *
 * <pre>
 *                    Open (this run's epoch)
 *   nobody served ─────────────────────────────▶ serving a session ──┐ Open: the newer session wins,
 *        ▲                                          │      ▲         │ the older ends, fenced
 *        ├────── session over, BeginRun (new run) ──┘      └─────────┘
 *        └── nobody came for `group-expiry` ──▶ dropped
 * </pre>
 *
 * <p>What it says is on disk before it says it, so it may fail and start again at any time.
 */
public final class ConsumerGroup extends AbstractBehavior<ConsumerGroup.Command> {

    /** What can be told to a consumer group. */
    public sealed interface Command {}

    /** A request from outside, which can be refused. */
    public sealed interface Request extends Command {
        /** Tells the asker no. */
        void refuse(RefusalReason reason, String message);
    }

    /** A request that is answered by the group's cursors. */
    public sealed interface Query extends Request {
        /** Who asked. */
        ActorRef<GroupReply> replyTo();

        @Override
        default void refuse(RefusalReason reason, String message) {
            replyTo().tell(new GroupReply.Refused(reason, message));
        }
    }

    /**
     * A new run of the application begins and fences older ones; the same run again changes nothing.
     *
     * @param deliverFrom where delivery begins, by key group; absent: at the committed position
     */
    public record BeginRun(String run, Map<Integer, Long> deliverFrom, ActorRef<GroupReply> replyTo) implements Query {}

    /** Where does the group stand? */
    public record Describe(ActorRef<GroupReply> replyTo) implements Query {}

    /** Moves the committed cursor, never back. */
    public record Commit(long epoch, Map<Integer, Long> positions, ActorRef<GroupReply> replyTo) implements Query {}

    /** A receiver wants to be served. */
    public record Open(Hello hello, FrameSink frameSink) implements Request {
        @Override
        public void refuse(RefusalReason reason, String message) {
            frameSink.end(reason, message);
        }
    }

    // Told by our sessions, our parent and ourselves only.
    enum EndIfExpired implements Command {
        NOW
    }

    record Delivered(ActorRef<ReceiverSession.Command> session, Map<Integer, Long> positions) implements Command {}

    enum Tick implements Command {
        EXPIRY
    }

    private final ServeContext shared;
    private final LogStore store;
    private final ActorRef<ConsumerGroups.Command> groups;
    private GroupCursors cursors;
    private long lastSeen;
    private int opened;
    // The session that is served.
    private @Nullable ActorRef<ReceiverSession.Command> session;
    private @Nullable FrameSink frameSink;

    private ConsumerGroup(
            ActorContext<Command> context,
            ServeContext shared,
            GroupCursors cursors,
            ActorRef<ConsumerGroups.Command> groups) {
        super(context);
        this.shared = shared;
        this.store = shared.store();
        this.groups = groups;
        this.cursors = cursors;
        this.lastSeen = shared.nanoTime().getAsLong();
    }

    /** The group as the store knows it; it must be registered. */
    static Behavior<Command> create(String group, ServeContext shared, ActorRef<ConsumerGroups.Command> groups) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            Duration check = shared.settings().groupExpiry().dividedBy(10);
            timers.startTimerWithFixedDelay(Tick.EXPIRY, check);
            GroupCursors cursors = Optional.ofNullable(shared.store().groups().get(group))
                    .orElseThrow(() -> new IllegalStateException("group: " + group + " (expected: registered)"));
            return new ConsumerGroup(context, shared, cursors, groups);
        }));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(BeginRun.class, this::onBeginRun)
                .onMessage(Describe.class, this::onDescribe)
                .onMessage(Commit.class, this::onCommit)
                .onMessage(Open.class, this::onOpen)
                .onMessage(Delivered.class, this::onDelivered)
                .onMessage(Tick.class, this::onExpiry)
                .onMessage(EndIfExpired.class, this::onEndIfExpired)
                .onSignal(ChildFailed.class, this::onSessionFailed)
                .onSignal(Terminated.class, this::onSessionOver)
                .build();
    }

    private Behavior<Command> onBeginRun(BeginRun begin) {
        seen();
        refresh();
        if (!begin.run().equals(cursors.run())) {
            Optional<GroupReply.Refused> mistake = begin.run().isEmpty()
                    ? Optional.of(new GroupReply.Refused(RefusalReason.INVALID, "run: '' (expected: unique per start)"))
                    : Positions.deliverable(begin.deliverFrom(), store);
            if (mistake.isPresent()) {
                begin.replyTo().tell(mistake.get());
                return this;
            }
            endSession("run " + begin.run() + " has taken over");
            save(
                    new GroupCursors(
                            cursors.group(),
                            begin.run(),
                            cursors.epoch() + 1,
                            Positions.replaced(cursors.committed(), begin.deliverFrom()),
                            cursors.committed()),
                    true);
            getContext()
                    .getLog()
                    .info("consumer group {}: run {} has epoch {}", cursors.group(), begin.run(), cursors.epoch());
        }
        begin.replyTo().tell(new GroupReply.Granted(cursors));
        return this;
    }

    private Behavior<Command> onDescribe(Describe describe) {
        refresh();
        describe.replyTo().tell(new GroupReply.Granted(cursors));
        return this;
    }

    private Behavior<Command> onCommit(Commit commit) {
        if (commit.epoch() != cursors.epoch()) {
            commit.refuse(RefusalReason.FENCED, fenced(commit.epoch()));
            return this;
        }
        seen();
        Optional<GroupReply.Refused> mistake = Positions.known(commit.positions(), store);
        if (mistake.isPresent()) {
            commit.replyTo().tell(mistake.get());
            return this;
        }
        // What is committed needs no delivery any more, even if its acknowledgement was lost.
        save(
                cursors.at(
                        Positions.raised(cursors.delivered(), commit.positions()),
                        Positions.raised(cursors.committed(), commit.positions())),
                false);
        commit.replyTo().tell(new GroupReply.Granted(cursors));
        return this;
    }

    private Behavior<Command> onOpen(Open open) {
        int count = open.hello().getKeyGroupCount();
        if (count != 0 && count != store.keyGroups()) {
            open.refuse(
                    RefusalReason.PRECONDITION, "key_group_count: " + count + " (expected: " + store.keyGroups() + ")");
        } else if (open.hello().getEpoch() != cursors.epoch() || cursors.epoch() == 0) {
            open.refuse(RefusalReason.FENCED, fenced(open.hello().getEpoch()));
        } else {
            seen();
            serve(open);
        }
        return this;
    }

    /** A session that fails ends its stream with INTERNAL; the receiver comes again. */
    private void serve(Open open) {
        endSession("a newer session has taken over");
        ActorRef<ReceiverSession.Command> next = getContext()
                .spawn(
                        ReceiverSession.create(
                                open, shared, cursors.delivered(), getContext().getSelf()),
                        "session-" + ++opened,
                        DispatcherSelector.blocking());
        getContext().watch(next);
        session = next;
        frameSink = open.frameSink();
        shared.counters().opened(cursors.group(), open.hello().getClient());
        getContext()
                .getLog()
                .info(
                        "consumer group {}: serving {}",
                        cursors.group(),
                        open.hello().getClient());
    }

    private Behavior<Command> onDelivered(Delivered delivered) {
        if (delivered.session().equals(session)) {
            save(cursors.at(Positions.raised(cursors.delivered(), delivered.positions()), cursors.committed()), false);
        }
        return this;
    }

    private Behavior<Command> onSessionFailed(ChildFailed failed) {
        if (isServed(failed) && frameSink != null) {
            getContext().getLog().error("consumer group {}: the session failed", cursors.group(), failed.getCause());
            frameSink.end(
                    RefusalReason.FAILED,
                    "the session failed: " + failed.getCause().getMessage());
        }
        return onSessionOver(failed);
    }

    private Behavior<Command> onSessionOver(Terminated over) {
        if (isServed(over)) {
            seen();
            forgetSession();
        }
        return this;
    }

    private boolean isServed(Terminated over) {
        return session != null && session.path().equals(over.getRef().path());
    }

    private void endSession(String message) {
        if (session != null) {
            session.tell(new ReceiverSession.End(RefusalReason.FENCED, message));
            forgetSession();
        }
    }

    private void forgetSession() {
        session = null;
        frameSink = null;
        shared.counters().closed(cursors.group());
    }

    private Behavior<Command> onExpiry(Tick tick) {
        if (isExpired()) {
            groups.tell(new ConsumerGroups.Expired(cursors.group()));
        }
        return this;
    }

    private Behavior<Command> onEndIfExpired(EndIfExpired end) {
        if (isExpired()) {
            return Behaviors.stopped();
        }
        groups.tell(new ConsumerGroups.Kept(cursors.group()));
        return this;
    }

    /** A group that was only named in the settings waits for its first application for ever. */
    private boolean isExpired() {
        boolean waitsForItsFirst =
                cursors.epoch() == 0 && shared.settings().groups().contains(cursors.group());
        long unseen = shared.nanoTime().getAsLong() - lastSeen;
        return session == null
                && !waitsForItsFirst
                && unseen >= shared.settings().groupExpiry().toNanos();
    }

    private void seen() {
        lastSeen = shared.nanoTime().getAsLong();
    }

    private void save(GroupCursors next, boolean sync) {
        store.saveGroup(next, sync);
        cursors = next;
        refresh();
    }

    /** The store raises what has expired. */
    private void refresh() {
        cursors = store.groups().getOrDefault(cursors.group(), cursors);
    }

    private String fenced(long epoch) {
        return "epoch: " + epoch + " (expected: " + cursors.epoch()
                + ", the newest run's, given by Offsets with begin_run)";
    }
}
