package io.tidegate.gateway.source;

import akka.Done;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.AskPattern;
import io.tidegate.gateway.keygroup.KeyGroup;
import io.tidegate.gateway.log.EventLog;
import io.tidegate.gateway.log.Tally;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

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
     * Hands over a batch; what is handed over later comes later in every key group.
     *
     * @param refused messages refused since the last batch, which are tallied with this one
     * @return done when everything of the batch is durable
     */
    CompletableFuture<Done> admit(String source, Batch batch, long refused) {
        List<CompletableFuture<EventLog.Durable>> parts = new ArrayList<>();
        batch.parts().forEach((keyGroup, of) -> of.forEach(part -> parts.add(ask(source, keyGroup, part))));
        Tally rest = batch.tallyBesideKeyGroups().plus(Tally.ofRefused(refused));
        if (!rest.equals(Tally.ZERO)) {
            parts.add(AskPattern.<EventLog.Command, EventLog.Durable>ask(
                            log,
                            replyTo -> EventLog.Append.withoutEvents(source, rest, batch.deadLetters(), replyTo),
                            PATIENCE,
                            system.scheduler())
                    .toCompletableFuture());
        }
        return CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new)).thenApply(all -> Done.getInstance());
    }

    private CompletableFuture<EventLog.Durable> ask(String source, int keyGroup, Batch.Part part) {
        return AskPattern.<KeyGroup.Command, EventLog.Durable>ask(
                        keyGroups.get(keyGroup),
                        replyTo -> new KeyGroup.Admit(source, part.events(), part.status(), replyTo),
                        PATIENCE,
                        system.scheduler())
                .toCompletableFuture();
    }
}
