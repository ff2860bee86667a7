package io.tidegate.simulator.scenario;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidegate.simulator.fleet.Acknowledgements;
import io.tidegate.simulator.fleet.Publisher;
import io.tidegate.simulator.fleet.VirtualClock;
import io.tidegate.simulator.scenario.Step.Publish;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/** Takes the steps of a scenario at their virtual times. Used once, by one thread. */
public final class ScenarioRun {
    private final Supplier<List<Publisher>> connections;
    private final ProcessingBarrier barrier;
    private final Acknowledgements acknowledgements = new Acknowledgements();
    private List<Publisher> publishers = List.of();
    private long messages;
    private long sent;

    /**
     * Has sent nothing yet.
     *
     * @param connections opens the connections that senders share; a sender stays on its own
     */
    public ScenarioRun(Supplier<List<Publisher>> connections, ProcessingBarrier barrier) {
        this.connections = connections;
        this.barrier = barrier;
    }

    /** Runs until the steps are over or the time says stop, then waits a bounded time for what is in flight. */
    public Summary take(Iterator<? extends Step> steps, VirtualClock time) throws InterruptedException {
        long began = System.nanoTime();
        publishers = connections.get();
        try {
            while (steps.hasNext()) {
                Step step = steps.next();
                if (!time.await(step.offsetMs())) {
                    break;
                }
                take(step, time);
            }
        } finally {
            publishers.forEach(Publisher::close);
        }
        return new Summary(messages, acknowledgements.count(), sent, Duration.ofNanos(System.nanoTime() - began));
    }

    private void take(Step step, VirtualClock time) throws InterruptedException {
        if (step instanceof Publish message) {
            publish(message);
        } else if (step instanceof Step.Barrier) {
            time.hold(() -> barrier.await(sent));
        } else {
            time.hold(this::reconnect);
        }
    }

    private void publish(Publish message) throws InterruptedException {
        messages++;
        sent += message.content().size();
        Publisher publisher = publishers.get(Math.floorMod(message.sender().hashCode(), publishers.size()));
        byte[] payload = message.payload().getBytes(UTF_8);
        acknowledgements.expect(message.topic(), publisher.publish(message.topic(), payload, message.retained()));
    }

    private void reconnect() {
        publishers.forEach(Publisher::close);
        publishers = connections.get();
    }

    /**
     * What a run did.
     *
     * @param messages handed to the transport
     * @param acknowledged of these, by the broker
     * @param sent what a gateway counts: readings, statuses, log lines, unreadable things
     */
    public record Summary(long messages, long acknowledged, long sent, Duration took) {
        /** Whether the broker took everything. */
        public boolean isComplete() {
            return messages == acknowledged;
        }

        /** One line for people. */
        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "messages %,d · acknowledged %,d · readings, log lines and statuses %,d · %.1f s",
                    messages,
                    acknowledged,
                    sent,
                    took.toMillis() / 1e3);
        }
    }
}
