package io.tidegate.processor.dstream;

import io.tidegate.processor.aggregate.Aggregation;
import io.tidegate.processor.aggregate.StatefulAggregation;
import io.tidegate.processor.aggregate.anomalies.AnomalyAggregation;
import io.tidegate.processor.aggregate.counts.CountsAggregation;
import io.tidegate.processor.aggregate.sessions.SessionsAggregation;
import io.tidegate.processor.aggregate.top.TopAggregation;
import io.tidegate.processor.aggregate.totals.TotalsAggregation;
import io.tidegate.processor.aggregate.windows.WindowAggregation;
import io.tidegate.processor.key.QueryKey;
import io.tidegate.processor.query.Durations;
import io.tidegate.processor.query.Query;
import io.tidegate.processor.query.QueryKind;
import io.tidegate.processor.query.Subject;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What the graph is made for; frozen in the checkpoint. Says which {@linkplain QueryKey#query() space of keys} belongs to
 * what: a query's own index, or, for all queries of the same window and slide, one that they share.
 *
 * @param queries their order is part of the state
 * @param stateGroups how many state groups each query has: as many as the gateway has key groups
 * @param partitions into how many tasks they are dealt
 * @param gateway the name of the gateway
 */
public record JobPlan(List<Query> queries, int stateGroups, int partitions, String gateway) implements Serializable {

    /** For queries of a configuration: their order there means nothing, so a state survives another one. */
    public static JobPlan of(List<Query> queries, int stateGroups, int partitions, String gateway) {
        List<Query> byName =
                queries.stream().sorted(Comparator.comparing(Query::name)).toList();
        return new JobPlan(byName, stateGroups, partitions, gateway);
    }

    /**
     * The same with the bounds of states that another plan has for queries of the same names. What else differs there is
     * not taken over.
     */
    JobPlan boundedAs(JobPlan other) {
        Map<String, Query> others =
                other.queries().stream().collect(Collectors.toMap(Query::name, Function.identity()));
        List<Query> bounded = queries.stream()
                .map(query -> query.boundedAs(others.getOrDefault(query.name(), query)))
                .toList();
        return new JobPlan(bounded, stateGroups, partitions, gateway);
    }

    /** Keeps its own copy. */
    public JobPlan {
        queries = List.copyOf(queries);
    }

    /** The index of each query. */
    List<Integer> indices() {
        return IntStream.range(0, queries.size()).boxed().toList();
    }

    /** The names of the queries, by their index. */
    List<String> names() {
        return queries.stream().map(Query::name).toList();
    }

    /**
     * A window that queries share.
     *
     * @param space its space of keys
     * @param members indices of its queries
     */
    record SharedWindow(int space, long windowMs, long slideMs, List<Integer> members) {}

    /** Every distinct window and slide, with its queries. */
    List<SharedWindow> windows() {
        List<SharedWindow> windows = new ArrayList<>();
        for (int i = 0; i < queries.size(); i++) {
            if (queries.get(i).kind() instanceof QueryKind.Windowed windowed) {
                of(windowed, windows).members().add(i);
            }
        }
        return windows;
    }

    private SharedWindow of(QueryKind.Windowed kind, List<SharedWindow> windows) {
        for (SharedWindow window : windows) {
            if (window.windowMs() == kind.windowMs() && window.slideMs() == kind.slideMs()) {
                return window;
            }
        }
        SharedWindow window =
                new SharedWindow(queries.size() + windows.size(), kind.windowMs(), kind.slideMs(), new ArrayList<>());
        windows.add(window);
        return window;
    }

    /** When all slides fall together: the first batch follows a multiple of this since the epoch. */
    public Duration alignment(Duration batchInterval) {
        long together = batchInterval.toMillis();
        for (SharedWindow window : windows()) {
            together = Durations.together(together, window.slideMs());
        }
        return Duration.ofMillis(together);
    }

    /** The longest time between two slides of a window; zero without windows. */
    Duration longestSlide() {
        return Duration.ofMillis(
                windows().stream().mapToLong(SharedWindow::slideMs).max().orElse(0));
    }

    /** The longest window; zero without windows. */
    public Duration longestWindow() {
        return Duration.ofMillis(
                windows().stream().mapToLong(SharedWindow::windowMs).max().orElse(0));
    }

    /** The space of keys of each query, by its index. */
    int[] spaces() {
        int[] spaces = IntStream.range(0, queries.size()).toArray();
        for (SharedWindow window : windows()) {
            window.members().forEach(member -> spaces[member] = window.space());
        }
        return spaces;
    }

    /** What a query, by its index, makes of its events. */
    Aggregation aggregation(int index) {
        Query query = queries.get(index);
        Subject subject = query.subject();
        if (query.kind() instanceof QueryKind.Sessions sessions) {
            return SessionsAggregation.of(query, perStateGroup(sessions.maxKeys()));
        }
        if (query.kind() instanceof QueryKind.Totals totals) {
            int maxKeys = perStateGroup(totals.maxKeys());
            return new TotalsAggregation(subject, totals.emitEveryMs(), maxKeys, totals.forgetAfterMs());
        }
        if (query.kind() instanceof QueryKind.Anomaly anomaly) {
            return new AnomalyAggregation(subject, anomaly, perStateGroup(anomaly.maxKeys()));
        }
        if (query.kind() instanceof QueryKind.Window window) {
            return new WindowAggregation(subject, index, Set.copyOf(window.compute()), window.windowMs());
        }
        if (query.kind() instanceof QueryKind.Top top) {
            return new TopAggregation(subject, index, top.limit(), top.windowMs());
        }
        return new CountsAggregation(subject, index);
    }

    /** A bound for each state group: keys are dealt to all alike, by their hash. */
    private int perStateGroup(long maxKeys) {
        return (int) Math.min(Integer.MAX_VALUE, (maxKeys - 1) / stateGroups + 1);
    }

    /** Which of these queries, by their index, have such an aggregation. */
    <A extends Aggregation> List<A> aggregations(Class<A> kind, List<Integer> indices) {
        return indices.stream()
                .map(this::aggregation)
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }

    /** Whether Spark keeps a state for a key: some queries do under their own keys, and every query keeps its ledger. */
    boolean isStateful(QueryKey key) {
        return key.query() < queries.size()
                && (key.stateGroup() == QueryKey.LEDGER_GROUP
                        || aggregation(key.query()) instanceof StatefulAggregation);
    }
}
