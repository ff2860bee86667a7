package io.tidegate.spark.dstream;

import io.tidegate.spark.client.internal.Credits;
import java.util.function.LongConsumer;
import org.apache.spark.streaming.StreamingContext;
import org.apache.spark.streaming.scheduler.RateController;
import org.apache.spark.streaming.scheduler.StreamingListenerBatchCompleted;
import org.apache.spark.streaming.scheduler.StreamingListenerBatchStarted;
import org.apache.spark.streaming.scheduler.StreamingListenerBatchSubmitted;
import org.apache.spark.streaming.scheduler.StreamingListenerReceiverStarted;
import scala.Option;

/**
 * Decides on the driver whether the receiver may take events: not while two batches wait for the one that runs, and one of them
 * has events. So no more than four batches of events are at Spark, and what can't be done waits at the gateway, on disk.
 *
 * <p>Spark's own estimate of a rate is not used. It takes the cost of a batch for the cost of its events, but most of a small
 * batch is the fixed cost of its jobs and results: after a slow minute it granted so little that nothing but the fixed cost was
 * left, and stayed there. Without a rate, what has gathered while the gateway was held comes as one large batch, which costs
 * little more than a small one. Batches without events pass by while it is held. They alone don't hold it: a processor whose
 * empty batches take longer than the interval would never be given anything again.
 *
 * <p>Spark calls it on its listener thread; the state may be read from any.
 */
@SuppressWarnings("deprecation") // DStreams are deprecated upstream as a whole
public final class BackpressureController extends RateController {
    private static final long serialVersionUID = 2;

    /** More waiting batches than this, and any with events among them: nothing is taken. */
    static final int MOST_WAITING = 1;

    /** Where a new rate goes, in events per second. */
    private final transient LongConsumer receivers;

    private int waiting;
    private int waitingWithEvents;

    BackpressureController(int stream, LongConsumer receivers) {
        super(stream, (time, events, processingMs, schedulingMs) -> Option.empty());
        this.receivers = receivers;
    }

    static BackpressureController of(int stream, StreamingContext context) {
        return new BackpressureController(
                stream, rate -> context.scheduler().receiverTracker().sendRateUpdate(stream, rate));
    }

    /** The number of batches that were submitted and have not begun. */
    public synchronized int batchesWaiting() {
        return waiting;
    }

    /** Whether nothing is taken now, as batches wait. */
    public synchronized boolean isHeld() {
        return waiting > MOST_WAITING && waitingWithEvents > 0;
    }

    @Override
    public void onBatchSubmitted(StreamingListenerBatchSubmitted batch) {
        changed(1, batch.batchInfo().numRecords());
    }

    @Override
    public void onBatchStarted(StreamingListenerBatchStarted batch) {
        changed(-1, batch.batchInfo().numRecords());
    }

    /** Nothing is estimated. */
    @Override
    public void onBatchCompleted(StreamingListenerBatchCompleted batch) {}

    /** Nothing is estimated. */
    @Override
    public void publish(long rate) {}

    /** A receiver on another executor begins without a limit. */
    @Override
    public void onReceiverStarted(StreamingListenerReceiverStarted receiver) {
        send();
    }

    private synchronized void changed(int batches, long events) {
        boolean before = isHeld();
        waiting += batches;
        waitingWithEvents += events > 0 ? batches : 0;
        if (isHeld() != before) {
            send();
        }
    }

    private synchronized void send() {
        receivers.accept(isHeld() ? Credits.NOTHING : Long.MAX_VALUE);
    }
}
