package io.tidegate.simulator.scenario;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.simulator.fleet.Publisher;
import io.tidegate.simulator.fleet.VirtualClock;
import io.tidegate.simulator.scenario.Step.Publish;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class ScenarioRunTest {
    private static final List<Step> STEPS = List.of(
            message("d-1", "a"), new Step.Barrier(0), message("d-1", "b"), new Step.Reconnect(0), message("d-1", "c"));

    private final List<String> events = new ArrayList<>();
    private int opened;

    @Test
    void steps_are_taken_in_order_and_the_connections_opened_anew_on_the_way() throws Exception {
        ScenarioRun run = new ScenarioRun(() -> List.of(publisher()), sent -> events.add("settle " + sent));

        ScenarioRun.Summary summary = run.take(STEPS.iterator(), new VirtualClock(1_000, new CountDownLatch(1)));

        assertThat(events)
                .containsExactly("open 1", "1: a", "settle 1", "1: b", "close 1", "open 2", "2: c", "close 2");
        assertThat(summary.isComplete()).isTrue();
        assertThat(summary.sent()).isEqualTo(3);
    }

    @Test
    void a_stop_ends_it() throws Exception {
        CountDownLatch stop = new CountDownLatch(0);

        ScenarioRun.Summary summary = new ScenarioRun(() -> List.of(publisher()), sent -> {})
                .take(STEPS.iterator(), new VirtualClock(1, stop));

        assertThat(summary.messages()).isZero();
        assertThat(events).containsExactly("open 1", "close 1");
    }

    private Publisher publisher() {
        int number = ++opened;
        events.add("open " + number);
        return new Publisher() {
            @Override
            public CompletableFuture<Void> publish(String topic, byte[] payload, boolean retained) {
                events.add(number + ": " + new String(payload, UTF_8));
                return CompletableFuture.completedFuture(null);
            }

            @Override
            public void close() {
                events.add("close " + number);
            }
        };
    }

    private static Step message(String sender, String payload) {
        return new Publish(0, sender, "t", payload, false, List.of(new Observation.Status(sender, true)));
    }
}
