package io.tidegate.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.gateway.decode.Decoded;
import io.tidegate.gateway.decode.Reason;
import io.tidegate.gateway.log.DeadLetter;
import io.tidegate.gateway.log.PresenceState;
import io.tidegate.gateway.log.Tally;
import io.tidegate.protocol.KeyGroups;
import io.tidegate.protocol.v1.Event;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchTest {

    private static final int KEY_GROUPS = 8;

    @Test
    void events_go_to_the_key_group_of_their_device() {
        Batch batch = new Batch("mqtt", KEY_GROUPS);
        for (String device : List.of("a", "b", "c", "a")) {
            batch.with(message(events(device)));
        }

        batch.parts()
                .forEach((keyGroup, parts) -> assertThat(parts)
                        .singleElement()
                        .satisfies(part -> assertThat(part.events())
                                .allMatch(event ->
                                        KeyGroups.of(event.getReading().getDevice(), KEY_GROUPS) == keyGroup)));
        assertThat(batch.parts().values().stream()
                        .mapToInt(parts -> parts.get(0).events().size())
                        .sum())
                .isEqualTo(4);
    }

    @Test
    void a_reading_behind_a_status_comes_behind_it() {
        Batch batch = new Batch("mqtt", 1);
        batch.with(message(events("d")))
                .with(message(new Decoded.Status("d", false)))
                .with(message(new Decoded.Status("d", true)))
                .with(message(events("d")));

        List<Batch.Part> parts = batch.parts().getOrDefault(0, List.of());

        assertThat(parts).hasSize(2);
        assertThat(parts.get(0).events()).hasSize(1);
        assertThat(parts.get(0).status())
                .extracting(presence -> presence.state())
                .containsExactly(PresenceState.OFFLINE, PresenceState.ONLINE);
        assertThat(parts.get(1).events()).hasSize(1);
        assertThat(parts.get(1).status()).isEmpty();
    }

    @Test
    void a_message_of_many_clients_goes_to_all_their_key_groups_and_its_bad_lines_to_the_dead_letters() {
        Batch batch = new Batch("http", KEY_GROUPS);
        List<String> clients = List.of("192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4");
        List<Event> events = clients.stream().map(BatchTest::request).toList();
        Decoded.Damaged damaged = new Decoded.Damaged(
                new Decoded.Rejected(Reason.INVALID_LINE, "weblog", "line 2"), 2, new byte[] {1, 2}, 70_000);

        batch.with(message(new Decoded.Events(events, List.of(damaged))));

        assertThat(batch.parts().values().stream()
                        .flatMap(List::stream)
                        .mapToInt(part -> part.events().size())
                        .sum())
                .isEqualTo(4);
        batch.parts()
                .forEach((keyGroup, parts) -> assertThat(parts.get(0).events())
                        .allMatch(event -> KeyGroups.of(event.getRequest().getClient(), KEY_GROUPS) == keyGroup));
        assertThat(batch.deadLetters())
                .containsExactly(
                        new DeadLetter(5, "http", "t", "invalid-line", "line 2", "weblog", new byte[] {1, 2}, 70_000));
        assertThat(batch.tallyBesideKeyGroups()).isEqualTo(Tally.ofDeadLetters(1));
    }

    private static Envelope<String> message(Decoded decoded) {
        return new Envelope<>("m", "t", 5, new byte[0], decoded, List.of());
    }

    private static Event request(String client) {
        Event.Builder event = Event.newBuilder();
        event.getRequestBuilder().setClient(client);
        return event.build();
    }

    private static Decoded events(String device) {
        Event.Builder event = Event.newBuilder();
        event.getReadingBuilder().setDevice(device);
        return new Decoded.Events(List.of(event.build()), List.of());
    }
}
