package io.tidegate.simulator.demo;

import io.tidegate.simulator.fleet.PlannedMessage;
import io.tidegate.simulator.oracle.Query;
import io.tidegate.simulator.oracle.RunningTotals;
import io.tidegate.simulator.oracle.Totals;
import io.tidegate.simulator.verify.Comparison;
import io.tidegate.simulator.watch.Result;
import io.tidegate.simulator.watch.Result.Kind;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Judges totals of devices and metrics as they come. Order is kept on the whole way, so a total with the count n must be
 * that of the first n different readings of its device and metric. It costs what is new since the last total, as the plan
 * is gone through once.
 *
 * <p>Law: {@code judged = right + wrong}. Not thread-safe.
 */
final class TotalsCheck {
    /** Nobody can have sent what is not due, but clocks may be set. */
    private static final long SLACK_MS = 5_000;

    private static final int REMEMBERED = 5;

    private final String query;
    private final Iterator<PlannedMessage> plan;
    private final LongSupplier sinceStartMs;
    private final RunningTotals totals = new RunningTotals();
    private final List<String> differences = new ArrayList<>();
    private @Nullable PlannedMessage next;
    private long right;
    private long wrong;

    /**
     * Has judged nothing yet.
     *
     * @param query the name of a query that {@link #canCheck} holds for
     * @param plan what is sent, in the order of sending; it need not end
     * @param sinceStartMs how far the sender can be in it
     */
    TotalsCheck(String query, Iterator<PlannedMessage> plan, LongSupplier sinceStartMs) {
        this.query = query;
        this.plan = plan;
        this.sinceStartMs = sinceStartMs;
    }

    /** Totals of all readings by device and metric. */
    static boolean canCheck(Query query) {
        return query.notJudged().isEmpty()
                && query.kind().equals("totals")
                && query.from().equals("readings")
                && query.value().equals("value")
                && query.by().equals(List.of("device", "metric"))
                && query.isUnfiltered();
    }

    /** What is wrong with a result; empty when it is right, or none that is judged here. */
    Optional<String> check(Result result) {
        if (!concerns(result)) {
            return Optional.empty();
        }
        String device = result.body().at("/key/device").asText();
        String metric = result.body().at("/key/metric").asText();
        long count = result.body().path("count").longValue();
        advance(device, metric, count);
        Optional<Totals> expected = totals.after(device, metric, count);
        Optional<String> difference = expected.isEmpty()
                ? Optional.of("count is " + count + ", expected no more than the " + totals.known(device, metric)
                        + " that were sent, and no less than before")
                : Comparison.difference(expected.get().fields(), result.body());
        if (difference.isEmpty()) {
            right++;
            return Optional.empty();
        }
        wrong++;
        String told = query + ": " + device + " " + metric + ": " + difference.get();
        if (differences.size() < REMEMBERED) {
            differences.add(told);
        }
        return Optional.of(told);
    }

    /** Whether this is a result of the query. */
    boolean concerns(Result result) {
        return result.kind() == Kind.TOTAL && result.levels().get(2).equals(query);
    }

    /** Goes on with the plan until there are so many readings, but not beyond what can have been sent. */
    private void advance(String device, String metric, long count) {
        long dueMs = sinceStartMs.getAsLong() + SLACK_MS;
        while (totals.known(device, metric) < count && hasNext(dueMs)) {
            totals.add(take().reading());
        }
    }

    private boolean hasNext(long dueMs) {
        if (next == null && plan.hasNext()) {
            next = plan.next();
        }
        return next != null && next.offsetMs() <= dueMs;
    }

    private PlannedMessage take() {
        PlannedMessage taken = Objects.requireNonNull(next);
        next = null;
        return taken;
    }

    /** The totals that were wrong. */
    long wrong() {
        return wrong;
    }

    /** The first of them, in full. */
    List<String> differences() {
        return List.copyOf(differences);
    }

    /** For people. */
    String tally() {
        return String.format(Locale.ROOT, "%,d totals right, %,d wrong", right, wrong);
    }
}
