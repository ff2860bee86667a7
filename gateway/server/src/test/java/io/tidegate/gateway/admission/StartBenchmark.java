package io.tidegate.gateway.admission;

import static io.tidegate.gateway.log.LogFixture.NOW_MS;

import io.tidegate.gateway.log.LogFixture;
import io.tidegate.gateway.log.LogSettings;
import io.tidegate.gateway.log.LogStore;
import io.tidegate.gateway.log.LogWrite;
import io.tidegate.gateway.log.PendingChunk;
import io.tidegate.gateway.log.Presence;
import io.tidegate.gateway.log.RocksLogStore;
import io.tidegate.gateway.log.StateUpdate;
import io.tidegate.protocol.KeyGroups;
import io.tidegate.protocol.v1.Chunk;
import io.tidegate.protocol.v1.Event;
import io.tidegate.protocol.v1.Reading;
import io.tidegate.protocol.v1.TimeSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How long a start takes with about 2 GiB of retained readings, of 20,000 devices in 8 key groups, until every key group is
 * recovered: with the snapshots of devices that were written while the log was, without them, and of an empty log. Run by
 * hand, by no build, and asserts nothing. Snapshots are written once for each commit here, and there are about as many
 * commits as a gateway at 20,000 readings/s has ticks. The process does not end between the starts: what the disk holds
 * is cached for all of them.
 *
 * <pre>./mvnw test -pl gateway/server -am -Dtest=StartBenchmark -Dsurefire.failIfNoSpecifiedTests=false \
 *     -Dtidegate.start=2048
 * cat gateway/server/target/surefire-reports/*StartBenchmark-output.txt</pre>
 */
class StartBenchmark {

    private static final int KEY_GROUPS = 8;
    private static final int DEVICES = 20_000;
    private static final int COMMIT = 10_000;
    private static final long MIB = Integer.getInteger("tidegate.start", 2048);
    private static final KeyGroupSettings SETTINGS = new KeyGroupSettings(
            KEY_GROUPS,
            200_000,
            Duration.ofHours(1),
            256,
            64 << 20,
            Duration.ofMinutes(5),
            Duration.ofSeconds(5),
            Duration.ofSeconds(30),
            Duration.ZERO);

    private final Devices[] devices = new Devices[KEY_GROUPS];
    private final long[] next = new long[KEY_GROUPS];
    private long snapshotBytes;

    @Test
    void measure(@TempDir Path folder, @TempDir Path empty) throws Exception {
        start("empty log", empty);
        write(folder);
        for (int round = 0; round < 2; round++) {
            start("with snapshots", folder);
        }
        try (LogStore store = RocksLogStore.open(settings(folder), KEY_GROUPS, "g1")) {
            List<StateUpdate> gone = store.state("keygroup/").keySet().stream()
                    .map(rest -> new StateUpdate("keygroup/" + rest, null))
                    .toList();
            LogFixture.commit(store, List.of(LogFixture.append(Optional.empty(), List.of(), gone)));
        }
        for (int round = 0; round < 2; round++) {
            start("without snapshots", folder);
        }
    }

    private void write(Path folder) throws Exception {
        for (int keyGroup = 0; keyGroup < KEY_GROUPS; keyGroup++) {
            devices[keyGroup] = new Devices(
                    SETTINGS,
                    new KeyGroupCounters(),
                    new SnapshotSchedule(keyGroup, SnapshotSchedule.Pace.of(KEY_GROUPS)));
        }
        try (LogStore store = RocksLogStore.open(settings(folder), KEY_GROUPS, "g1")) {
            store.registerGroup("app");
            long begin = System.nanoTime();
            long events = 0;
            while (store.bytes() < MIB << 20) {
                commit(store, events);
                events += COMMIT;
            }
            System.out.printf(
                    Locale.ROOT,
                    "%,d readings, %,d MiB of events, %,d MiB of snapshots were written to keep %,d MiB (%.0f s)%n",
                    events,
                    store.bytes() >> 20,
                    snapshotBytes >> 20,
                    store.state("keygroup/").values().stream()
                                    .mapToLong(value -> value.length)
                                    .sum()
                            >> 20,
                    (System.nanoTime() - begin) / 1e9);
        }
    }

    private void commit(LogStore store, long from) {
        List<List<Event>> events = new ArrayList<>();
        for (int keyGroup = 0; keyGroup < KEY_GROUPS; keyGroup++) {
            events.add(new ArrayList<>());
        }
        for (long n = from; n < from + COMMIT; n++) {
            Event event = event(n);
            events.get(KeyGroups.of(event.getReading().getDevice(), KEY_GROUPS)).add(event);
        }
        List<LogWrite> commit = new ArrayList<>();
        for (int keyGroup = 0; keyGroup < KEY_GROUPS; keyGroup++) {
            SnapshotSchedule snapshots = devices[keyGroup].snapshots();
            snapshots.at(next[keyGroup]);
            List<Presence> news = new ArrayList<>();
            for (Event event : events.get(keyGroup)) {
                devices[keyGroup].admit(event, news::add);
            }
            PendingChunk chunk = chunk(keyGroup, events.get(keyGroup));
            snapshots.logged(chunk.bytes().size());
            next[keyGroup] = chunk.next();
            snapshots.at(next[keyGroup]);
            commit.add(LogFixture.append(Optional.of(chunk), news, List.of()));
            List<StateUpdate> due = snapshots.due(store.oldest(keyGroup));
            for (StateUpdate update : due) {
                byte[] value = update.value();
                snapshotBytes += value == null ? 0 : value.length;
            }
            commit.add(LogFixture.append(Optional.empty(), List.of(), due));
        }
        LogFixture.commit(store, commit);
    }

    private PendingChunk chunk(int keyGroup, List<Event> events) {
        Chunk chunk = Chunk.newBuilder()
                .setKeyGroup(keyGroup)
                .setFirstOffset(next[keyGroup])
                .setCount(events.size())
                .addAllEvents(events)
                .build();
        long receivedMs = events.get(events.size() - 1).getReceivedMs();
        return new PendingChunk(keyGroup, next[keyGroup], events.size(), receivedMs, receivedMs, chunk.toByteString());
    }

    private static Event event(long n) {
        long timeMs = NOW_MS + n / 20;
        return Event.newBuilder()
                .setTimeUs(timeMs * 1_000 + n % 997)
                .setReceivedMs(timeMs)
                .setTimeSource(TimeSource.DEVICE)
                .setReading(Reading.newBuilder()
                        .setDevice("plant-7/sensor-" + n % DEVICES)
                        .setMetric("temperature")
                        .setValue(n * 0.37 % 90)
                        .setUnit("celsius")
                        .setSeq(n / DEVICES))
                .build();
    }

    private static void start(String what, Path folder) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        long begin = System.nanoTime();
        try (LogStore store = RocksLogStore.open(settings(folder), KEY_GROUPS, "g1")) {
            double open = (System.nanoTime() - begin) / 1e9;
            KeyGroupCounters counters = new KeyGroupCounters();
            List<Future<Recovery>> recoveries = new ArrayList<>();
            for (int i = 0; i < KEY_GROUPS; i++) {
                int keyGroup = i;
                recoveries.add(threads.submit(() -> Recovery.run(keyGroup, store, SETTINGS, counters)));
            }
            long chunks = 0;
            for (Future<Recovery> recovery : recoveries) {
                chunks += recovery.get().chunksRead();
            }
            System.out.printf(
                    Locale.ROOT,
                    "%-18s %6.2f s, of it %5.2f s to open; %,d chunks read, %,d devices%n",
                    what,
                    (System.nanoTime() - begin) / 1e9,
                    open,
                    chunks,
                    counters.devices());
        } finally {
            threads.shutdown();
        }
    }

    private static LogSettings settings(Path folder) {
        return new LogSettings(
                folder,
                8L << 30,
                LogSettings.WhenFull.HOLD,
                0,
                Duration.ofHours(1),
                Duration.ZERO,
                Duration.ofSeconds(5),
                1_000,
                Duration.ofDays(30));
    }
}
