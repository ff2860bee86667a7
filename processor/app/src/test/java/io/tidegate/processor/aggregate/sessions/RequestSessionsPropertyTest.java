package io.tidegate.processor.aggregate.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.processor.aggregate.InputEvent;
import io.tidegate.processor.aggregate.Partial;
import io.tidegate.processor.aggregate.PartialBuilder;
import io.tidegate.processor.aggregate.RequestFields;
import io.tidegate.processor.aggregate.StateUpdate;
import io.tidegate.processor.aggregate.TickPartial;
import io.tidegate.processor.ledger.LedgerCounts.EventCounts;
import io.tidegate.processor.persistent.Serialized;
import io.tidegate.processor.query.Subject;
import io.tidegate.processor.result.Result;
import io.tidegate.processor.result.SessionResult;
import io.tidegate.processor.result.SessionResult.State;
import io.tidegate.processor.result.SessionResult.Visit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Visits against a bookkeeping that keeps every request of every visit in a plain list and computes what is published
 * from those lists: in any order, cut into any batches and frames, with late requests, merges and silences.
 */
class RequestSessionsPropertyTest {

    private static final long GAP = 10;
    private static final long LATENESS = 25;
    private static final SessionsAggregation QUERY =
            new SessionsAggregation(new Subject("visitors", List.of("client")), GAP, LATENESS, 2500, 1_000_000_000);
    private static final String CLIENT = "[\"c\"]";

    /** What a request says; its receipt, key group and offset come with its place in the order of arrival. */
    private record Sent(long time, String path, int status, long bytes) {}

    @Property(tries = 1000)
    void every_visit_is_what_its_requests_say_whatever_the_order_and_the_batches(
            @ForAll("sent") List<Sent> sent, @ForAll long seed) {
        Random random = new Random(seed);
        Plain plain = new Plain();
        Map<String, SessionResult> last = new LinkedHashMap<>();

        SessionsState state = process(arrivals(sent), random, plain, last);
        Assume.that(!plain.hasReusedAStart());

        assertThat(last.values().stream()
                        .filter(result -> result.state() != State.MERGED)
                        .map(RequestSessionsPropertyTest::text))
                .containsExactlyInAnyOrderElementsOf(plain.texts());
        assertThat(last.values()).noneMatch(result -> result.state() == State.OPEN);
        assertThat(sum(state, EventCounts::late)).isEqualTo(plain.late);
        assertThat(sum(state, EventCounts::applied)).isEqualTo(sent.size() - plain.late);
    }

    private static long sum(SessionsState state, java.util.function.ToLongFunction<EventCounts> part) {
        return state.ledger().groups().values().stream().mapToLong(part).sum();
    }

    private static List<InputEvent> arrivals(List<Sent> sent) {
        List<InputEvent> arrivals = new ArrayList<>();
        for (Sent one : sent) {
            int n = arrivals.size();
            RequestFields request =
                    new RequestFields(one.path.isEmpty() ? null : one.path, one.bytes, one.status >= 400);
            arrivals.add(new InputEvent(one.time, 1_000_000 + 40L * n, n % 3, n / 3, "", null, request));
        }
        return arrivals;
    }

    private static SessionsState process(
            List<InputEvent> arrivals, Random random, Plain plain, Map<String, SessionResult> last) {
        SessionsState state = SessionsState.EMPTY;
        long batch = 0;
        for (int from = 0; from < arrivals.size(); ) {
            int until = Math.min(arrivals.size(), from + random.nextInt(6));
            batch += 1000;
            Partial input = new TickPartial(batch, 1_000_000 + 40L * until);
            List<InputEvent> requests = arrivals.subList(from, until);
            for (Partial frame : frames(requests, random)) {
                input = input.merge(random.nextBoolean() ? frame : Serialized.again(frame));
            }
            StateUpdate<SessionsState> update = state.advance(input, batch, QUERY);
            plain.batch(requests);
            state = random.nextInt(4) == 0 ? Serialized.again(update.state()) : update.state();
            remember(update.results(), last);
            from = until;
        }
        StateUpdate<SessionsState> end = state.advance(new TickPartial(batch + 1000, 100_000_000), batch + 1000, QUERY);
        remember(end.results(), last);
        return end.state();
    }

    private static void remember(List<Result> results, Map<String, SessionResult> last) {
        results.forEach(result -> last.put(result.id(), (SessionResult) result));
    }

    private static List<Partial> frames(List<InputEvent> batch, Random random) {
        List<PartialBuilder> frames = List.of(new SessionsPartialBuilder(GAP, 1), new SessionsPartialBuilder(GAP, 1));
        List<InputEvent> shuffled = new ArrayList<>(batch);
        Collections.shuffle(shuffled, random);
        shuffled.forEach(one -> frames.get(random.nextInt(2)).add(CLIENT, one));
        List<Partial> partials = new ArrayList<>();
        frames.forEach(frame -> partials.addAll(frame.build().values()));
        return partials;
    }

    private static String text(SessionResult result) {
        Visit visit = (Visit) result.content();
        return result.startMs() + ".." + result.endMs() + " events " + result.events() + " pages " + visit.pages()
                + " bytes " + visit.bytes() + " errors " + visit.errors() + " from " + visit.entry() + " to "
                + visit.exit();
    }

    /** Visits as lists of requests. */
    private static final class Plain {
        private static final Comparator<InputEvent> ORDER = Comparator.comparingLong(InputEvent::timeMs)
                .thenComparingInt(InputEvent::keyGroup)
                .thenComparingLong(InputEvent::offset);

        private final List<List<InputEvent>> live = new ArrayList<>();
        private final List<List<InputEvent>> over = new ArrayList<>();
        private final List<Long> starts = new ArrayList<>();
        private long greatest = Long.MIN_VALUE / 2;
        private long late;

        void batch(List<InputEvent> requests) {
            long watermark = greatest - LATENESS;
            List<List<InputEvent>> known = new ArrayList<>(live);
            List<InputEvent> all = new ArrayList<>(requests);
            known.forEach(all::addAll);
            all.sort(ORDER);
            live.clear();
            for (List<InputEvent> connected : connected(all)) {
                boolean isLate = connected.get(connected.size() - 1).timeMs() + GAP <= watermark;
                if (!isLate) {
                    live.add(connected);
                    if (known.stream().noneMatch(visit -> connected.contains(visit.get(0)))) {
                        starts.add(connected.get(0).timeMs());
                    }
                    continue;
                }
                late += connected.stream().filter(requests::contains).count();
                known.stream().filter(visit -> connected.contains(visit.get(0))).forEach(live::add);
            }
            requests.forEach(one -> greatest = Math.max(greatest, one.timeMs()));
            live.stream().filter(this::isOver).forEach(over::add);
            live.removeIf(this::isOver);
        }

        private boolean isOver(List<InputEvent> visit) {
            return greatest - LATENESS > end(visit) + GAP;
        }

        private static long end(List<InputEvent> visit) {
            return visit.stream().mapToLong(InputEvent::timeMs).max().orElseThrow();
        }

        private static List<List<InputEvent>> connected(List<InputEvent> sorted) {
            List<List<InputEvent>> connected = new ArrayList<>();
            long end = Long.MIN_VALUE / 2;
            for (InputEvent one : sorted) {
                if (one.timeMs() > end + GAP) {
                    connected.add(new ArrayList<>());
                }
                connected.get(connected.size() - 1).add(one);
                end = one.timeMs();
            }
            return connected;
        }

        /**
         * An identity is the start as first published. A visit that is over is forgotten, so a later one whose first
         * request was sent at the same millisecond has its identity too, and a reader sees one of them only.
         */
        boolean hasReusedAStart() {
            return starts.stream().distinct().count() < starts.size();
        }

        List<String> texts() {
            List<String> texts = new ArrayList<>();
            live.forEach(visit -> texts.add(text(visit)));
            over.forEach(visit -> texts.add(text(visit)));
            return texts;
        }

        private static String text(List<InputEvent> visit) {
            visit.sort(ORDER);
            long bytes = 0;
            long errors = 0;
            String entry = null;
            String exit = null;
            for (InputEvent one : visit) {
                RequestFields request = Objects.requireNonNull(one.request());
                bytes += request.bytes();
                errors += request.error() ? 1 : 0;
                entry = entry == null ? request.path() : entry;
                exit = request.path() == null ? exit : request.path();
            }
            return visit.get(0).timeMs() + ".." + end(visit) + " events " + visit.size() + " pages " + visit.size()
                    + " bytes " + bytes + " errors " + errors + " from " + entry + " to " + exit;
        }
    }

    @Provide
    Arbitrary<List<Sent>> sent() {
        return Combinators.combine(
                        Arbitraries.longs().between(100_000, 100_150),
                        Arbitraries.of("/", "/a", "/b/c", ""),
                        Arbitraries.of(200, 304, 399, 400, 404, 500),
                        Arbitraries.longs().between(0, 1L << 40))
                .as(Sent::new)
                .list()
                .ofMaxSize(40);
    }
}
