package io.tidegate.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.gateway.admission.SeenReadings.Verdict;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;

/**
 * A device and a network that do what they like, against a model that remembers every reading: nothing new is ever taken
 * for a duplicate, and whatever is delivered again, however much later, is one.
 */
class SeenReadingsPropertiesTest {

    private static final long REBOOT_US = 90_000_000;

    private enum What {
        SEND,
        LOSE,
        SEND_ONE_LATE,
        DELIVER_AGAIN,
        COUNT_ANEW,
        RESTART_THE_GATEWAY
    }

    /** @param amount how many readings, or which part of what was delivered, in percent */
    private record Step(What what, int amount) {}

    private record Sent(long seq, long time) {}

    @Property(tries = 400)
    void what_is_new_is_kept_and_what_comes_again_is_not(@ForAll("steps") List<Step> steps) {
        new Run(KeyGroupFixture.ample(), true).play(steps);
    }

    @Property(tries = 400)
    void with_little_memory_what_is_new_is_kept_all_the_same(
            @ForAll("steps") List<Step> steps, @ForAll @IntRange(max = 2_000) int bytes) {
        new Run(new MemoryBudget(bytes, by -> {}), false).play(steps);
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<What> what = Arbitraries.frequency(
                Tuple.of(6, What.SEND),
                Tuple.of(2, What.LOSE),
                Tuple.of(2, What.SEND_ONE_LATE),
                Tuple.of(3, What.DELIVER_AGAIN),
                Tuple.of(1, What.COUNT_ANEW),
                Tuple.of(1, What.RESTART_THE_GATEWAY));
        return Combinators.combine(what, Arbitraries.integers().between(0, 300))
                .as(Step::new)
                .list()
                .ofMaxSize(40);
    }

    private static final class Run {
        private final List<Sent> log = new ArrayList<>();
        private final Set<Sent> known = new HashSet<>();
        private final MemoryBudget memory;
        private final boolean isAmple;
        private SeenReadings remembered = new SeenReadings();
        private long seq;
        private long time = 1_000;

        private Run(MemoryBudget memory, boolean isAmple) {
            this.memory = memory;
            this.isAmple = isAmple;
        }

        private void play(List<Step> steps) {
            for (Step step : steps) {
                switch (step.what) {
                    case SEND -> send(step.amount);
                    case LOSE -> next(1 + step.amount % 3);
                    case SEND_ONE_LATE -> {
                        Sent late = new Sent(seq, time);
                        next(1);
                        send(1 + step.amount % 20);
                        deliver(late);
                    }
                    case DELIVER_AGAIN -> {
                        int from = log.size() * Math.min(99, step.amount / 3) / 100;
                        List.copyOf(log.subList(from, log.size())).forEach(this::deliver);
                    }
                    case COUNT_ANEW -> {
                        seq = step.amount % 4;
                        time += REBOOT_US;
                    }
                    case RESTART_THE_GATEWAY -> {
                        memory.giveBack(remembered.bytes() - new SeenReadings().bytes());
                        remembered = new SeenReadings();
                        log.forEach(sent -> remembered.remember(identity(sent), memory));
                    }
                }
            }
        }

        private void send(int count) {
            for (int i = 0; i < count; i++) {
                deliver(new Sent(seq, time));
                next(1);
            }
        }

        private void next(int count) {
            seq += count;
            // Now and then two readings have the same time.
            time += count * 1_000L * (seq % 3);
        }

        private void deliver(Sent sent) {
            Verdict action = remembered.look(identity(sent));
            if (isAmple || !known.contains(sent)) {
                assertThat(action == Verdict.DUPLICATE)
                        .as("%s behind %d others", sent, log.size())
                        .isEqualTo(known.contains(sent));
            }
            if (known.add(sent)) {
                log.add(sent);
                remembered.remember(identity(sent), memory);
            }
        }

        private static ReadingIdentity identity(Sent sent) {
            return new ReadingIdentity(sent.seq, true, sent.time, 0);
        }
    }
}
