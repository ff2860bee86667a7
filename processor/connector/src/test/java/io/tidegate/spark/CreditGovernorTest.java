package io.tidegate.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.streaming.Durations;
import org.apache.spark.streaming.Time;
import org.apache.spark.streaming.scheduler.BatchInfo;
import org.apache.spark.streaming.scheduler.ReceiverInfo;
import org.apache.spark.streaming.scheduler.StreamingListenerBatchStarted;
import org.apache.spark.streaming.scheduler.StreamingListenerBatchSubmitted;
import org.apache.spark.streaming.scheduler.StreamingListenerReceiverStarted;
import org.junit.jupiter.api.Test;
import scala.Option;
import scala.collection.immutable.Map$;

class CreditGovernorTest {
    private static final long UNLIMITED = Long.MAX_VALUE;

    private final List<Long> sent = new ArrayList<>();
    private final CreditGovernor governor = new CreditGovernor(
            0,
            new SparkConf(false).set("spark.streaming.backpressure.pid.minRate", "50"),
            Durations.seconds(1),
            sent::add);

    @Test
    void up_to_three_waiting_batches_change_nothing() {
        submitted(3);

        assertThat(sent).isEmpty();
        assertThat(governor.batchesWaiting()).isEqualTo(3);
        assertThat(governor.level()).isEqualTo(CreditGovernor.Level.FULL);
        assertThat(governor.rate()).isEqualTo(UNLIMITED);
    }

    @Test
    void more_than_three_waiting_batches_leave_the_minimum_and_more_than_five_nothing() {
        submitted(6);

        assertThat(sent).containsExactly(50L, 1L);
        assertThat(governor.level()).isEqualTo(CreditGovernor.Level.NOTHING);
        assertThat(governor.rate()).isZero();
    }

    @Test
    void the_newest_estimate_is_back_when_the_batches_are_done() {
        governor.publish(4000);
        submitted(6);
        governor.publish(3000);
        started(1);
        started(2);

        assertThat(sent).containsExactly(4000L, 50L, 1L, 1L, 50L, 3000L);
    }

    @Test
    void an_estimate_below_the_minimum_stays_in_force() {
        governor.publish(20);
        submitted(4);

        assertThat(sent).containsExactly(20L, 20L);
    }

    @Test
    void a_receiver_that_begins_anew_is_told_at_once() {
        submitted(6);
        sent.clear();

        governor.onReceiverStarted(
                new StreamingListenerReceiverStarted(new ReceiverInfo(0, "receiver", true, "here", "0", "", "", -1)));

        assertThat(sent).containsExactly(1L);
    }

    private void submitted(int batches) {
        for (int i = 0; i < batches; i++) {
            governor.onBatchSubmitted(new StreamingListenerBatchSubmitted(info()));
        }
    }

    private void started(int batches) {
        for (int i = 0; i < batches; i++) {
            governor.onBatchStarted(new StreamingListenerBatchStarted(info()));
        }
    }

    @SuppressWarnings("unchecked")
    private static BatchInfo info() {
        return new BatchInfo(
                new Time(1000),
                (scala.collection.immutable.Map<Object, org.apache.spark.streaming.scheduler.StreamInputInfo>)
                        (Object) Map$.MODULE$.empty(),
                1000,
                Option.empty(),
                Option.empty(),
                (scala.collection.immutable.Map<Object, org.apache.spark.streaming.scheduler.OutputOperationInfo>)
                        (Object) Map$.MODULE$.empty());
    }
}
