package io.tidegate.spark;

import org.apache.spark.SparkConf;
import org.apache.spark.streaming.Duration;
import org.apache.spark.streaming.StreamingContext;
import org.apache.spark.streaming.scheduler.RateController;
import org.apache.spark.streaming.scheduler.StreamingListenerBatchCompleted;
import org.apache.spark.streaming.scheduler.StreamingListenerBatchStarted;
import org.apache.spark.streaming.scheduler.StreamingListenerBatchSubmitted;
import org.apache.spark.streaming.scheduler.StreamingListenerReceiverStarted;
import org.apache.spark.streaming.scheduler.rate.RateEstimator;

/**
 * Decides on the driver how many events per second the receiver may take. Spark's own estimate (on with
 * {@code spark.streaming.backpressure.enabled}) changes only when a batch completes; so the batches that wait are counted
 * too, and hold the stream back at once:
 *
 * <pre>
 * waiting  0..3   FULL      the newest estimate, or no limit
 *          4..5   MINIMUM   spark.streaming.backpressure.pid.minRate
 *          6..    NOTHING
 * </pre>
 *
 * <p>Spark calls it on its listener thread; the state may be read from any.
 */
@SuppressWarnings("deprecation") // DStreams are deprecated upstream as a whole
public final class CreditGovernor extends RateController {
    private static final long serialVersionUID = 1;

    /** More waiting batches than this: the minimum rate. */
    public static final int MINIMUM_ABOVE = 3;

    /** More waiting batches than this: nothing. */
    public static final int NOTHING_ABOVE = 5;

    /** How much is taken. */
    public enum Level {
        /** What Spark's estimate allows. */
        FULL,
        /** The minimum rate, as too many batches wait. */
        MINIMUM,
        /** Nothing, as far too many batches wait. */
        NOTHING
    }

    /** Where a new rate goes. */
    interface Receivers {
        void limit(long eventsPerSecond);
    }

    private final transient Receivers receivers;
    private final boolean estimating;
    private final long minimum;
    private volatile long estimate = Long.MAX_VALUE;
    private volatile int submitted;
    private volatile int started;

    CreditGovernor(int stream, SparkConf conf, Duration batch, Receivers receivers) {
        super(stream, RateEstimator.create(conf, batch));
        this.receivers = receivers;
        estimating = RateController.isBackPressureEnabled(conf);
        minimum = Math.max(Credits.NOTHING + 1, (long) conf.getDouble("spark.streaming.backpressure.pid.minRate", 100));
    }

    static CreditGovernor of(int stream, StreamingContext context, Duration batch) {
        return new CreditGovernor(
                stream,
                context.conf(),
                batch,
                rate -> context.scheduler().receiverTracker().sendRateUpdate(stream, rate));
    }

    /** The number of batches that were submitted and have not begun. */
    public int batchesWaiting() {
        return Math.max(0, submitted - started);
    }

    /** What the waiting batches allow. */
    public Level level() {
        int waiting = batchesWaiting();
        return waiting > NOTHING_ABOVE ? Level.NOTHING : waiting > MINIMUM_ABOVE ? Level.MINIMUM : Level.FULL;
    }

    /** The rate that is granted now, in events per second; 0: nothing, {@link Long#MAX_VALUE}: no limit. */
    public long rate() {
        return switch (level()) {
            case FULL -> estimate;
            case MINIMUM -> Math.min(minimum, estimate);
            case NOTHING -> 0;
        };
    }

    /** Spark's estimate has changed. */
    @Override
    public void publish(long rate) {
        estimate = rate;
        send();
    }

    @Override
    public synchronized void onBatchSubmitted(StreamingListenerBatchSubmitted batch) {
        Level before = level();
        submitted++;
        sendIfChanged(before);
    }

    @Override
    public synchronized void onBatchStarted(StreamingListenerBatchStarted batch) {
        Level before = level();
        started++;
        sendIfChanged(before);
    }

    @Override
    public void onBatchCompleted(StreamingListenerBatchCompleted batch) {
        if (estimating) {
            super.onBatchCompleted(batch);
        }
    }

    /** A receiver on another executor begins without a limit. */
    @Override
    public void onReceiverStarted(StreamingListenerReceiverStarted receiver) {
        send();
    }

    private void sendIfChanged(Level before) {
        if (level() != before) {
            send();
        }
    }

    private void send() {
        receivers.limit(Math.max(Credits.NOTHING, rate()));
    }
}
