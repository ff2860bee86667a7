package io.tidegate.gateway.source;

import akka.Done;
import akka.NotUsed;
import akka.japi.Pair;
import akka.stream.BoundedSourceQueue;
import akka.stream.Materializer;
import akka.stream.javadsl.Flow;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import io.tidegate.gateway.decode.Decoders;
import io.tidegate.gateway.keygroup.SeenThrough.Receipts;
import io.tidegate.mqtt.MqttConnection;
import io.tidegate.mqtt.MqttDelivery;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * The stream of one connection, at least once: what comes in is in the log before it is acknowledged.
 *
 * <p>The boundary is {@link #receive}, which the connection's own thread calls and which does not fail. Its buffer holds
 * receive-maximum messages of QoS 1, more than which a broker must not send before we acknowledge, plus
 * {@code qos0-buffer} messages of QoS 0. Above that, QoS 0 is refused and counted. A broker that sends more QoS 1 than it
 * may, as mosquitto 2.0.11 does with all that it kept for a client that was away, is made to wait by TCP: the
 * connection's thread waits for room. It must not wait long, because pings wait with it: when the log makes no room
 * within a quarter of the keep-alive, the connection is given up, and the broker sends again what we did not acknowledge.
 */
final class Intake {

    private final MqttSourceSettings settings;
    private final Decoders decoders;
    private final Receipts receipts;
    private final SourceMeters meters;
    private final Runnable onOverflow;

    private final Semaphore room;
    private final AtomicInteger qos0 = new AtomicInteger();
    private final LongAdder refused = new LongAdder();
    private final AtomicBoolean completed = new AtomicBoolean();
    private final BoundedSourceQueue<Taken> queue;
    private final CompletionStage<Done> done;

    /** @param onOverflow called on the connection's thread when the broker sent more than it may and the log makes no room */
    Intake(
            Materializer materializer,
            MqttSourceSettings settings,
            MqttSource.Environment environment,
            Receipts receipts,
            SourceMeters meters,
            Runnable onOverflow) {
        this.settings = settings;
        this.decoders = environment.decoders();
        this.receipts = receipts;
        this.meters = meters;
        this.onOverflow = onOverflow;
        this.room = new Semaphore(settings.receiveMaximum());
        Pair<BoundedSourceQueue<Taken>, CompletionStage<Done>> running = received()
                .via(decode())
                .via(new Durably(settings.name(), environment.admission(), settings.maxBatch(), refused).flow())
                .toMat(acknowledge(), Keep.both())
                .run(materializer);
        this.queue = running.first();
        this.done = running.second();
    }

    /** Takes a message, on the connection's thread. */
    void receive(MqttConnection connection, MqttDelivery delivery) {
        if (delivery.qos() == 0) {
            if (qos0.get() >= settings.qos0Buffer()) {
                refused.increment();
                return;
            }
            qos0.incrementAndGet();
        } else if (!awaitRoom()) {
            overflow();
            return;
        }
        boolean enqueued =
                queue.offer(new Taken(connection, delivery, receipts.stamp())).isEnqueued();
        if (!enqueued && !completed.get()) {
            overflow();
        }
    }

    /** Nothing more is taken, at once: what comes next must not overtake what was not taken. */
    private void overflow() {
        complete();
        onOverflow.run();
    }

    private boolean awaitRoom() {
        try {
            return room.tryAcquire(settings.endpoint().keepAlive().toMillis() / 4, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** No more comes in; what is in our hands goes on to the log. Idempotent. */
    void complete() {
        if (completed.compareAndSet(false, true)) {
            // Whoever waits for room is let go: what it brings is not taken.
            room.release(Integer.MAX_VALUE / 2);
            try {
                queue.complete();
            } catch (IllegalStateException e) {
                // A stream that broke or was aborted has completed its queue itself; there is no way to ask.
            }
        }
    }

    /** Done when everything that came in is durable and acknowledged; fails when the stream broke. */
    CompletionStage<Done> done() {
        return done;
    }

    private Source<Taken, BoundedSourceQueue<Taken>> received() {
        return Source.queue(settings.receiveMaximum() + settings.qos0Buffer());
    }

    private Flow<Taken, Received<Taken>, NotUsed> decode() {
        return Flow.of(Taken.class).map(message -> {
            MqttDelivery delivery = message.delivery();
            return new Received<>(
                    message,
                    delivery.topic(),
                    message.stampMs(),
                    delivery.payload(),
                    decoders.decode(delivery.topic(), delivery.payload(), delivery.retained(), message.stampMs()),
                    List.of());
        });
    }

    private Sink<List<Taken>, CompletionStage<Done>> acknowledge() {
        return Sink.foreach(batch -> {
            // All came through the same connection.
            batch.get(0)
                    .connection()
                    .acknowledge(batch.stream().map(Taken::delivery).toList());
            for (Taken message : batch) {
                if (message.delivery().qos() == 0) {
                    qos0.decrementAndGet();
                } else {
                    room.release();
                }
            }
            receipts.done(batch.size());
            meters.acknowledged(batch.size());
        });
    }

    /**
     * A message in our hands and not yet in the log.
     *
     * @param connection whom to acknowledge it to
     * @param stampMs the time of receipt
     */
    private record Taken(MqttConnection connection, MqttDelivery delivery, long stampMs) {}
}
