package io.tidegate.gateway.serve;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import com.google.protobuf.ByteString;
import io.tidegate.gateway.log.EventLog;
import io.tidegate.gateway.log.ReadResult;
import io.tidegate.protocol.v1.Ack;
import io.tidegate.protocol.v1.Credit;
import io.tidegate.protocol.v1.Frame;
import io.tidegate.protocol.v1.Progress;
import io.tidegate.protocol.v1.PullRequest;
import io.tidegate.protocol.v1.PullResponse;
import io.tidegate.protocol.v1.Welcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One receiver's stream: frames against credit, acknowledgements to the group, time when there are no events. It is woken
 * by credit, by the transport and by commits of the log, never per event, and reads whole chunks as they lie in the log.
 *
 * <pre>
 *          credit, transport ready, log grown: send while both credits last
 *                         ┌─────┐
 *   ──Hello, Welcome──▶ serving ┘ ──▶ over: the receiver left · fenced · timed out · wrong message ·
 *                                           trimmed · the gateway stops
 * </pre>
 *
 * <p>Spawned by its group on a blocking dispatcher, since it reads the disk. Object style, since it owns mutable feeds.
 */
public final class ReceiverSession extends AbstractBehavior<ReceiverSession.Command> {

    /** What can be told to a session. */
    public sealed interface Command {}

    /** A message of the receiver; the next is asked for when it is dealt with. */
    public record Inbound(PullRequest request) implements Command {}

    /** Something may go on. */
    public enum Wake implements Command {
        /** The transport takes more. */
        READY,
        /** The log has new events. */
        GROWN,
        /** New events have gathered for long enough. */
        GATHERED,
        /** Time for progress, and for a look at the receiver's last sign of life. */
        TICK,
        /** The receiver has closed its side, or is gone. */
        GONE
    }

    // Told by our group only.
    record End(RefusalReason reason, String message) implements Command {}

    /**
     * While the log grows, it is looked at this often. A commit has a few events of each key group, and on both sides a frame
     * costs about the same for one event as for a hundred. Events that come alone are sent at once.
     */
    private static final Duration FRAME_INTERVAL = Duration.ofMillis(20);

    private final TimerScheduler<Command> timers;
    private final ServeContext shared;
    private final ActorRef<ConsumerGroup.Command> group;
    private final FrameSink frameSink;
    private final List<KeyGroupCursor> feeds;
    private int turn;
    private long creditEvents;
    private long creditBytes;
    private long lastHeard;
    private long lastGrown;
    private boolean gathering;

    private ReceiverSession(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            ServeContext shared,
            FrameSink frameSink,
            List<Long> begin,
            ActorRef<ConsumerGroup.Command> group) {
        super(context);
        this.timers = timers;
        this.shared = shared;
        this.group = group;
        this.frameSink = frameSink;
        this.feeds = new ArrayList<>();
        for (int keyGroup = 0; keyGroup < begin.size(); keyGroup++) {
            feeds.add(new KeyGroupCursor(shared, keyGroup, begin.get(keyGroup)));
        }
        this.lastHeard = shared.nanoTime().getAsLong();
        this.lastGrown = lastHeard - FRAME_INTERVAL.toNanos();
    }

    /**
     * A session that welcomes its receiver.
     *
     * @param begin where delivery begins, by key group
     * @param group is told what the receiver acknowledges
     */
    static Behavior<Command> create(
            ConsumerGroup.Open open, ServeContext shared, List<Long> begin, ActorRef<ConsumerGroup.Command> group) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            timers.startTimerWithFixedDelay(Wake.TICK, shared.settings().progressInterval());
            ActorRef<EventLog.Grown> grown = context.messageAdapter(EventLog.Grown.class, ignored -> Wake.GROWN);
            shared.log().tell(new EventLog.Subscribe(grown));
            ReceiverSession session = new ReceiverSession(context, timers, shared, open.frameSink(), begin, group);
            session.welcome(begin);
            open.frameSink().opened(context.getSelf());
            return session;
        }));
    }

    private void welcome(List<Long> begin) {
        frameSink.send(PullResponse.newBuilder()
                .setWelcome(Welcome.newBuilder()
                        .setGateway(shared.store().gateway())
                        .setKeyGroupCount(shared.store().keyGroups())
                        .addAllPositions(Positions.onTheWire(begin))
                        .setHeartbeatIntervalMs(
                                shared.settings().heartbeatInterval().toMillis())
                        .setSessionTimeoutMs(shared.settings().sessionTimeout().toMillis()))
                .build());
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Inbound.class, this::onInbound)
                .onMessageEquals(Wake.READY, this::pump)
                .onMessageEquals(Wake.GROWN, this::onGrown)
                .onMessageEquals(Wake.GATHERED, this::onGathered)
                .onMessageEquals(Wake.TICK, this::onTick)
                .onMessageEquals(Wake.GONE, Behaviors::stopped)
                .onMessage(End.class, end -> over(end.reason(), end.message()))
                .onSignal(PostStop.class, this::onPostStop)
                .build();
    }

    private Behavior<Command> onInbound(Inbound inbound) {
        lastHeard = shared.nanoTime().getAsLong();
        PullRequest request = inbound.request();
        Optional<String> mistake = switch (request.getMessageCase()) {
            case CREDIT -> credited(request.getCredit());
            case ACK -> acknowledged(request.getAck());
            case HEARTBEAT -> Optional.empty();
            case HELLO, MESSAGE_NOT_SET ->
                Optional.of("message: " + request.getMessageCase() + " (expected: credit, ack or heartbeat)");
        };
        if (mistake.isPresent()) {
            return over(RefusalReason.INVALID, mistake.get());
        }
        frameSink.requestNext();
        return pump();
    }

    private Optional<String> credited(Credit credit) {
        if (credit.getEvents() < 1 || credit.getBytes() < 1) {
            return Optional.of("credit: " + credit.getEvents() + " events, " + credit.getBytes()
                    + " bytes (expected: at least 1 of each)");
        }
        creditEvents = saturatedSum(creditEvents, credit.getEvents());
        creditBytes = saturatedSum(creditBytes, credit.getBytes());
        return Optional.empty();
    }

    /** Both addends are above -2^62 and the second is positive: only the top can overflow. */
    private static long saturatedSum(long balance, long more) {
        long sum = balance + more;
        return balance > 0 && sum < 0 ? Long.MAX_VALUE : sum;
    }

    private Optional<String> acknowledged(Ack ack) {
        Map<Integer, Long> positions = Positions.byKeyGroup(ack.getPositionsList());
        for (Map.Entry<Integer, Long> position : positions.entrySet()) {
            int keyGroup = position.getKey();
            if (keyGroup < 0 || keyGroup >= feeds.size()) {
                return Optional.of("ack of key group: " + keyGroup + " (expected: 0 to " + (feeds.size() - 1) + ")");
            }
            if (position.getValue() > feeds.get(keyGroup).sent()) {
                return Optional.of("ack of key group " + keyGroup + " through: " + position.getValue()
                        + " (expected: at most " + feeds.get(keyGroup).sent() + ", which was sent)");
            }
        }
        group.tell(new ConsumerGroup.Delivered(getContext().getSelf(), positions));
        return Optional.empty();
    }

    private Behavior<Command> onGrown() {
        if (gathering) {
            return this;
        }
        long left = lastGrown + FRAME_INTERVAL.toNanos() - shared.nanoTime().getAsLong();
        if (left <= 0) {
            return onGathered();
        }
        gathering = true;
        timers.startSingleTimer(Wake.GATHERED, Duration.ofNanos(left));
        return this;
    }

    private Behavior<Command> onGathered() {
        gathering = false;
        lastGrown = shared.nanoTime().getAsLong();
        return pump();
    }

    /** Sends while credit, transport and log allow, a frame of each key group in turn. */
    private Behavior<Command> pump() {
        int withoutEvents = 0;
        while (withoutEvents < feeds.size() && creditEvents > 0 && creditBytes > 0 && frameSink.isReady()) {
            KeyGroupCursor feed = feeds.get(turn);
            turn = (turn + 1) % feeds.size();
            if (!feed.hasMore()) {
                withoutEvents++;
                continue;
            }
            withoutEvents = 0;
            long frameBytes = Math.min(creditBytes, shared.settings().maxFrameBytes());
            ReadResult read = feed.read(creditEvents, frameBytes);
            if (read instanceof ReadResult.Trimmed trimmed) {
                return over(
                        RefusalReason.TRIMMED,
                        "position: " + feed.sent() + " (expected: at least " + trimmed.oldest()
                                + ", the oldest retained event)");
            }
            send(feed.frame((ReadResult.Slice) read));
        }
        return this;
    }

    private void send(Frame frame) {
        long events = frame.getNext() - frame.getFrom();
        long bytes = frame.getChunksList().stream().mapToLong(ByteString::size).sum();
        creditEvents -= events;
        creditBytes -= bytes;
        shared.counters().sent(events, bytes);
        frameSink.send(PullResponse.newBuilder().setFrame(frame).build());
    }

    private Behavior<Command> onTick() {
        long silent = shared.nanoTime().getAsLong() - lastHeard;
        if (silent >= shared.settings().sessionTimeout().toNanos()) {
            return over(
                    RefusalReason.TIMED_OUT,
                    "no message for " + silent / 1_000_000 + " ms (expected: one every "
                            + shared.settings().heartbeatInterval().toMillis() + " ms)");
        }
        if (frameSink.isReady()) {
            Progress.Builder progress = Progress.newBuilder();
            feeds.forEach(feed -> feed.progress().ifPresent(progress::addKeyGroups));
            frameSink.send(PullResponse.newBuilder().setProgress(progress).build());
        }
        return this;
    }

    private Behavior<Command> over(RefusalReason reason, String message) {
        getContext().getLog().info("session over: {}: {}", reason, message);
        frameSink.end(reason, message);
        return Behaviors.stopped();
    }

    /** Whoever stopped us, the receiver is not left waiting; of no effect when it has been told already. */
    private Behavior<Command> onPostStop(PostStop stopped) {
        frameSink.end(RefusalReason.STOPPING, "the gateway is stopping, or the group starts again");
        return this;
    }
}
