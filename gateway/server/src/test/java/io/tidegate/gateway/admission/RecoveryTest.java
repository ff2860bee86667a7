package io.tidegate.gateway.admission;

import static io.tidegate.gateway.admission.KeyGroupFixture.reading;
import static io.tidegate.gateway.log.LogFixture.NOW_MS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.gateway.log.LogFixture;
import io.tidegate.gateway.log.LogStore;
import io.tidegate.gateway.log.RocksLogStore;
import io.tidegate.gateway.log.StateUpdate;
import io.tidegate.protocol.v1.Event;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecoveryTest {

    private static final String SNAPSHOTS = "keygroup/0/";
    private static final int DEVICES = 20;
    private static final int BEHIND = 20_000;
    private static final KeyGroupSettings SETTINGS = new KeyGroupSettings(
            1,
            DEVICES,
            Duration.ofSeconds(60),
            3,
            64 << 20,
            Duration.ofSeconds(10),
            Duration.ofSeconds(5),
            Duration.ofSeconds(30),
            Duration.ZERO);

    @TempDir
    private Path folder;

    private LogStore store;
    private KeyGroupLife life;
    private long seq;
    private long written;

    @BeforeEach
    void open() throws Exception {
        store = RocksLogStore.open(LogFixture.settings(folder), 1, "g1");
        life = new KeyGroupLife(store, SETTINGS, new SnapshotSchedule.Pace(BEHIND, 4_000));
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void a_start_reads_a_bounded_part_of_the_log_however_much_is_retained() {
        rounds(500);
        life.crash();
        assertThat(life.chunksRead()).isPositive().isLessThanOrEqualTo(bound());

        rounds(1_500);
        life.crash();

        assertThat(life.chunksRead()).isPositive().isLessThanOrEqualTo(bound());
        assertThat(bound()).isLessThan(2_000 / 8);
        assertAllAreKnown();
    }

    /** In chunks: what has to lie behind a change, two bytes for each byte of all snapshots, and a round of the devices. */
    private long bound() {
        long chunks = seq / 10;
        long snapshotBytes =
                state().values().stream().mapToLong(value -> value.length).sum();
        return (BEHIND + 2 * snapshotBytes) * chunks / store.bytes() + DEVICES;
    }

    @Test
    void snapshots_are_no_more_than_half_as_many_bytes_as_events_and_one_more() {
        rounds(1_000);

        long greatest =
                state().values().stream().mapToLong(value -> value.length).max().orElseThrow();
        assertThat(written).isPositive().isLessThanOrEqualTo(store.bytes() / 2 + greatest + 100);
    }

    @Test
    void a_log_without_snapshots_is_read_as_a_whole_and_has_them_soon_after() {
        rounds(500);
        note(state().keySet().stream()
                .map(rest -> new StateUpdate(SNAPSHOTS + rest, null))
                .toList());

        life.crash();
        assertThat(life.chunksRead()).isEqualTo(500);
        assertAllAreKnown();
        ticks();
        life.crash();

        assertThat(life.chunksRead()).isLessThan(250);
        assertAllAreKnown();
    }

    @ParameterizedTest
    @ValueSource(strings = {"device/d3", "head"})
    void what_is_damaged_or_of_a_format_to_come_is_read_from_the_whole_log_and_written_anew(String rest) {
        rounds(500);
        byte[] sound = Optional.ofNullable(state().get(rest)).orElseThrow();
        byte[] newer = sound.clone();
        newer[0]++;
        byte[] flipped = sound.clone();
        flipped[sound.length / 2] = (byte) ~sound[sound.length / 2];
        for (byte[] damaged : List.of(new byte[0], new byte[] {1}, newer, flipped)) {
            note(List.of(new StateUpdate(SNAPSHOTS + rest, damaged)));

            life.crash();
            assertThat(life.chunksRead()).isEqualTo(500);
            assertAllAreKnown();
            ticks();
            life.crash();

            assertThat(life.chunksRead()).isLessThan(250);
            assertAllAreKnown();
        }
    }

    @Test
    void a_snapshot_of_nothing_that_is_known_is_removed() {
        note(List.of(
                new StateUpdate(SNAPSHOTS + "device/gone", new byte[] {9}),
                new StateUpdate(SNAPSHOTS + "other", new byte[1])));

        life.crash();
        ticks();

        assertThat(state()).containsOnlyKeys("head");
    }

    @Test
    void a_snapshot_of_which_any_byte_is_changed_is_not_taken_for_sound() {
        rounds(300);
        byte[] sound = Optional.ofNullable(state().get("device/d0")).orElseThrow();
        for (int i = 0; i < sound.length; i++) {
            byte[] changed = sound.clone();
            changed[i] = (byte) (changed[i] ^ (1 << (i % 8)));
            assertThatThrownBy(() -> DeviceSnapshot.decode(changed))
                    .as("byte %d", i)
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void a_device_that_is_forgotten_leaves_no_snapshot_and_is_a_stranger_after_a_start() {
        rounds(500);
        assertThat(state()).containsKey("device/d0");
        // d0 leaves, the others go on, and a new one takes its room.
        life.silence(NOW_MS + 3_600_000);
        life.admit(List.of(reading("new", "t", 1, NOW_MS, NOW_MS + 3_600_000)));
        life.commit();

        assertThat(state().keySet().stream().filter(rest -> rest.startsWith("device/")))
                .hasSize(DEVICES - 1);
        life.crash();
        assertThat(life.admit(List.of(reading("new", "t", 1, NOW_MS, NOW_MS + 3_600_001))))
                .as("it is tracked")
                .containsExactly(false);
    }

    @Test
    void a_snapshot_has_a_bound_however_the_device_numbers_its_readings() throws Exception {
        Random random = new Random(1);
        SeenReadings worst = new SeenReadings();
        for (int i = 0; i < 1_000; i++) {
            worst.remember(
                    new ReadingIdentity(random.nextLong(), i % 2 == 0, random.nextLong(), random.nextLong() >>> 1),
                    KeyGroupFixture.ample());
        }

        byte[] encoded = new DeviceSnapshot(7, 8, Map.of("t", worst)).encoded();

        assertThat(encoded.length).isLessThan(11 << 10);
        assertThat(DeviceSnapshot.decode(encoded).encoded()).isEqualTo(encoded);
    }

    /** One chunk each, of ten readings of one device after the other. */
    private void rounds(int count) {
        for (int round = 0; round < count; round++) {
            List<Event> events = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                events.add(event(seq++));
            }
            assertThat(life.admit(events)).doesNotContain(false);
            tick();
            if (round % 25 == 24) {
                life.commit();
            }
        }
    }

    /** As long as there is something to write. */
    private void ticks() {
        while (tick()) {
            life.commit();
        }
    }

    private boolean tick() {
        List<StateUpdate> state = life.tick();
        written += state.stream()
                .filter(update -> !update.key().endsWith("head"))
                .mapToLong(update -> update.value() == null ? 0 : update.value().length)
                .sum();
        return !state.isEmpty();
    }

    /** Ten readings of a device stand together. */
    private static Event event(long n) {
        return reading("d" + n / 10 % DEVICES, "t", n / 10 / DEVICES * 10 + n % 10, NOW_MS + n, NOW_MS);
    }

    private void assertAllAreKnown() {
        for (long n = 0; n < seq; n++) {
            assertThat(life.admit(List.of(event(n)))).as("%d", n).containsExactly(false);
        }
        life.commit();
    }

    private Map<String, byte[]> state() {
        return store.state(SNAPSHOTS);
    }

    private void note(List<StateUpdate> state) {
        LogFixture.commit(store, List.of(LogFixture.append(Optional.empty(), List.of(), state)));
    }
}
