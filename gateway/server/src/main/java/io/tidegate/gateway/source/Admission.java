package io.tidegate.gateway.source;

import akka.Done;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.AskPattern;
import akka.japi.function.Function;
import io.tidegate.gateway.keygroup.KeyGroup;
import io.tidegate.gateway.log.EventLog;
import io.tidegate.gateway.log.Tally;
import io.tidegate.gateway.log.Transaction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

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
     * Hands over a batch; what is handed over later comes later in every key group. A batch with marks is one commit.
     *
     * @param refused messages refused since the last batch, which are tallied with this one
     * @return done when everything of the batch is durable
     */
    CompletableFuture<Done> admit(String source, Batch batch, long refused) {
        List<CompletableFuture<EventLog.Durable>> parts = new ArrayList<>();
        Tally rest = batch.tallyBesideKeyGroups().plus(Tally.ofRefused(refused));
        boolean marked = !batch.marks().isEmpty();
        boolean beside = marked || !rest.equals(Tally.ZERO);
        Optional<Transaction> transaction = marked ? Optional.of(transaction(batch)) : Optional.empty();
        batch.parts()
                .forEach((keyGroup, of) -> of.forEach(part -> parts.add(ask(
                        keyGroups.get(keyGroup),
                        replyTo -> new KeyGroup.Admit(source, part.events(), part.status(), transaction, replyTo)))));
        if (beside) {
            parts.add(ask(
                    log,
                    replyTo -> new EventLog.Append(
                            source,
                            rest,
                            Optional.empty(),
                            batch.deadLetters(),
                            List.of(),
                            batch.marks(),
                            transaction,
                            replyTo)));
        }
        return CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new)).thenApply(all -> Done.getInstance());
    }

    /** All parts of the batch, and the append beside them. */
    private Transaction transaction(Batch batch) {
        int parts = batch.parts().values().stream().mapToInt(List::size).sum();
        return Transaction.member(transactions.incrementAndGet(), parts + 1);
    }

    private <C> CompletableFuture<EventLog.Durable> ask(
            ActorRef<C> whom, Function<ActorRef<EventLog.Durable>, C> message) {
        return AskPattern.<C, EventLog.Durable>ask(whom, message, PATIENCE, system.scheduler())
                .toCompletableFuture();
    }
}
