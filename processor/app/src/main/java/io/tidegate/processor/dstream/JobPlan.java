package io.tidegate.processor.dstream;

import io.tidegate.processor.key.QueryKey;
import io.tidegate.processor.query.Durations;
import io.tidegate.processor.query.Query;
import io.tidegate.processor.query.QueryKind;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
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

    /** The indices of the queries of some kind. */
    List<Integer> ofKind(Class<? extends QueryKind> kind) {
        return IntStream.range(0, queries.size())
                .filter(i -> kind.isInstance(queries.get(i).kind()))
                .boxed()
                .toList();
    }

    /** Sessions and totals keep state under their own keys; every query keeps its ledger. */
    boolean isStateful(QueryKey key) {
        if (key.query() >= queries.size()) {
            return false;
        }
        QueryKind kind = queries.get(key.query()).kind();
        return key.stateGroup() == QueryKey.LEDGER_GROUP
                || kind instanceof QueryKind.Sessions
                || kind instanceof QueryKind.Totals;
    }
}
