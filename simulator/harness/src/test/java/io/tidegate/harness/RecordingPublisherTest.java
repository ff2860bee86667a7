package io.tidegate.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidegate.junit.Seed;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A witness that is to be believed, tried itself. */
final class RecordingPublisherTest {

    private static final RecordingPublisher.Plan PLAN = new RecordingPublisher.Plan("p", 3, 500);

    @Test
    void what_the_broker_refuses_or_never_answers_is_sent_again_and_only_a_yes_counts() {
        try (ScriptedBroker broker = ScriptedBroker.start();
                RecordingPublisher publisher = RecordingPublisher.start(broker.port(), PLAN, new Seed(1))) {
            await().until(() -> publisher.acknowledged().size() > 20);
            broker.withholdPubacks(true);
            await().until(() ->
                    publisher.sent().size() > publisher.acknowledged().size() + 20);
            broker.cut();
            broker.withholdPubacks(false);
            broker.puback(publish -> publish.packetId() % 5 == 0 ? 0x97 : 0);
            await().until(() -> publisher.acknowledged().size() > 100);
            publisher.finish();
            broker.puback(publish -> 0);
            await().until(publisher::isDrained);

            List<SentReading> acknowledged = publisher.acknowledged();
            assertThat(acknowledged).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(publisher.sent());
        }
    }

    @Test
    void the_checker_names_what_is_lost_made_up_repeated_and_out_of_order() {
        SentReading first = new SentReading("d", "m", 1, 10, 1);
        SentReading second = new SentReading("d", "m", 2, 20, 2);
        SentReading third = new SentReading("d", "m", 3, 30, 3);
        SentReading stranger = new SentReading("x", "m", 1, 10, 1);

        DeliveryCheck found = DeliveryCheck.compare(
                List.of(first, second, third), List.of(first, second, third), List.of(second, first, second, stranger));

        assertThat(found.lost()).containsExactly(third);
        assertThat(found.phantom()).containsExactly(stranger);
        assertThat(found.duplicates()).containsExactly(second);
        assertThat(found.outOfOrder()).containsExactly(first);
    }
}
