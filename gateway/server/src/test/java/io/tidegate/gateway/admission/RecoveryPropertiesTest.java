package io.tidegate.gateway.admission;

import static io.tidegate.gateway.admission.KeyGroupFixture.reading;
import static io.tidegate.gateway.log.LogFixture.NOW_MS;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.gateway.admission.SeenReadings.Verdict;
import io.tidegate.gateway.log.LogFixture;
import io.tidegate.gateway.log.LogStore;
import io.tidegate.gateway.log.RocksLogStore;
import io.tidegate.gateway.log.StateUpdate;
import io.tidegate.protocol.v1.Event;
import io.tidegate.protocol.v1.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/**
 * Devices, a network, a disk and a trimmed log that do what they like, against a model that keeps every logged reading with
 * its offset: after each start it remembers those that are retained and those that a durable snapshot was written behind.
 */
class RecoveryPropertiesTest {

    private static final KeyGroupSettings SETTINGS = new KeyGroupSettings(
            1,
            10,
            Duration.ofHours(1),
            3,
            64 << 20,
            Duration.ofSeconds(10),
            Duration.ofSeconds(5),
            Duration.ofSeconds(30),
            Duration.ZERO);
    private static final SnapshotSchedule.Pace PACE = new SnapshotSchedule.Pace(3_000, 1_000);
    private static final long REBOOT_US = 90_000_000;
    private static final int BATCH = 20;
    /** Its readings have no time of the device. */
    private static final String UNTIMED = "n";

    private static final List<String> METRICS = List.of("t", "u", UNTIMED);

    private enum What {
        SEND,
        LOSE,
        SEND_ONE_LATE,
        DELIVER_AGAIN,
        COUNT_ANEW,
        TICK,
        COMMIT,
        TRIM,
        CRASH,
        STOP
    }

    /** @param who which device and metric */
    private record Step(What what, int who, int amount) {}

    private record Logged(long offset, String device, String metric, Event event) {}

    @Property(tries = 30)
    void a_start_remembers_what_is_retained_and_what_snapshots_were_written_behind(@ForAll("steps") List<Step> steps)
            throws Exception {
        Path folder = Files.createTempDirectory("recovery");
        try (LogStore store = RocksLogStore.open(LogFixture.settings(folder), 1, "g1")) {
            new Run(store).play(steps);
        } finally {
            delete(folder);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<What> what = Arbitraries.frequency(
                Tuple.of(8, What.SEND),
                Tuple.of(1, What.LOSE),
                Tuple.of(2, What.SEND_ONE_LATE),
                Tuple.of(2, What.DELIVER_AGAIN),
                Tuple.of(1, What.COUNT_ANEW),
                Tuple.of(6, What.TICK),
                Tuple.of(3, What.COMMIT),
                Tuple.of(1, What.TRIM),
                Tuple.of(1, What.CRASH),
                Tuple.of(1, What.STOP));
        return Combinators.combine(
                        what,
                        Arbitraries.integers().between(0, 8),
                        Arbitraries.integers().between(0, 200))
                .as(Step::new)
                .list()
                .ofMaxSize(60);
    }

    /** What sends the readings of one device and metric. */
    private static final class Sender {
        private final String device;
        private final String metric;
        private final List<Event> sent = new ArrayList<>();
        private long seq;
        private long timeUs = NOW_MS * 1_000;

        private Sender(String device, String metric) {
            this.device = device;
            this.metric = metric;
        }

        private Event next() {
            Event event = reading(device, metric, seq, 0, NOW_MS).toBuilder()
                    .setTimeUs(timeUs)
                    .setTimeSource(metric.equals(UNTIMED) ? TimeSource.RECEIVED : TimeSource.DEVICE)
                    .build();
            pass(1);
            sent.add(event);
            return event;
        }

        private void pass(int count) {
            seq += count;
            timeUs += count * 1_000L * (seq % 3);
        }
    }

    private static final class Run {
        private final LogStore store;
        private final KeyGroupLife life;
        private final List<Sender> senders = new ArrayList<>();
        private final List<Logged> log = new ArrayList<>();
        private final Map<String, SeenReadings> reference = new HashMap<>();
        private final Set<Event> known = new HashSet<>();
        /** Nothing was ever forgotten: then the set alone says what a duplicate is. */
        private boolean whole = true;
        // Up to where the snapshots reach that were written, and that are durable.
        private final Map<String, Long> written = new HashMap<>();
        private final Map<String, Long> durable = new HashMap<>();

        private Run(LogStore store) {
            this.store = store;
            this.life = new KeyGroupLife(store, SETTINGS, PACE);
            for (int who = 0; who < 9; who++) {
                senders.add(new Sender("d" + who % 3, METRICS.get(who / 3)));
            }
        }

        private void play(List<Step> steps) {
            for (Step step : steps) {
                Sender sender = senders.get(step.who);
                switch (step.what) {
                    case SEND -> send(sender, step.amount);
                    case LOSE -> sender.pass(1 + step.amount % 3);
                    case SEND_ONE_LATE -> {
                        Event late = sender.next();
                        send(sender, 1 + step.amount % 20);
                        deliver(sender, List.of(late));
                    }
                    case DELIVER_AGAIN -> again(sender, step.amount);
                    case COUNT_ANEW -> {
                        sender.seq = step.amount % 4;
                        sender.timeUs += REBOOT_US;
                    }
                    case TICK -> tick();
                    case COMMIT -> commit();
                    case TRIM -> life.trim(step.amount * store.tail(0).next() / 200);
                    case CRASH -> restart();
                    case STOP -> {
                        commit();
                        restart();
                    }
                }
            }
            restart();
        }

        private void again(Sender sender, int amount) {
            int from = sender.sent.size() * Math.min(99, amount / 2) / 100;
            deliver(sender, List.copyOf(sender.sent.subList(from, sender.sent.size())));
        }

        private void send(Sender sender, int count) {
            deliver(sender, Stream.generate(sender::next).limit(count).toList());
        }

        private void deliver(Sender sender, List<Event> events) {
            for (int from = 0; from < events.size(); from += BATCH) {
                List<Event> batch = events.subList(from, Math.min(events.size(), from + BATCH));
                long offset = life.next();
                List<Boolean> isNew = life.admit(batch);
                for (int i = 0; i < batch.size(); i++) {
                    Event event = batch.get(i);
                    assertThat(isNew.get(i))
                            .as("%s at %d", event.getReading(), offset)
                            .isEqualTo(expected(sender, event));
                    if (isNew.get(i)) {
                        log.add(new Logged(offset, sender.device, sender.metric, event));
                        offset++;
                    }
                }
            }
        }

        /** Whether it is new. */
        private boolean expected(Sender sender, Event event) {
            SeenReadings remembered =
                    reference.computeIfAbsent(sender.device + sender.metric, key -> new SeenReadings());
            boolean isNew = remembered.look(ReadingIdentity.of(event)) != Verdict.DUPLICATE;
            if (whole && !sender.metric.equals(UNTIMED)) {
                assertThat(isNew).isEqualTo(!known.contains(event));
            }
            if (isNew) {
                remembered.remember(ReadingIdentity.of(event), KeyGroupFixture.ample());
                known.add(event);
            }
            return isNew;
        }

        private void tick() {
            String prefix = "keygroup/0/device/";
            for (StateUpdate update : life.tick()) {
                if (update.key().startsWith(prefix)) {
                    written.put(update.key().substring(prefix.length()), life.next());
                }
            }
        }

        private void commit() {
            life.commit();
            durable.putAll(written);
        }

        private void restart() {
            life.crash();
            written.clear();
            written.putAll(durable);
            log.removeIf(logged -> logged.offset >= store.tail(0).next());
            reference.clear();
            known.clear();
            for (Logged logged : log) {
                if (logged.offset >= store.oldest(0) || logged.offset < durable.getOrDefault(logged.device, 0L)) {
                    reference
                            .computeIfAbsent(logged.device + logged.metric, key -> new SeenReadings())
                            .remember(ReadingIdentity.of(logged.event), KeyGroupFixture.ample());
                    known.add(logged.event);
                } else {
                    whole = false;
                }
            }
            senders.forEach(sender -> again(sender, 0));
        }
    }
}
