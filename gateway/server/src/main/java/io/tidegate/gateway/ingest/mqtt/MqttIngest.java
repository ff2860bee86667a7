package io.tidegate.gateway.ingest.mqtt;

import akka.Done;
import akka.NotUsed;
import akka.stream.Materializer;
import akka.stream.javadsl.Flow;
import io.tidegate.gateway.admission.DurableFlow;
import io.tidegate.gateway.admission.Envelope;
import io.tidegate.gateway.admission.SeenThrough.Receipts;
import io.tidegate.gateway.ingest.IngestStream;
import io.tidegate.mqtt.MqttConnection;
import io.tidegate.mqtt.MqttDelivery;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * The stream of one connection, at least once: what comes in is in the log before it is acknowledged.
 *
 * <p>The boundary is {@link #receive}, which the connection's own thread calls, and which does not block. The connection
 * hands over no more than receive-maximum messages of QoS 1 that are not acknowledged, whatever the broker sends, so its
 * buffer holds these. Of QoS 0 it holds {@code qos0-buffer} messages and {@code receive-maximum-bytes} of them; more
 * are refused and counted.
 */
final class MqttIngest {

    private final MqttSourceSettings settings;
    private final TopicDecoder decoders;
    private final Receipts receipts;
    private final MqttMeters meters;

    private final AtomicInteger qos0 = new AtomicInteger();
    private final AtomicLong qos0Bytes = new AtomicLong();
    private final LongAdder refused = new LongAdder();
    private final IngestStream<Taken> stream;

    MqttIngest(
            Materializer materializer,
            MqttSourceSettings settings,
            MqttSource.Environment environment,
            Receipts receipts,
            MqttMeters meters) {
        this.settings = settings;
        this.decoders = environment.decoders();
        this.receipts = receipts;
        this.meters = meters;
        this.stream = IngestStream.start(
                materializer,
                settings.receiveMaximum() + settings.qos0Buffer(),
                decode(),
                new DurableFlow(settings.name(), environment.admission(), settings.maxBatch(), refused),
                this::acknowledge);
    }

    /** Takes a message, on the connection's thread. */
    void receive(MqttConnection connection, MqttDelivery delivery) {
        if (delivery.duplicate()) {
            meters.redelivered.increment();
        }
        if (delivery.qos() == 0) {
            if (qos0.get() >= settings.qos0Buffer() || qos0Bytes.get() >= settings.receiveMaximumBytes()) {
                refused.increment();
                return;
            }
            qos0.incrementAndGet();
            qos0Bytes.addAndGet(delivery.payload().length);
        }
        if (!stream.offer(new Taken(connection, delivery, receipts.stamp())) && !stream.isCompleted()) {
            // Nothing may overtake what was not taken. When the stream broke, its owner hears of it as well.
            complete();
            connection.close();
        }
    }

    /** No more comes in; what is in our hands goes on to the log. Idempotent. */
    void complete() {
        stream.complete();
    }

    /** Done when everything that came in is durable and acknowledged; fails when the stream broke. */
    CompletionStage<Done> done() {
        return stream.done();
    }

    private Flow<Taken, Envelope<Taken>, NotUsed> decode() {
        return Flow.of(Taken.class).map(message -> {
            MqttDelivery delivery = message.delivery();
            return new Envelope<>(
                    message,
                    delivery.topic(),
                    message.stampMs(),
                    delivery.payload(),
                    decoders.decode(delivery.topic(), delivery.payload(), delivery.retained(), message.stampMs()),
                    List.of());
        });
    }

    private void acknowledge(List<Taken> batch) {
        // All came through the same connection.
        batch.get(0)
                .connection()
                .acknowledge(batch.stream().map(Taken::delivery).toList());
        for (Taken message : batch) {
            if (message.delivery().qos() == 0) {
                qos0.decrementAndGet();
                qos0Bytes.addAndGet(-message.delivery().payload().length);
            }
        }
        receipts.done(batch.size());
        meters.acknowledged.increment(batch.size());
    }

    /**
     * A message in our hands and not yet in the log.
     *
     * @param connection whom to acknowledge it to
     * @param stampMs the time of receipt
     */
    private record Taken(MqttConnection connection, MqttDelivery delivery, long stampMs) {}
}
