package io.tidegate.spark.dstream;

import io.grpc.Status;
import io.tidegate.spark.client.internal.Retry;
import org.apache.spark.streaming.scheduler.ReceiverInfo;
import org.apache.spark.streaming.scheduler.StreamingListener;
import org.apache.spark.streaming.scheduler.StreamingListenerReceiverStopped;
import org.jspecify.annotations.Nullable;

/**
 * Learns on the driver that the gateway refuses the receiver for good: what it asks for has expired, or the gateway is
 * another one. A receiver can only try again; it is the job that has to end. Spark passes on nothing but texts, hence
 * {@link #REFUSED}.
 */
@SuppressWarnings("deprecation") // DStreams are deprecated upstream as a whole
final class RefusalListener implements StreamingListener {

    private static final String REFUSED = "refused by the gateway: ";

    private final int stream;
    private volatile @Nullable String refusal;

    RefusalListener(int stream) {
        this.stream = stream;
    }

    /**
     * What a receiver tells of a failure.
     *
     * @param refusals how many times in a row the gateway has refused it
     */
    static String report(Throwable failure, int refusals) {
        return (refusals >= Retry.REFUSALS ? REFUSED : "pulling from the gateway: ") + failure.getMessage();
    }

    /** Whether a stream that ended so will end so again. A stream that another one pushed out (ABORTED) may come back. */
    static boolean isRefusal(Throwable failure) {
        Status.Code code = Status.fromThrowable(failure).getCode();
        return code != Status.Code.ABORTED && Retry.isRefusal(code);
    }

    /** A restart begins with a stop, and that is where Spark tells of the failure. */
    @Override
    public void onReceiverStopped(StreamingListenerReceiverStopped stopped) {
        ReceiverInfo receiver = stopped.receiverInfo();
        if (receiver.streamId() == stream && receiver.lastErrorMessage().contains(REFUSED)) {
            refusal = receiver.lastErrorMessage();
        }
    }

    /**
     * Whether the run may go on.
     *
     * @throws IllegalStateException with the gateway's words when it refuses the receiver for good
     */
    void check() {
        if (refusal != null) {
            throw new IllegalStateException(refusal);
        }
    }
}
