package io.tidegate.processor.structured;

import io.tidegate.processor.sink.ReplayNamespace;
import java.time.Duration;
import java.util.Map;

/** A query that runs on Structured Streaming. What {@link #frozen} says is frozen in its checkpoint. */
public sealed interface StructuredQuery permits SqlQuery, KeyedQuery {

    /**
     * How a query runs.
     *
     * @param trigger how often
     * @param maxEvents the most events of one micro-batch
     */
    record Pace(Duration trigger, long maxEvents) {}

    /** Unique among all queries, and a level of topics. */
    String name();

    /** How it runs. */
    Pace pace();

    /** For people: everything but the name, in a fixed order. */
    Map<String, Object> describe();

    /** What its checkpoint can't be continued without. */
    Map<String, Object> frozen();

    /**
     * The same with the results where those of a replay go.
     *
     * @throws IllegalArgumentException when that makes the name of a table too long
     */
    StructuredQuery forReplay(ReplayNamespace replay);
}
