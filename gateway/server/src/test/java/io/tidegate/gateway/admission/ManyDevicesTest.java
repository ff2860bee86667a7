package io.tidegate.gateway.admission;

import static io.tidegate.gateway.admission.KeyGroupFixture.reading;
import static io.tidegate.gateway.log.LogFixture.NOW_MS;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.gateway.Heap;
import io.tidegate.gateway.log.Presence;
import io.tidegate.gateway.log.PresenceState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** M12 of the fault catalogue: more device ids than anybody planned for, in a key group's share of them. */
class ManyDevicesTest {

    private static final int IDS = 200_000;
    private static final int MOST = 20_000;
    private static final int METRICS = 100;
    private static final int SMALL_MEMORY = 8 << 20;
    private final KeyGroupCounters counters = new KeyGroupCounters();
    private final Devices devices = devices(64 << 20);
    private final List<Presence> news = new ArrayList<>();

    @Test
    void two_hundred_thousand_ids_are_all_logged_and_only_the_limit_is_remembered() {
        for (int i = 0; i < IDS; i++) {
            assertThat(admit("id-" + i, 1, NOW_MS)).isTrue();
        }
        long untracked = counters.untracked();

        assertThat(counters.devices()).isEqualTo(MOST);
        assertThat(untracked).isEqualTo(IDS - MOST);
        assertThat(news).hasSize(MOST);
        assertThat(admit("id-0", 1, NOW_MS))
                .as("a tracked device is served as ever")
                .isFalse();
        assertThat(admit("id-" + (IDS - 1), 1, NOW_MS))
                .as("a duplicate in the overflow is kept")
                .isTrue();
        assertThat(counters.untracked()).isEqualTo(untracked + 1);
    }

    @Test
    void memory_is_bounded_by_the_limit_and_not_by_the_number_of_ids() {
        for (int i = 0; i < MOST; i++) {
            admit("id-" + i, 1, NOW_MS);
        }
        long atTheLimit = used();

        for (int i = MOST; i < 2 * IDS; i++) {
            admit("id-" + i, 1, NOW_MS);
        }

        // 380,000 more ids cost less than a tenth of what tracking them would; what is left over is noise of the heap.
        assertThat(used() - atTheLimit).isLessThan(8L << 20);
        assertThat(counters.devices()).isEqualTo(MOST);
    }

    @Test
    void devices_that_number_many_metrics_at_random_take_no_more_memory_than_they_may() {
        Random random = new Random(1);
        Devices limited = devices(SMALL_MEMORY);
        limited.admit(reading("first", "t", 1, NOW_MS, NOW_MS), news::add);
        long before = used();

        for (int device = 0; device < 500; device++) {
            for (int metric = 0; metric < METRICS; metric++) {
                for (int i = 0; i < 40; i++) {
                    limited.admit(
                            reading("device-" + device, "m" + metric, random.nextLong() >>> 1, NOW_MS, NOW_MS),
                            news::add);
                }
            }
        }

        assertThat(used() - before).isLessThan(SMALL_MEMORY + (4L << 20));
        assertThat(counters.devicesMemory()).isBetween(SMALL_MEMORY * 9L / 10, (long) SMALL_MEMORY);
        assertThat(counters.untracked()).isPositive();
        assertThat(limited.admit(reading("first", "t", 1, NOW_MS, NOW_MS), news::add))
                .as("who was there before is served as ever")
                .isFalse();
        assertThat(limited.admit(reading("first", "t", 2, NOW_MS, NOW_MS + 1), news::add))
                .isTrue();
        assertThat(limited.admit(reading("first", "t", 2, NOW_MS, NOW_MS + 1), news::add))
                .isFalse();
    }

    @Test
    void what_known_metrics_would_like_to_remember_leaves_room_for_new_devices() {
        Random random = new Random(1);
        Devices limited = devices(1 << 20);
        for (int i = 0; i < 100_000; i++) {
            limited.admit(reading("old-" + i % 300, "t", random.nextLong() >>> 1, NOW_MS, NOW_MS), news::add);
        }
        assertThat(counters.untracked()).isZero();

        assertThat(limited.admit(reading("new", "t", 1, NOW_MS, NOW_MS), news::add))
                .isTrue();
        assertThat(limited.admit(reading("new", "t", 1, NOW_MS, NOW_MS), news::add))
                .as("it is tracked")
                .isFalse();
    }

    @Test
    void memory_that_is_used_up_is_free_again_when_devices_age_out() {
        Devices limited = devices(1 << 20);
        for (int i = 0; i < MOST; i++) {
            limited.admit(reading("old-" + i, "t", 1, NOW_MS, NOW_MS), news::add);
        }
        long untracked = counters.untracked();
        int tracked = counters.devices();
        assertThat(tracked).isLessThan(MOST);
        assertThat(untracked)
                .as("there may be room for one more device, and not for its metric")
                .isBetween((long) MOST - tracked, MOST - tracked + 1L);
        limited.silentAt(NOW_MS + 10_000);

        for (int i = 0; i < MOST; i++) {
            limited.admit(reading("new-" + i, "t", 1, NOW_MS, NOW_MS + 3_600_000), news::add);
        }

        assertThat(counters.devicesForgotten()).isEqualTo(tracked);
        assertThat(counters.devices()).isEqualTo(tracked);
        assertThat(counters.devicesMemory()).isLessThanOrEqualTo(1 << 20);
    }

    @Test
    void the_overflow_is_not_for_ever_when_devices_age_out() {
        for (int i = 0; i < IDS; i++) {
            admit("burst-" + i, 1, NOW_MS);
        }
        assertThat(devices.silentAt(NOW_MS + 10_000)).hasSize(MOST);
        news.clear();

        assertThat(admit("new", 1, NOW_MS + 3_599_999)).isTrue();
        assertThat(news).as("nobody is away for an hour yet").isEmpty();
        assertThat(admit("new", 2, NOW_MS + 3_600_000)).isTrue();

        assertThat(news).extracting(Presence::state).containsExactly(PresenceState.FORGOTTEN, PresenceState.ONLINE);
        assertThat(admit("new", 2, NOW_MS + 3_600_001)).as("it is tracked").isFalse();
        for (int i = 0; i < 2 * MOST; i++) {
            admit("later-" + i, 1, NOW_MS + 3_600_002);
        }
        assertThat(counters.devices()).isEqualTo(MOST);
        assertThat(counters.devicesForgotten())
                .as("who is online is never put out")
                .isEqualTo(MOST);
        assertThat(admit("new", 2, NOW_MS + 3_600_003)).isFalse();
    }

    private Devices devices(int maxMemory) {
        KeyGroupSettings settings = new KeyGroupSettings(
                1,
                MOST,
                Duration.ofHours(1),
                METRICS,
                maxMemory,
                Duration.ofSeconds(10),
                Duration.ofSeconds(5),
                Duration.ofSeconds(30),
                Duration.ZERO);
        return new Devices(settings, counters, new SnapshotSchedule(0, SnapshotSchedule.Pace.of(1)));
    }

    private boolean admit(String device, long seq, long receivedMs) {
        return devices.admit(reading(device, "t", seq, NOW_MS, receivedMs), news::add);
    }

    private long used() {
        news.clear();
        return Heap.used();
    }
}
