package io.tidegate.gateway.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.gateway.FakeBroker;
import io.tidegate.gateway.decode.Decoded;
import io.tidegate.gateway.log.PresenceState;
import io.tidegate.mqtt.MqttConnection;
import io.tidegate.mqtt.MqttDelivery;
import io.tidegate.mqtt.MqttEndpoint;
import io.tidegate.mqtt.MqttListener;
import io.tidegate.protocol.KeyGroups;
import io.tidegate.protocol.v1.Event;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchTest {

    private static final int KEY_GROUPS = 8;

    private final MqttConnection connection = new FakeBroker()
            .connect(MqttEndpoint.ingest(URI.create("tcp://localhost:1883"), "x"), new MqttListener() {
                @Override
                public void received(MqttConnection from, MqttDelivery delivery) {}

                @Override
                public void lost(String reason, int reasonCode) {}
            })
            .join();

    @Test
    void events_go_to_the_key_group_of_their_device() {
        Batch batch = new Batch("mqtt", KEY_GROUPS);
        for (String device : List.of("a", "b", "c", "a")) {
            batch.with(message(), events(device));
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
        batch.with(message(), events("d"))
                .with(message(), new Decoded.Status("d", false))
                .with(message(), new Decoded.Status("d", true))
                .with(message(), events("d"));

        List<Batch.Part> parts = batch.parts().getOrDefault(0, List.of());

        assertThat(parts).hasSize(2);
        assertThat(parts.get(0).events()).hasSize(1);
        assertThat(parts.get(0).status())
                .extracting(presence -> presence.state())
                .containsExactly(PresenceState.OFFLINE, PresenceState.ONLINE);
        assertThat(parts.get(1).events()).hasSize(1);
        assertThat(parts.get(1).status()).isEmpty();
    }

    private Received message() {
        return new Received(connection, new MqttDelivery("t", new byte[0], 1, false, false, 1, 0), 5);
    }

    private static Decoded events(String device) {
        Event.Builder event = Event.newBuilder();
        event.getReadingBuilder().setDevice(device);
        return new Decoded.Events(device, List.of(event.build()));
    }
}
