package io.tidegate.gateway.ingest.flume;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongPredicate;

/** Takes the batches that agents push. */
@FunctionalInterface
public interface BatchHandler {

    /**
     * Takes a batch. Called on a thread of the agent's connection, which waits for the answer: the
     * next batch of the same agent comes behind it.
     *
     * @param peer the agent's address
     * @param room reserves so many bytes for what is made of the events, more than one of each; false: there is no room
     * @return true: all of it is durable, the agent may forget it; false: the agent sends it again. It always completes, and
     *     never with a failure
     */
    CompletableFuture<Boolean> take(InetSocketAddress peer, List<FlumeEvent> batch, LongPredicate room);
}
