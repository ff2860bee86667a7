package io.tidegate.spark.dstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.spark.client.internal.Credits;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.streaming.Time;
import org.apache.spark.streaming.scheduler.BatchInfo;
import org.apache.spark.streaming.scheduler.OutputOperationInfo;
import org.apache.spark.streaming.scheduler.ReceiverInfo;
import org.apache.spark.streaming.scheduler.StreamInputInfo;
import org.apache.spark.streaming.scheduler.StreamingListenerBatchStarted;
import org.apache.spark.streaming.scheduler.StreamingListenerBatchSubmitted;
import org.apache.spark.streaming.scheduler.StreamingListenerReceiverStarted;
import org.junit.jupiter.api.Test;
import scala.Option;
import scala.collection.immutable.Map$;
import scala.jdk.javaapi.CollectionConverters;

class BackpressureControllerTest {
    private static final long UNLIMITED = Long.MAX_VALUE;

    private final List<Long> sent = new ArrayList<>();
    private final BackpressureController backpressure = new BackpressureController(0, sent::add);

    @Test
    void one_batch_that_waits_changes_nothing() {
        submitted(1, 100);

        assertThat(sent).isEmpty();
        assertThat(backpressure.batchesWaiting()).isEqualTo(1);
        assertThat(backpressure.isHeld()).isFalse();
    }

    @Test
    void nothing_is_taken_while_two_batches_wait() {
        submitted(3, 100);
        started(1, 100);

        assertThat(sent).containsExactly(Credits.NOTHING);
        assertThat(backpressure.isHeld()).isTrue();

        started(1, 100);

        assertThat(sent).containsExactly(Credits.NOTHING, UNLIMITED);
        assertThat(backpressure.isHeld()).isFalse();
    }

    @Test
    void batches_without_events_alone_hold_nothing_back() {
        submitted(20, 0);

        assertThat(sent).isEmpty();
        assertThat(backpressure.batchesWaiting()).isEqualTo(20);
        assertThat(backpressure.isHeld()).isFalse();

        submitted(1, 100);
        started(19, 0);

        assertThat(sent).containsExactly(Credits.NOTHING);

        started(1, 0);

        assertThat(sent).containsExactly(Credits.NOTHING, UNLIMITED);
        assertThat(backpressure.batchesWaiting()).isEqualTo(1);
    }

    @Test
    void a_receiver_that_begins_anew_is_told_at_once() {
        submitted(2, 100);
        sent.clear();

        backpressure.onReceiverStarted(
                new StreamingListenerReceiverStarted(new ReceiverInfo(0, "receiver", true, "here", "0", "", "", -1)));

        assertThat(sent).containsExactly(Credits.NOTHING);
    }

    private void submitted(int batches, long events) {
        for (int i = 0; i < batches; i++) {
            backpressure.onBatchSubmitted(new StreamingListenerBatchSubmitted(batch(events)));
        }
    }

    private void started(int batches, long events) {
        for (int i = 0; i < batches; i++) {
            backpressure.onBatchStarted(new StreamingListenerBatchStarted(batch(events)));
        }
    }

    @SuppressWarnings("unchecked")
    private static BatchInfo batch(long events) {
        Map<Object, StreamInputInfo> inputs = Map.of(0, new StreamInputInfo(0, events, Map$.MODULE$.empty()));
        return new BatchInfo(
                new Time(1000),
                scala.collection.immutable.Map.from(CollectionConverters.asScala(inputs)),
                1000,
                Option.empty(),
                Option.empty(),
                (scala.collection.immutable.Map<Object, OutputOperationInfo>) (Object) Map$.MODULE$.empty());
    }
}
