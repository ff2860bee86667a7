package io.tidegate.processor.structured;

import io.tidegate.processor.aggregate.sessions.SessionsAggregation;
import io.tidegate.processor.query.Query;
import io.tidegate.processor.query.QueryKind;
import io.tidegate.processor.sink.ReplayNamespace;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A query of {@code kind = sessions} with {@code engine = structured}. Its results go where the processor's sinks say, so
 * it has nothing of its own to move for a replay.
 *
 * @param query as it would be on DStreams
 */
public record SessionsQuery(Query query, Pace pace) implements StructuredQuery {

    @Override
    public String name() {
        return query.name();
    }

    @Override
    public Map<String, Object> describe() {
        Map<String, Object> text = new LinkedHashMap<>(query.describe());
        text.put("engine", "structured");
        return text;
    }

    @Override
    public Map<String, Object> frozen() {
        Map<String, Object> frozen = new LinkedHashMap<>(query.frozen());
        frozen.put("engine", "structured");
        frozen.put("state format", SessionsProcessor.FORMAT);
        return frozen;
    }

    /** How many keys it keeps before it forgets those whose sessions are over. */
    public long maxKeys() {
        return ((QueryKind.Sessions) query.kind()).maxKeys();
    }

    @Override
    public StructuredQuery forReplay(ReplayNamespace replay) {
        return this;
    }

    /** How its sessions are made. */
    SessionsAggregation aggregation() {
        return SessionsAggregation.of(query, Integer.MAX_VALUE);
    }
}
