package io.tidegate.gateway;

import akka.actor.typed.ActorRef;
import io.tidegate.gateway.ingest.Source;
import io.tidegate.gateway.ingest.SourceHealth;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A source that is an actor: it runs from when it is spawned until it has ended, which it does when everything is on disk.
 *
 * @param <C> what it can be told
 */
final class ActorSource<C> implements Source {

    private final SourceHealth health;
    private final Supplier<ActorRef<C>> spawn;
    private final C stop;
    private volatile @Nullable ActorRef<C> actor;

    /**
     * A source that does not run yet.
     *
     * @param health written by the actor
     * @param stop tells the actor to bring what it has to disk, and to end
     */
    ActorSource(SourceHealth health, Supplier<ActorRef<C>> spawn, C stop) {
        this.health = health;
        this.spawn = spawn;
        this.stop = stop;
    }

    @Override
    public String name() {
        return health.source();
    }

    @Override
    public void start() {
        actor = spawn.get();
    }

    @Override
    public Optional<SourceHealth> check() {
        return Optional.of(health);
    }

    @Override
    public CompletionStage<Void> drain(Duration patience) {
        ActorRef<C> running = actor;
        return running == null
                ? CompletableFuture.completedFuture(null)
                : ShutdownSequence.stop(running, stop, patience);
    }
}
