package io.tidegate.processor.structured;

import io.tidegate.processor.aggregate.SingleKeyAggregation;
import io.tidegate.processor.aggregate.anomalies.AnomalyAggregation;
import io.tidegate.processor.aggregate.anomalies.SingleKeyAnomalies;
import io.tidegate.processor.aggregate.sessions.SessionsAggregation;
import io.tidegate.processor.aggregate.sessions.SingleKeySessions;
import io.tidegate.processor.query.Query;
import io.tidegate.processor.query.QueryKind;
import io.tidegate.processor.sink.ReplayNamespace;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A query with {@code engine = structured} that is not in SQL. Its results go where the processor's sinks say, so
 * it has nothing of its own to move for a replay.
 *
 * @param query as it would be on DStreams
 */
public record KeyedQuery(Query query, Pace pace) implements StructuredQuery {

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
        frozen.put("state format", KeyedProcessor.FORMAT + "." + aggregation().format());
        return frozen;
    }

    /** How many keys it keeps before it forgets those that it can spare. */
    public long maxKeys() {
        return ((QueryKind.Bounded) query.kind()).maxKeys();
    }

    @Override
    public StructuredQuery forReplay(ReplayNamespace replay) {
        return this;
    }

    /** How its keys go on. */
    SingleKeyAggregation aggregation() {
        if (query.kind() instanceof QueryKind.Anomaly anomaly) {
            return new SingleKeyAnomalies(new AnomalyAggregation(query.subject(), anomaly, Integer.MAX_VALUE));
        }
        return new SingleKeySessions(SessionsAggregation.of(query, Integer.MAX_VALUE));
    }
}
