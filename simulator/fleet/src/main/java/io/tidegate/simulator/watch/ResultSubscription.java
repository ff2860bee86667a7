package io.tidegate.simulator.watch;

import io.tidegate.mqtt.Backoff;
import io.tidegate.mqtt.MqttConnection;
import io.tidegate.mqtt.MqttDelivery;
import io.tidegate.mqtt.MqttEndpoint;
import io.tidegate.mqtt.MqttListener;
import io.tidegate.mqtt.MqttTransport;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * A subscription that comes back after every broken connection, until it is stopped.
 *
 * <p>Messages wait in a queue without a bound of its own; the broker holds back at the endpoint's receive maximum,
 * because a message is acknowledged after it was shown.
 */
public final class ResultSubscription {
    private static final Duration SUBSCRIBE_TIMEOUT = Duration.ofSeconds(10);
    private static final long LOOK_AROUND_MS = 200;

    private final MqttTransport transport;
    private final MqttEndpoint endpoint;
    private final String filter;
    private final Consumer<Result> results;
    private final Consumer<String> notices;

    /**
     * Shows nothing yet.
     *
     * @param results told of each result on the thread of {@link #run}; what steps back is left out
     * @param notices told when the connection comes and goes
     */
    public ResultSubscription(
            MqttTransport transport,
            MqttEndpoint endpoint,
            String filter,
            Consumer<Result> results,
            Consumer<String> notices) {
        this.transport = transport;
        this.endpoint = endpoint;
        this.filter = filter;
        this.results = results;
        this.notices = notices;
    }

    /** Subscribes and delivers until the latch falls. */
    public void run(CountDownLatch stop) throws InterruptedException {
        Backoff backoff = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(5), new SplittableRandom());
        StaleResultFilter newest = new StaleResultFilter();
        while (stop.getCount() > 0) {
            Inbox inbox = new Inbox();
            try (MqttConnection connection = await(
                    transport.connect(endpoint, inbox), endpoint.timeouts().connect())) {
                await(connection.subscribe(List.of(filter)), SUBSCRIBE_TIMEOUT);
                backoff.reset();
                notices.accept("connected to " + endpoint.broker());
                deliver(connection, inbox, newest, stop);
            } catch (ExecutionException | TimeoutException e) {
                notices.accept(endpoint.broker() + ": " + reason(e));
            }
            if (stop.await(backoff.next().toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        }
    }

    private void deliver(MqttConnection connection, Inbox inbox, StaleResultFilter newest, CountDownLatch stop)
            throws InterruptedException {
        while (stop.getCount() > 0) {
            Event event = inbox.events.poll(LOOK_AROUND_MS, TimeUnit.MILLISECONDS);
            if (event instanceof Lost lost) {
                notices.accept(endpoint.broker() + ": connection lost: " + lost.reason());
                return;
            }
            if (event instanceof Arrived arrived) {
                Result result =
                        Result.of(arrived.delivery().topic(), arrived.delivery().payload());
                if (newest.isNews(result)) {
                    results.accept(result);
                }
                connection.acknowledge(arrived.delivery());
            }
        }
    }

    private static <T> T await(CompletableFuture<T> future, Duration timeout)
            throws InterruptedException, ExecutionException, TimeoutException {
        return future.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static String reason(Exception failure) {
        Throwable cause = failure;
        while ((cause instanceof ExecutionException || cause instanceof CompletionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause instanceof TimeoutException ? "no answer" : String.valueOf(cause.getMessage());
    }

    private sealed interface Event {}

    private record Arrived(MqttDelivery delivery) implements Event {}

    private record Lost(String reason) implements Event {}

    /** Called on the transport's thread: only enqueues. */
    private static final class Inbox implements MqttListener {
        private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();

        @Override
        public void received(MqttConnection connection, MqttDelivery delivery) {
            events.add(new Arrived(delivery));
        }

        @Override
        public void lost(String reason, int reasonCode) {
            events.add(new Lost(reason));
        }
    }
}
