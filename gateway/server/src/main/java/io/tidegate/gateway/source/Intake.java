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
import io.tidegate.gateway.decode.Decoded;
import io.tidegate.gateway.decode.Decoders;
import io.tidegate.gateway.keygroup.SeenThrough.Receipts;
import io.tidegate.mqtt.MqttConnection;
import io.tidegate.mqtt.MqttDelivery;
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

    /** One batch being written, one waiting for it at the log; meanwhile the next one gathers. */
    private static final int BATCHES_AT_THE_LOG = 2;

    private final MqttSourceSettings settings;
    private final Decoders decoders;
    private final Admission admission;
    private final Receipts receipts;
    private final SourceMeters meters;
    private final Runnable onOverflow;

    private final Semaphore room;
    private final AtomicInteger qos0 = new AtomicInteger();
    private final LongAdder refused = new LongAdder();
    private final AtomicBoolean completed = new AtomicBoolean();
    private final BoundedSourceQueue<Received> queue;
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
        this.admission = environment.admission();
        this.receipts = receipts;
        this.meters = meters;
        this.onOverflow = onOverflow;
        this.room = new Semaphore(settings.receiveMaximum());
        Pair<BoundedSourceQueue<Received>, CompletionStage<Done>> running = received()
                .via(decode())
                .via(batchWhileBusy())
                .via(admitted())
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
        boolean enqueued = queue.offer(new Received(connection, delivery, receipts.stamp()))
                .isEnqueued();
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

    private Source<Received, BoundedSourceQueue<Received>> received() {
        return Source.queue(settings.receiveMaximum() + settings.qos0Buffer());
    }

    private Flow<Received, Judged, NotUsed> decode() {
        return Flow.of(Received.class).map(message -> {
            MqttDelivery delivery = message.delivery();
            return new Judged(
                    message,
                    decoders.decode(delivery.topic(), delivery.payload(), delivery.retained(), message.stampMs()));
        });
    }

    private Flow<Judged, Batch, NotUsed> batchWhileBusy() {
        return Flow.of(Judged.class)
                .batchWeighted(
                        settings.maxBatch(),
                        Judged::cost,
                        first -> new Batch(settings.name(), admission.keyGroupCount())
                                .with(first.message(), first.decoded()),
                        (batch, next) -> batch.with(next.message(), next.decoded()));
    }

    private Flow<Batch, Batch, NotUsed> admitted() {
        return Flow.of(Batch.class)
                .mapAsync(
                        BATCHES_AT_THE_LOG,
                        batch -> admission
                                .admit(settings.name(), batch, refused.sumThenReset())
                                .thenApply(durable -> batch));
    }

    private Sink<Batch, CompletionStage<Done>> acknowledge() {
        return Sink.foreach(batch -> {
            for (Received message : batch.received()) {
                message.acknowledge();
                if (message.delivery().qos() == 0) {
                    qos0.decrementAndGet();
                } else {
                    room.release();
                }
            }
            receipts.done(batch.received().size());
            meters.acknowledged(batch.received().size());
        });
    }

    private record Judged(Received message, Decoded decoded) {
        long cost() {
            return decoded instanceof Decoded.Events events ? events.events().size() : 1;
        }
    }
}
