package io.tidegate.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.gateway.admission.SeenThrough.Receipts;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The promise, against a model that remembers every stamp: what is said to be seen is durable, whatever happens. */
class SeenThroughPropertiesTest {

    private static final int SOURCES = 3;

    private enum What {
        RECEIVE,
        DURABLE,
        CONNECT,
        DISCONNECT,
        TICK,
        CLOCK_STEPS_BACK
    }

    private record Step(What what, int source, int amount) {}

    @Property(tries = 500)
    void everything_received_before_it_is_durable_and_it_never_steps_back(@ForAll("steps") List<Step> steps) {
        ManualClock clock = new ManualClock(1_000_000);
        SeenThrough seen = new SeenThrough(clock, Duration.ofMillis(50), 0);
        List<Receipts> sources = new ArrayList<>();
        List<ArrayDeque<Long>> notDurable = new ArrayList<>();
        for (int i = 0; i < SOURCES; i++) {
            sources.add(seen.register("s" + i));
            notDurable.add(new ArrayDeque<>());
        }
        long told = 0;
        for (Step step : steps) {
            apply(step, clock, sources.get(step.source), notDurable.get(step.source), told);
            long now = seen.now();
            assertThat(now).isGreaterThanOrEqualTo(told);
            notDurable.forEach(stamps -> assertThat(stamps).allMatch(stamp -> stamp >= now));
            told = now;
        }
    }

    private static void apply(Step step, ManualClock clock, Receipts source, ArrayDeque<Long> notDurable, long told) {
        switch (step.what) {
            case RECEIVE -> {
                long stamp = source.stamp();
                assertThat(stamp).as("nothing new lies before what was told").isGreaterThanOrEqualTo(told);
                notDurable.add(stamp);
            }
            case DURABLE -> {
                int count = Math.min(step.amount, notDurable.size());
                source.done(count);
                for (int i = 0; i < count; i++) {
                    notDurable.remove();
                }
            }
            case CONNECT -> source.connected();
            case DISCONNECT -> source.disconnected();
            case TICK -> clock.advance(step.amount * 10L);
            case CLOCK_STEPS_BACK -> clock.advance(-step.amount * 20L);
        }
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        return Combinators.combine(
                        Arbitraries.of(What.class),
                        Arbitraries.integers().between(0, SOURCES - 1),
                        Arbitraries.integers().between(0, 10))
                .as(Step::new)
                .list()
                .ofMaxSize(200);
    }
}
