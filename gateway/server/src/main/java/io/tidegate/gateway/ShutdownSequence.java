package io.tidegate.gateway;

import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.Adapter;
import akka.pattern.Patterns;
import io.tidegate.gateway.ingest.Source;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.slf4j.Logger;

/** Stops the gateway step by step. A step that fails is logged, and the next one follows all the same. */
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

    /** Tells all sources at once to take nothing more. @return done when the last of them is done, in order or not */
    static CompletionStage<Void> drain(List<Source> sources, Duration patience) {
        return CompletableFuture.allOf(sources.stream()
                .map(source -> source.drain(patience).toCompletableFuture())
                .toArray(CompletableFuture[]::new));
    }

    /** Tells an actor to stop. @return done when it has ended; fails when it has not within the patience */
    static <T> CompletionStage<Void> stop(ActorRef<T> actor, T message, Duration patience) {
        return Patterns.gracefulStop(Adapter.toClassic(actor), patience, message)
                .thenAccept(ended -> {});
    }
}
