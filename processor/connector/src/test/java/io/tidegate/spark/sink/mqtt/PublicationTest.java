package io.tidegate.spark.sink.mqtt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.harness.FreePort;
import io.tidegate.mqtt.MqttEndpoint;
import io.tidegate.mqtt.MqttTransport;
import io.tidegate.mqtt.ReconnectingPublisher;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Publishing to a broker that is not there, and connections that nobody uses. */
class PublicationTest {

    private static final MqttMessage MESSAGE = new MqttMessage("t", "m".getBytes(UTF_8), false);

    @AfterEach
    void close() {
        MqttResults.closeAll();
    }

    @Test
    void a_broker_that_does_not_answer_fails_the_publication_and_the_next_one_begins_with_a_new_connection()
            throws Exception {
        MqttTarget nobody = new MqttTarget(nowhere(), "nobody", null, null, 1);

        for (int i = 0; i < 2; i++) { // the second would wait for room in the outbox of the first
            try (Publication publication = MqttResults.begin(nobody, Duration.ofMillis(50))) {
                publication.add(MESSAGE);
                assertThatThrownBy(publication::await)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("no acknowledgement within");
            }
        }
    }

    @Test
    void a_connection_that_nobody_uses_ends_after_a_minute_and_one_in_use_stays() throws Exception {
        PublisherPool shared = new PublisherPool(PublicationTest::start);
        MqttTarget used = MqttTarget.of(nowhere(), "used");
        MqttTarget left = MqttTarget.of(nowhere(), "left");
        ReconnectingPublisher inUse = shared.use(used);
        shared.giveBack(left, shared.use(left));
        assertThat(shared.use(used)).isSameAs(inUse);

        shared.endIdle(System.nanoTime() + TimeUnit.SECONDS.toNanos(61));

        assertThat(shared.peek(left)).isNull();
        assertThat(shared.peek(used)).isSameAs(inUse);
        shared.endAll();
    }

    private static ReconnectingPublisher start(MqttTarget target) {
        return ReconnectingPublisher.start(
                MqttTransport.paho(),
                MqttEndpoint.results(target.broker(), target.clientId()),
                ReconnectingPublisher.Settings.withCapacity(1));
    }

    private static URI nowhere() throws IOException {
        return URI.create("tcp://127.0.0.1:" + FreePort.next());
    }
}
