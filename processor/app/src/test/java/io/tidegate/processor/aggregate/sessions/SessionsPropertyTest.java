package io.tidegate.processor.aggregate.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.processor.aggregate.InputEvent;
import io.tidegate.processor.aggregate.Partial;
import io.tidegate.processor.aggregate.PartialBuilder;
import io.tidegate.processor.aggregate.StateUpdate;
import io.tidegate.processor.aggregate.TickPartial;
import io.tidegate.processor.ledger.LedgerCounts.EventCounts;
import io.tidegate.processor.persistent.Serialized;
import io.tidegate.processor.query.Subject;
import io.tidegate.processor.result.Result;
import io.tidegate.processor.result.SessionResult;
import io.tidegate.processor.result.SessionResult.State;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Sessions against a recomputation that sorts all events and cuts at the gaps, over arrival orders without late events,
 * any cut into batches and frames, and silences wherever receipt paused.
 */
class SessionsPropertyTest {

    private static final long GAP = 10;
    private static final long LATENESS = 60;
    private static final SessionsAggregation QUERY =
            new SessionsAggregation(new Subject("sessions", List.of("k")), GAP, LATENESS, 2500, 1_000_000_000);

    /** When an event happened, and how much later than that it set out: less than the allowed lateness. */
    private record Sent(String key, long time, long delay) {}

    @Property(tries = 1000)
    void whatever_the_order_and_the_batches_the_final_sessions_are_those_of_the_sorted_events(
            @ForAll("sent") List<Sent> sent, @ForAll long seed) {
        Random random = new Random(seed);
        List<Arrival> arrivals = arrivals(sent, random);

        List<SessionResult> results = process(arrivals, random);

        assertThat(finals(results)).isEqualTo(naive(arrivals));
        assertThat(results).allMatch(result -> result.late() == 0);
        revisionsCountFromOne(results);
    }

    private record Arrival(String key, InputEvent event) {}

    private static List<Arrival> arrivals(List<Sent> sent, Random random) {
        List<Sent> order = new ArrayList<>(sent);
        order.sort(Comparator.comparingLong(one -> one.time + one.delay));
        List<Arrival> arrivals = new ArrayList<>();
        long received = 1_000_000;
        for (Sent one : order) {
            received += random.nextInt(10) == 0 ? 200 : 1;
            int keyGroup = one.key.length() % 2;
            InputEvent event = new InputEvent(
                    one.time, received, keyGroup, arrivals.size(), one.time % 3 == 0 ? "t" : "h", one.time / 4.0);
            arrivals.add(new Arrival(one.key, event));
        }
        return arrivals;
    }

    private static List<SessionResult> process(List<Arrival> arrivals, Random random) {
        List<SessionResult> results = new ArrayList<>();
        SessionsState state = SessionsState.EMPTY;
        long batch = 0;
        for (int from = 0; from < arrivals.size(); ) {
            int until = Math.min(arrivals.size(), from + random.nextInt(6));
            long next = until < arrivals.size() ? arrivals.get(until).event.receivedMs() : 2_000_000;
            batch += 1000;
            Partial input = new TickPartial(batch, next);
            for (Partial frame : frames(arrivals.subList(from, until), random)) {
                input = input.merge(frame);
            }
            StateUpdate<SessionsState> update = state.advance(input, batch, QUERY);
            state = random.nextInt(4) == 0 ? Serialized.again(update.state()) : update.state();
            update.results().forEach(result -> results.add((SessionResult) result));
            from = until;
        }
        for (Result result : state.advance(new TickPartial(batch + 1000, 3_000_000), batch + 1000, QUERY)
                .results()) {
            results.add((SessionResult) result);
        }
        assertThat(state.ledger().groups().values().stream()
                        .mapToLong(EventCounts::applied)
                        .sum())
                .isEqualTo(arrivals.size());
        return results;
    }

    /** The partials of a batch that came in some frames, in some order. */
    private static List<Partial> frames(List<Arrival> batch, Random random) {
        List<PartialBuilder> frames = List.of(
                new SessionsPartialBuilder(GAP, 1),
                new SessionsPartialBuilder(GAP, 1),
                new SessionsPartialBuilder(GAP, 1));
        List<Arrival> shuffled = new ArrayList<>(batch);
        Collections.shuffle(shuffled, random);
        shuffled.forEach(one -> frames.get(random.nextInt(3)).add(one.key, one.event));
        List<Partial> partials = new ArrayList<>();
        frames.forEach(frame -> partials.addAll(frame.build().values()));
        return partials;
    }

    private static Set<String> finals(List<SessionResult> results) {
        Map<String, SessionResult> last = new LinkedHashMap<>();
        results.forEach(result -> last.put(result.id(), result));
        Set<String> finals = new TreeSet<>();
        for (SessionResult result : last.values()) {
            if (result.state() == State.MERGED) {
                continue;
            }
            assertThat(result.state()).isEqualTo(State.CLOSED);
            StringBuilder text = new StringBuilder();
            text.append(result.header().key())
                    .append(result.startMs())
                    .append("..")
                    .append(result.endMs());
            text.append(" ").append(result.events());
            ((SessionResult.Metrics) result.content())
                    .byName()
                    .forEach((name, metric) -> text.append(" ")
                            .append(name)
                            .append(metric.count())
                            .append("/")
                            .append(metric.figures().min())
                            .append("/")
                            .append(metric.figures().max())
                            .append("/")
                            .append(metric.figures().mean())
                            .append("/")
                            .append(metric.last()));
            finals.add(text.toString());
        }
        return finals;
    }

    private static Set<String> naive(List<Arrival> arrivals) {
        Set<String> finals = new TreeSet<>();
        for (String key : List.of("[\"a\"]", "[\"bb\"]")) {
            List<InputEvent> events = new ArrayList<>();
            arrivals.stream().filter(one -> one.key.equals(key)).forEach(one -> events.add(one.event));
            events.sort(Comparator.comparingLong(InputEvent::timeMs).thenComparingLong(InputEvent::offset));
            List<InputEvent> session = new ArrayList<>();
            for (InputEvent event : events) {
                if (!session.isEmpty()
                        && event.timeMs() - session.get(session.size() - 1).timeMs() > GAP) {
                    finals.add(key + describe(session));
                    session.clear();
                }
                session.add(event);
            }
            if (!session.isEmpty()) {
                finals.add(key + describe(session));
            }
        }
        return finals;
    }

    private static String describe(List<InputEvent> session) {
        StringBuilder text = new StringBuilder();
        text.append(session.get(0).timeMs())
                .append("..")
                .append(session.get(session.size() - 1).timeMs());
        text.append(" ").append(session.size());
        for (String metric : List.of("h", "t")) {
            // Quarters: exact in doubles, so a plain sum is the exact one.
            double[] values = session.stream()
                    .filter(event -> event.metric().equals(metric))
                    .mapToDouble(event -> event.timeMs() / 4.0)
                    .toArray();
            if (values.length > 0) {
                double sum = 0;
                for (double value : values) {
                    sum += value;
                }
                text.append(" ")
                        .append(metric)
                        .append(values.length)
                        .append("/")
                        .append(values[0])
                        .append("/")
                        .append(values[values.length - 1])
                        .append("/")
                        .append(sum / values.length)
                        .append("/")
                        .append(values[values.length - 1]);
            }
        }
        return text.toString();
    }

    private static void revisionsCountFromOne(List<SessionResult> results) {
        Map<String, Long> revisions = new HashMap<>();
        for (SessionResult result : results) {
            long rev = revisions.merge(result.id(), 1L, Long::sum);
            assertThat(result.header().rev()).as(result.id()).isEqualTo(rev);
        }
    }

    @Provide
    Arbitrary<List<Sent>> sent() {
        return Combinators.combine(
                        Arbitraries.of("[\"a\"]", "[\"bb\"]"),
                        Arbitraries.longs().between(100_000, 100_400),
                        Arbitraries.longs().between(0, LATENESS))
                .as(Sent::new)
                .list()
                .ofMaxSize(40);
    }
}
