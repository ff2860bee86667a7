package io.tidegate.spark.dstream;

import io.tidegate.protocol.v1.Hello;
import io.tidegate.spark.client.internal.BlockBuilder;
import io.tidegate.spark.client.internal.GatewayClient;
import io.tidegate.spark.client.internal.PullSession;
import io.tidegate.spark.client.internal.PullStream;
import io.tidegate.spark.internal.Backoff;
import java.time.Duration;
import org.apache.spark.SparkEnv;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.streaming.receiver.Receiver;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pulls events from the gateway into blocks of Spark. Thin: a start makes one thread and one stream, a stop ends them
 * (idempotent, within seconds); whatever goes wrong restarts the receiver after a pause. What was not acknowledged by
 * then comes again, and what comes twice is cut off by the {@linkplain GatewayInputDStream door}.
 *
 * <p>A block is a list of encoded chunks; its metadata is the list of its {@linkplain
 * io.tidegate.spark.client.internal.BlockRange ranges}.
 */
final class GatewayReceiver extends Receiver<byte[]> {
    private static final long serialVersionUID = 1;
    private static final Logger LOG = LoggerFactory.getLogger(GatewayReceiver.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final GatewayOptions options;
    private final long epoch;
    private final int keyGroups;
    private final long timeIntervalMs;

    // for the life of one generation
    private transient volatile @Nullable Generation generation;
    private transient volatile int failures;
    private transient volatile int refusals; // in a row

    /**
     * A receiver of one application run.
     *
     * @param epoch the epoch that the gateway gave to this run
     * @param keyGroups the number of key groups the run counts on
     * @param batchMs the batch interval
     */
    GatewayReceiver(GatewayOptions options, long epoch, int keyGroups, long batchMs) {
        super(StorageLevel.MEMORY_AND_DISK_SER());
        this.options = options;
        this.epoch = epoch;
        this.keyGroups = keyGroups;
        this.timeIntervalMs = Math.max(1, batchMs / 2);
    }

    @Override
    public synchronized void onStart() {
        onStop();
        Generation started = new Generation(GatewayClient.ofThisJvm());
        generation = started;
        started.thread.start();
    }

    @Override
    public synchronized void onStop() {
        Generation stopping = generation;
        generation = null;
        if (stopping != null) {
            stopping.end();
        }
    }

    private void store(BlockBuilder block) {
        store(block.chunks(), block.metadata());
        failures = 0;
        refusals = 0;
    }

    private Hello hello() {
        return Hello.newBuilder()
                .setGroup(options.group())
                .setEpoch(epoch)
                .setKeyGroupCount(keyGroups)
                .setClient("spark receiver at "
                        + SparkEnv.get().blockManager().blockManagerId().hostPort())
                .build();
    }

    /** One start: a stream and the thread that serves it. */
    private final class Generation {
        private final PullStream call;
        private final Thread thread;

        Generation(GatewayClient client) {
            call = client.pull();
            thread = new Thread(this::serve, "tidegate-receiver");
            thread.setDaemon(true);
        }

        private void serve() {
            try {
                PullSession session = new PullSession(
                        call,
                        new PullSession.Limits(
                                options.maxEvents(), options.maxBytes(), options.blockInterval(), timeIntervalMs),
                        GatewayReceiver.this::store,
                        () -> supervisor().getCurrentRateLimit());
                session.run(hello());
            } catch (InterruptedException e) {
                LOG.debug("the receiver was interrupted", e);
            } catch (Throwable e) { // nobody else would hear of it
                failed(e);
            } finally {
                call.cancel();
            }
        }

        private void failed(Throwable failure) {
            if (generation == this && !isStopped()) {
                int before = failures;
                failures = before + 1;
                refusals = RefusalListener.isRefusal(failure) ? refusals + 1 : 0;
                restart(RefusalListener.report(failure, refusals), failure, (int) Backoff.pauseMs(before));
            }
        }

        /** Returns when the thread has ended, or has had its chance to. */
        void end() {
            call.cancel();
            if (thread != Thread.currentThread()) {
                try {
                    thread.join(PATIENCE.toMillis());
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                thread.interrupt();
            }
        }
    }
}
