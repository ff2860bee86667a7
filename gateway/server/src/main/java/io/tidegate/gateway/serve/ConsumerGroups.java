package io.tidegate.gateway.serve;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * All consumer groups: finds the one that a request is for, registers a new one when a run begins, drops those that
 * nobody comes for. Spawn it with {@code DispatcherSelector.blocking()}: registering waits for the disk.
 */
public final class ConsumerGroups extends AbstractBehavior<ConsumerGroups.Command> {

    static final String NAME_RULE = "1 to 128 characters of A-Z a-z 0-9 _ . -";

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,128}");

    /** What can be told to the consumer groups. */
    public sealed interface Command {}

    /** A request for one group; {@link ConsumerGroup.BeginRun} registers a group that is not known yet. */
    public record Route(String group, ConsumerGroup.Request request) implements Command {}

    /** The gateway is stopping: this actor ends, and every group and session with it. */
    public enum Stop implements Command {
        /** The only one. */
        NOW
    }

    // Told by our children only.
    record Expired(String group) implements Command {}

    record Kept(String group) implements Command {}

    record Dropped(String group) implements Command {}

    private final ServeContext shared;
    private final Map<String, ActorRef<ConsumerGroup.Command>> groups = new HashMap<>();
    /** What came for a group that was asked to end, until it has decided. */
    private final Map<String, List<Route>> undecided = new HashMap<>();

    private ConsumerGroups(ActorContext<Command> context, ServeContext shared) {
        super(context);
        this.shared = shared;
        shared.store().groups().keySet().forEach(this::spawn);
        shared.settings().groups().stream()
                .filter(group -> !groups.containsKey(group))
                .forEach(this::register);
    }

    /**
     * The groups that the store knows and those that the settings name.
     *
     * @param shared what groups and sessions work with
     */
    public static Behavior<Command> create(ServeContext shared) {
        return Behaviors.setup(context -> new ConsumerGroups(context, shared));
    }

    static boolean isName(String group) {
        return NAME.matcher(group).matches();
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Route.class, this::onRoute)
                .onMessage(Expired.class, this::onExpired)
                .onMessage(Kept.class, this::onKept)
                .onMessage(Dropped.class, this::onDropped)
                .onMessage(Stop.class, stop -> Behaviors.stopped())
                .build();
    }

    private Behavior<Command> onRoute(Route route) {
        String group = route.group();
        List<Route> waiting = undecided.get(group);
        ActorRef<ConsumerGroup.Command> known = groups.get(group);
        if (waiting != null) {
            waiting.add(route);
        } else if (known != null) {
            known.tell(route.request());
        } else if (!isName(group)) {
            route.request().refuse(RefusalReason.INVALID, "group: '" + group + "' (expected: " + NAME_RULE + ")");
        } else if (route.request() instanceof ConsumerGroup.BeginRun) {
            register(group).tell(route.request());
        } else {
            route.request()
                    .refuse(
                            RefusalReason.UNKNOWN_GROUP,
                            "group: " + group + " (expected: one of " + groups.keySet()
                                    + "; Offsets with begin_run registers it)");
        }
        return this;
    }

    private ActorRef<ConsumerGroup.Command> register(String group) {
        shared.store().registerGroup(group);
        getContext().getLog().info("consumer group {} registered: it begins at the oldest retained event", group);
        return spawn(group);
    }

    /** A group that fails starts again with what is on disk; its sessions end and their receivers come again. */
    private ActorRef<ConsumerGroup.Command> spawn(String group) {
        ActorRef<ConsumerGroup.Command> ref = getContext()
                .spawn(
                        Behaviors.supervise(ConsumerGroup.create(
                                        group, shared, getContext().getSelf()))
                                .onFailure(SupervisorStrategy.restartWithBackoff(
                                        Duration.ofMillis(200), Duration.ofSeconds(10), 0.2)),
                        group,
                        DispatcherSelector.blocking());
        groups.put(group, ref);
        return ref;
    }

    /** What was on its way to the group comes before our question: a run that begins in this moment keeps it. */
    private Behavior<Command> onExpired(Expired expired) {
        String group = expired.group();
        ActorRef<ConsumerGroup.Command> known = groups.get(group);
        if (known != null && !undecided.containsKey(group)) {
            undecided.put(group, new ArrayList<>());
            getContext().watchWith(known, new Dropped(group));
            known.tell(ConsumerGroup.EndIfExpired.NOW);
        }
        return this;
    }

    private Behavior<Command> onKept(Kept kept) {
        ActorRef<ConsumerGroup.Command> group = groups.get(kept.group());
        if (group != null) {
            getContext().unwatch(group);
        }
        return decided(kept.group());
    }

    private Behavior<Command> onDropped(Dropped dropped) {
        groups.remove(dropped.group());
        shared.store().dropGroup(dropped.group());
        getContext()
                .getLog()
                .warn(
                        "consumer group {} dropped: nobody came for it in {}; it holds back no trimming any more",
                        dropped.group(),
                        shared.settings().groupExpiry());
        return decided(dropped.group());
    }

    private Behavior<Command> decided(String group) {
        List<Route> waiting = undecided.remove(group);
        if (waiting != null) {
            waiting.forEach(this::onRoute);
        }
        return this;
    }
}
