package io.tidegate.gateway.admission;

import static io.tidegate.gateway.admission.KeyGroupFixture.reading;
import static io.tidegate.gateway.log.LogFixture.NOW_MS;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import io.tidegate.gateway.admission.SeenThrough.Receipts;
import io.tidegate.gateway.log.EventLog;
import io.tidegate.gateway.log.GroupCursors;
import io.tidegate.gateway.log.LogFixture;
import io.tidegate.gateway.log.LogStore;
import io.tidegate.gateway.log.Presence;
import io.tidegate.gateway.log.PresenceState;
import io.tidegate.gateway.log.RocksLogStore;
import io.tidegate.gateway.log.Tally;
import io.tidegate.protocol.v1.Chunk;
import io.tidegate.protocol.v1.Event;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyGroupTest {

    @TempDir
    private Path folder;

    private final ManualClock clock = new ManualClock(NOW_MS);
    private final List<Presence> presence = Collections.synchronizedList(new ArrayList<>());

    // One life of the process.
    private ActorTestKit kit;
    private LogStore store;
    private SeenThrough seen;
    private Receipts receipts;
    private KeyGroupCounters counters;
    private ActorRef<KeyGroup.Command> keyGroup;
    private TestProbe<EventLog.Durable> durable;

    @BeforeEach
    void start() throws Exception {
        kit = ActorTestKit.create();
        durable = kit.createTestProbe();
        store = RocksLogStore.open(LogFixture.settings(folder), 1, "g1");
        store.registerGroup("app");
        seen = new SeenThrough(clock, Duration.ZERO, store.receivedAtOpen());
        receipts = seen.register("mqtt");
        counters = new KeyGroupCounters();
        ActorRef<EventLog.Command> log = kit.spawn(EventLog.create(store, presence::addAll, clock));
        keyGroup = kit.spawn(KeyGroup.create(0, store, log, seen, KeyGroupFixture.settings(), counters));
    }

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
        store.close();
    }

    private void restart() throws Exception {
        stop();
        presence.clear();
        start();
    }

    @Test
    void events_get_offsets_in_their_order_and_chunks_say_so() {
        admit(reading("a", "t", 1, NOW_MS, NOW_MS), reading("b", "t", 1, NOW_MS, NOW_MS));
        admit(reading("a", "t", 2, NOW_MS, NOW_MS));

        List<Chunk> chunks = chunks();
        assertThat(chunks).extracting(Chunk::getFirstOffset).containsExactly(0L, 2L);
        assertThat(chunks).extracting(Chunk::getCount).containsExactly(2, 1);
        assertThat(chunks.get(0).getEvents(1).getReading().getDevice()).isEqualTo("b");
        assertThat(store.tail(0).watermarkMs()).isEqualTo(NOW_MS - 5_000);
    }

    @Test
    void a_duplicate_is_removed_and_tallied_across_a_restart_too() throws Exception {
        admit(reading("a", "t", 1, NOW_MS, NOW_MS));
        admit(reading("a", "t", 1, NOW_MS, NOW_MS + 1), reading("a", "t", 2, NOW_MS, NOW_MS + 1));
        assertThat(tally()).isEqualTo(new Tally(3, 2, 1, 0, 0, 0, 0));

        restart();
        admit(reading("a", "t", 2, NOW_MS, NOW_MS + 2), reading("a", "t", 3, NOW_MS, NOW_MS + 2));

        assertThat(tally()).isEqualTo(new Tally(5, 3, 2, 0, 0, 0, 0));
        assertThat(chunks().stream().flatMap(chunk -> chunk.getEventsList().stream()))
                .extracting(event -> event.getReading().getSeq())
                .containsExactly(1L, 2L, 3L);
    }

    @Test
    void the_same_number_of_another_metric_or_device_is_no_duplicate_and_without_number_nothing_is() {
        Event unnumbered = reading("a", "t", 0, NOW_MS, NOW_MS).toBuilder()
                .setReading(reading("a", "t", 0, 0, 0).getReading().toBuilder().clearSeq())
                .build();

        admit(
                reading("a", "t", 1, NOW_MS, NOW_MS),
                reading("a", "u", 1, NOW_MS, NOW_MS),
                reading("b", "t", 1, NOW_MS, NOW_MS),
                unnumbered,
                unnumbered);

        assertThat(tally().logged()).isEqualTo(5);
    }

    @Test
    void a_known_number_with_another_time_is_kept_and_counted_as_a_restart_of_the_sequence() {
        admit(reading("a", "t", 1, NOW_MS, NOW_MS));
        admit(reading("a", "t", 1, NOW_MS + 5, NOW_MS + 5));

        assertThat(tally().logged()).isEqualTo(2);
        assertThat(counters.sequenceRestarts()).isEqualTo(1);
    }

    @Test
    void devices_above_the_limit_are_logged_without_being_tracked() {
        admit(
                reading("a", "t", 1, NOW_MS, NOW_MS),
                reading("b", "t", 1, NOW_MS, NOW_MS),
                reading("c", "t", 1, NOW_MS, NOW_MS),
                reading("c", "t", 1, NOW_MS, NOW_MS));

        assertThat(tally()).isEqualTo(new Tally(4, 4, 0, 0, 0, 0, 0));
        assertThat(counters.untracked()).isEqualTo(2);
        assertThat(counters.devices()).isEqualTo(2);
        assertThat(store.presence()).extracting(Presence::device).containsExactly("a", "b");
    }

    @Test
    void a_device_that_is_away_makes_room_for_a_new_one_and_is_a_stranger_when_it_returns() throws Exception {
        admit(reading("a", "t", 1, NOW_MS, NOW_MS), reading("b", "t", 1, NOW_MS, NOW_MS));
        tell(new Presence("a", PresenceState.OFFLINE, NOW_MS + 1, "status"));
        admit(reading("c", "t", 1, NOW_MS, NOW_MS + 60_000));
        assertThat(counters.untracked())
                .as("a was heard of less than a minute ago")
                .isEqualTo(1);

        admit(reading("c", "t", 2, NOW_MS, NOW_MS + 60_001), reading("c", "t", 2, NOW_MS, NOW_MS + 60_001));

        assertThat(tally().duplicate()).isEqualTo(1);
        assertThat(counters.devices()).isEqualTo(2);
        assertThat(counters.devicesForgotten()).isEqualTo(1);
        assertThat(store.presence()).extracting(Presence::device).containsExactly("b", "c");
        assertThat(presence).extracting(Presence::state).doesNotContain(PresenceState.FORGOTTEN);
        restart();
        admit(reading("a", "t", 1, NOW_MS, NOW_MS + 60_002));
        assertThat(counters.untracked()).as("b and c are online").isEqualTo(1);
        assertThat(tally().residual()).isZero();
    }

    @Test
    void metrics_above_the_limit_are_logged_without_being_remembered() {
        for (String metric : List.of("t", "u", "v", "w", "w")) {
            admit(reading("a", metric, 1, NOW_MS, NOW_MS));
        }

        assertThat(tally().logged()).isEqualTo(5);
        assertThat(counters.untracked()).isEqualTo(2);
    }

    @Test
    void a_reading_puts_a_device_online_and_its_status_puts_it_offline() {
        admit(reading("a", "t", 1, NOW_MS, NOW_MS));
        admit(reading("a", "t", 2, NOW_MS, NOW_MS + 1));
        tell(new Presence("a", PresenceState.OFFLINE, NOW_MS + 2, "status"));
        tell(new Presence("a", PresenceState.OFFLINE, NOW_MS + 3, "status"));
        admit(reading("a", "t", 3, NOW_MS, NOW_MS + 4));

        assertThat(presence)
                .containsExactly(
                        new Presence("a", PresenceState.ONLINE, NOW_MS, "reading"),
                        new Presence("a", PresenceState.OFFLINE, NOW_MS + 2, "status"),
                        new Presence("a", PresenceState.ONLINE, NOW_MS + 4, "reading"));
        assertThat(tally()).isEqualTo(new Tally(5, 3, 0, 0, 0, 2, 0));
    }

    @Test
    void a_device_that_stops_becomes_silent_and_its_next_reading_brings_it_back() {
        receipts.connected();
        admit(reading("a", "t", 1, NOW_MS, NOW_MS), reading("b", "t", 1, NOW_MS, NOW_MS));
        clock.advance(9_000);
        admit(reading("b", "t", 2, NOW_MS, NOW_MS + 9_000));
        presence.clear();

        clock.advance(1_000);

        awaitPresence(new Presence("a", PresenceState.SILENT, NOW_MS + 10_000, "no reading for 10s"));
        assertThat(store.presence())
                .extracting(Presence::state)
                .containsExactly(PresenceState.SILENT, PresenceState.ONLINE);
        admit(reading("a", "t", 2, NOW_MS, NOW_MS + 10_001));
        assertThat(presence).last().isEqualTo(new Presence("a", PresenceState.ONLINE, NOW_MS + 10_001, "reading"));
    }

    @Test
    void nobody_becomes_silent_while_the_source_is_away_or_after_a_restart_before_it_is_back() throws Exception {
        receipts.connected();
        admit(reading("a", "t", 1, NOW_MS, NOW_MS));
        receipts.disconnected();
        presence.clear();
        clock.advance(3_600_000);
        Awaitility.await().during(Duration.ofMillis(700)).until(presence::isEmpty);

        restart();
        Awaitility.await().during(Duration.ofMillis(700)).until(presence::isEmpty);
        receipts.connected();

        awaitPresence(new Presence("a", PresenceState.SILENT, NOW_MS + 10_000, "no reading for 10s"));
    }

    @Test
    void a_big_batch_becomes_several_chunks_and_is_answered_once() {
        String text = "x".repeat(50_000);
        List<Event> events = LongStream.range(0, 20)
                .mapToObj(seq -> {
                    Event event = reading("a", "t", seq, NOW_MS, NOW_MS);
                    return event.toBuilder()
                            .setReading(event.getReading().toBuilder().setText(text))
                            .build();
                })
                .toList();

        admit(events.toArray(Event[]::new));

        durable.expectNoMessage(Duration.ofMillis(50));
        assertThat(chunks()).hasSizeGreaterThan(2).allMatch(chunk -> chunk.getSerializedSize() < 400_000);
        assertThat(store.tail(0).next()).isEqualTo(20);
        assertThat(tally()).isEqualTo(new Tally(20, 20, 0, 0, 0, 0, 0));
    }

    @Test
    void readings_that_were_trimmed_are_known_after_a_restart_too() throws Exception {
        admit(reading("a", "t", 1, NOW_MS - 9, NOW_MS - 9));
        admit(reading("a", "t", 2, NOW_MS - 8, NOW_MS - 8));
        store.saveGroup(new GroupCursors("app", "", 0, List.of(2L), List.of(2L)), true);
        Awaitility.await().until(() -> store.oldest(0) == 1);
        Awaitility.await().until(() -> !store.state("keygroup/0/device/a").isEmpty());

        restart();
        admit(reading("a", "t", 1, NOW_MS - 9, NOW_MS), reading("a", "t", 3, NOW_MS, NOW_MS));

        assertThat(tally()).isEqualTo(new Tally(4, 3, 1, 0, 0, 0, 0));
    }

    private void admit(Event... events) {
        keyGroup.tell(new KeyGroup.Admit("mqtt", List.of(events), List.of(), Optional.empty(), durable.getRef()));
        durable.receiveMessage();
    }

    private void tell(Presence status) {
        keyGroup.tell(new KeyGroup.Admit("mqtt", List.of(), List.of(status), Optional.empty(), durable.getRef()));
        durable.receiveMessage();
    }

    private Tally tally() {
        return store.ledger().sources().getOrDefault("mqtt", Tally.ZERO);
    }

    private List<Chunk> chunks() {
        List<Chunk> chunks = new ArrayList<>();
        store.scan(0, 0, chunks::add);
        return chunks;
    }

    private void awaitPresence(Presence expected) {
        Awaitility.await().untilAsserted(() -> assertThat(presence).containsExactly(expected));
    }
}
