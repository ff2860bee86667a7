package io.tidegate.gateway.flume;

import java.util.List;
import java.util.concurrent.CompletionStage;

/** Who takes what agents push. */
@FunctionalInterface
public interface FlumeBatches {

    /**
     * Takes a batch, all of it or nothing; called on a thread of the server's, which waits.
     *
     * @return true when all of it is durable; false, or a failure, when it can't be taken now: the agent sends it again
     */
    CompletionStage<Boolean> take(List<FlumeEvent> batch);
}
