package io.tidegate.gateway.admission;

import akka.Done;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.AskPattern;
import io.tidegate.gateway.log.EventLog;
import io.tidegate.gateway.log.LogWrite;
import io.tidegate.gateway.log.Tally;
import io.tidegate.gateway.log.Transaction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * Where a batch goes: events and statuses to their key groups, the rest straight to the log. One for all sources;
 * thread-safe.
 */
public final class Admission {

    /**
     * A log that holds back (its quota is reached, the disk is slow) is waited for, that is the point of it; a log or a
     * key group that is gone takes the process with it. So this is only what an ask must have: longer than any wait that
     * makes sense.
     */
    private static final Duration PATIENCE = Duration.ofDays(30);

    private final ActorSystem<?> system;
    private final List<ActorRef<KeyGroup.Command>> keyGroups;
    private final ActorRef<EventLog.Command> log;
    private final AtomicLong transactions = new AtomicLong();

    /** @param keyGroups all of them, by number */
    public Admission(
            ActorSystem<?> system, List<ActorRef<KeyGroup.Command>> keyGroups, ActorRef<EventLog.Command> log) {
        this.system = system;
        this.keyGroups = List.copyOf(keyGroups);
        this.log = log;
    }

    int keyGroupCount() {
        return keyGroups.size();
    }

    /**
     * Hands over a batch; what is handed over later comes later in every key group. A batch is one commit, however many key
     * groups it touches: one fsync, and all of it or nothing.
     *
     * @param refused messages refused since the last batch, which are tallied with this one
     * @return done when everything of the batch is durable
     */
    CompletableFuture<Done> admit(String source, Batch batch, long refused) {
        Tally rest = batch.tallyBesideKeyGroups().plus(Tally.ofRefused(refused));
        boolean beside = !batch.state().isEmpty() || !rest.equals(Tally.ZERO);
        int count = batch.parts().values().stream().mapToInt(List::size).sum() + (beside ? 1 : 0);
        Optional<Transaction> together =
                count > 1 ? Optional.of(Transaction.member(transactions.incrementAndGet(), count)) : Optional.empty();
        List<Member<?>> members = new ArrayList<>(count);
        batch.parts()
                .forEach((keyGroup, of) -> of.forEach(part -> members.add(new Member<>(
                        keyGroups.get(keyGroup),
                        replyTo -> new KeyGroup.Admit(source, part.events(), part.status(), together, replyTo)))));
        if (beside) {
            members.add(new Member<>(
                    log,
                    replyTo -> new EventLog.Append(
                            new LogWrite(
                                    source,
                                    rest,
                                    Optional.empty(),
                                    batch.deadLetters(),
                                    List.of(),
                                    batch.state(),
                                    together),
                            replyTo)));
        }
        return handOver(members);
    }

    /** Only the last is asked: what is true of one member of a commit is true of all. */
    private CompletableFuture<Done> handOver(List<Member<?>> members) {
        if (members.isEmpty()) {
            return CompletableFuture.completedFuture(Done.getInstance());
        }
        int last = members.size() - 1;
        members.subList(0, last).forEach(member -> member.tell(system.ignoreRef()));
        // allOf, because what an ask returns runs each step that is put behind it on a thread made for it, on two
        // cores.
        return CompletableFuture.allOf(members.get(last).ask(system)).thenApply(durable -> Done.getInstance());
    }

    /** A part of a batch and who gets it. */
    private record Member<C>(ActorRef<C> whom, Function<ActorRef<EventLog.Durable>, C> message) {

        void tell(ActorRef<EventLog.Durable> replyTo) {
            whom.tell(message.apply(replyTo));
        }

        CompletableFuture<EventLog.Durable> ask(ActorSystem<?> system) {
            return AskPattern.<C, EventLog.Durable>ask(whom, message::apply, PATIENCE, system.scheduler())
                    .toCompletableFuture();
        }
    }
}
