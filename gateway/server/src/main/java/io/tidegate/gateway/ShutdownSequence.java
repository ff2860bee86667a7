package io.tidegate.gateway;

import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.Adapter;
import akka.pattern.Patterns;
import io.tidegate.gateway.ingest.PushIngest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;

/** What is stopped, one after the other; a step that fails is told and does not keep the next one from its turn. */
record ShutdownSequence(List<Step> steps) {

    /** One of them. */
    record Step(String name, Supplier<CompletionStage<Void>> stop) {}

    /** Done when the last step has ended. */
    CompletionStage<Void> run(Logger log) {
        CompletionStage<Void> all = CompletableFuture.completedFuture(null);
        for (Step step : steps) {
            all = all.thenCompose(before -> step.stop().get()).handle((done, failure) -> {
                if (failure != null) {
                    log.warn("stopping: {} did not end in order: {}", step.name(), failure.toString());
                }
                return null;
            });
        }
        return all;
    }

    /** Who is told to stop, and how. */
    record Stoppable(ActorRef<?> actor, Object message) {

        static <T> Stoppable of(ActorRef<T> actor, T message) {
            return new Stoppable(actor, message);
        }
    }

    static CompletionStage<Void> stop(List<Stoppable> actors, Duration patience) {
        return CompletableFuture.allOf(actors.stream()
                .map(each -> Patterns.gracefulStop(Adapter.toClassic(each.actor()), patience, each.message())
                        .toCompletableFuture())
                .toArray(CompletableFuture[]::new));
    }

    /** What is in their hands is confirmed when it is on disk; a log that holds back is not waited for. */
    static CompletionStage<Void> drain(List<PushIngest> ingests, Duration patience) {
        ingests.forEach(PushIngest::complete);
        return CompletableFuture.allOf(ingests.stream()
                        .map(ingest -> ingest.done().toCompletableFuture())
                        .toArray(CompletableFuture[]::new))
                .orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS);
    }
}
