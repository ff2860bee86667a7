package io.tidegate.processor.query;

import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One query of {@code processor.conf}. In the checkpoint, where {@link #frozen} is what counts; a pure value.
 *
 * @param name unique and a level of topics
 * @param rows which events count, under which key, with which value
 * @param kind what is made of them
 * @param to where the results go
 */
public record Query(String name, RowExpressions rows, QueryKind kind, List<Target> to) implements Serializable {

    /** What may change although there is a state: where results go, and how much the state may hold. */
    private static final Set<String> FREE = Set.of("to", "max-keys", "forget-after");

    /** Keeps its own copy. */
    public Query {
        to = List.copyOf(to);
    }

    /** What its results are about. */
    public Subject subject() {
        return new Subject(name, rows.byNames());
    }

    /** The same with the bounds of the state that another version of it has. */
    public Query boundedAs(Query other) {
        return new Query(name, rows, kind.boundedAs(other.kind), to);
    }

    /** What a checkpoint can't be continued without: of {@link #describe} all but destinations and bounds of the state. */
    public Map<String, Object> frozen() {
        Map<String, Object> frozen = describe();
        frozen.keySet().removeAll(FREE);
        return frozen;
    }

    /** For people: everything but the name, in a fixed order. */
    public Map<String, Object> describe() {
        Map<String, Object> text = new LinkedHashMap<>();
        text.put("kind", kind.label());
        text.put("from", rows.from().label());
        text.put("where", rows.where());
        text.put("by", rows.by().stream().map(ByColumn::expression).toList());
        text.put("value", rows.value());
        if (kind instanceof QueryKind.Sessions sessions) {
            text.put("gap", Durations.text(sessions.gapMs()));
            text.put("allowed-lateness", Durations.text(sessions.allowedLatenessMs()));
            text.put("emit-every", Durations.text(sessions.emitEveryMs()));
            text.put("max-keys", sessions.maxKeys());
        } else if (kind instanceof QueryKind.Totals totals) {
            text.put("emit-every", Durations.text(totals.emitEveryMs()));
            text.put("max-keys", totals.maxKeys());
            text.put(
                    "forget-after",
                    totals.forgetAfterMs() == QueryKind.UNBOUNDED ? "never" : Durations.text(totals.forgetAfterMs()));
        } else if (kind instanceof QueryKind.Anomaly anomaly) {
            describe(anomaly, text);
        } else if (kind instanceof QueryKind.Windowed windowed) {
            text.put("window", Durations.text(windowed.windowMs()));
            text.put("slide", Durations.text(windowed.slideMs()));
        }
        if (kind instanceof QueryKind.Window window) {
            text.put(
                    "compute",
                    window.compute().stream().map(AggregateFunction::label).toList());
        } else if (kind instanceof QueryKind.Top top) {
            text.put("limit", top.limit());
        }
        text.put("to", to.stream().map(Target::label).toList());
        return text;
    }

    private static void describe(QueryKind.Anomaly anomaly, Map<String, Object> text) {
        text.put("window", Durations.text(anomaly.windowMs()));
        text.put("slide", Durations.text(anomaly.slideMs()));
        text.put("warm-up", anomaly.warmUp());
        text.put("min-deviation", anomaly.minDeviation());
        text.put("threshold", anomaly.thresholds().anomalous());
        text.put("recover-below", anomaly.thresholds().normal());
        text.put("min-length", anomaly.thresholds().minLength());
        text.put("recover-after", anomaly.thresholds().recoverAfter());
        text.put("max-keys", anomaly.maxKeys());
    }
}
