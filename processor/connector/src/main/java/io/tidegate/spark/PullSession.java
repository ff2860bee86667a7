package io.tidegate.spark;

import io.tidegate.protocol.v1.Ack;
import io.tidegate.protocol.v1.Frame;
import io.tidegate.protocol.v1.Heartbeat;
import io.tidegate.protocol.v1.Hello;
import io.tidegate.protocol.v1.Position;
import io.tidegate.protocol.v1.PullRequest;
import io.tidegate.protocol.v1.PullResponse;
import io.tidegate.protocol.v1.Welcome;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * One pull stream from its Hello to its end, on one thread: frames become blocks, and are acknowledged once the block is
 * stored. A generation of the receiver has exactly one, so an acknowledgement can't reach a later stream.
 *
 * <pre>
 * Hello -> Welcome -> ( Credit | Heartbeat | Frame.. -> store -> Ack | Progress.. -> store )* -> the stream ends
 * </pre>
 */
final class PullSession {

    /** Where blocks go: returns when Spark's driver knows the block, throws when it may not. */
    interface Store {
        void store(Gathering block);
    }

    private static final int MAX_BLOCK_BYTES = 8 << 20;
    private static final long WELCOME_MS = 10_000;
    private static final long POLL_MS = 20;

    private final PullCall call;
    private final GatewayOptions options;
    private final long timeIntervalMs;
    private final Store store;
    private final LongSupplier rate;
    private final Credits credits;
    private boolean held;
    private long heardMs;

    // of the block that is being gathered
    private Gathering gathering = new Gathering();
    private long eventsSinceMs;
    private long storedMs;

    /**
     * A session that has not begun.
     *
     * @param timeIntervalMs blocks that carry nothing but time come at most that often
     * @param rate Spark's rate limit, events per second
     */
    PullSession(PullCall call, GatewayOptions options, long timeIntervalMs, Store store, LongSupplier rate) {
        this.call = call;
        this.options = options;
        this.timeIntervalMs = timeIntervalMs;
        this.store = store;
        this.rate = rate;
        credits = new Credits(options.maxEvents(), options.maxBytes(), nowMs());
    }

    /**
     * Pulls until the stream ends or the thread is interrupted.
     *
     * @throws io.grpc.StatusRuntimeException how the stream ended
     * @throws IllegalStateException when the gateway fell silent
     */
    void run(Hello hello) throws InterruptedException {
        call.send(PullRequest.newBuilder().setHello(hello).build());
        Welcome welcome = welcome();
        long heartbeatMs = Math.max(POLL_MS, welcome.getHeartbeatIntervalMs());
        long heardFromUsMs = nowMs();
        heardMs = nowMs();
        while (!Thread.currentThread().isInterrupted()) {
            Optional<PullResponse> response = call.poll(POLL_MS);
            if (response.isPresent()) {
                take(response.get());
                heardMs = nowMs();
            }
            storeIfDue();
            boolean granted = grant();
            requireSignOfLife(welcome.getSessionTimeoutMs());
            if (granted) {
                heardFromUsMs = nowMs();
            } else if (nowMs() - heardFromUsMs >= heartbeatMs) {
                call.send(PullRequest.newBuilder()
                        .setHeartbeat(Heartbeat.getDefaultInstance())
                        .build());
                heardFromUsMs = nowMs();
            }
        }
    }

    private Welcome welcome() throws InterruptedException {
        PullResponse first = call.poll(WELCOME_MS)
                .orElseThrow(
                        () -> new IllegalStateException("no welcome from the gateway within " + WELCOME_MS + " ms"));
        if (!first.hasWelcome()) {
            throw new IllegalStateException("first message: " + first.getMessageCase() + " (expected: WELCOME)");
        }
        return first.getWelcome();
    }

    private void take(PullResponse response) {
        switch (response.getMessageCase()) {
            case FRAME -> {
                Frame frame = response.getFrame();
                if (!gathering.hasEvents()) {
                    eventsSinceMs = nowMs();
                }
                gathering.add(frame);
                credits.received(frame.getNext() - frame.getFrom(), Gathering.bytes(frame));
            }
            case PROGRESS -> response.getProgress().getKeyGroupsList().forEach(gathering::add);
            case WELCOME, MESSAGE_NOT_SET -> {
                // nothing that this version knows
            }
        }
    }

    private void storeIfDue() {
        if (gathering.isEmpty() || !due(nowMs())) {
            return;
        }
        store.store(gathering);
        storedMs = nowMs();
        List<Position> stored = gathering.acknowledgeable();
        gathering = new Gathering();
        if (!stored.isEmpty()) {
            call.send(PullRequest.newBuilder()
                    .setAck(Ack.newBuilder().addAllPositions(stored))
                    .build());
        }
    }

    private boolean due(long nowMs) {
        return gathering.hasEvents()
                ? nowMs - eventsSinceMs >= options.blockInterval().toMillis() || gathering.bytes() >= MAX_BLOCK_BYTES
                : nowMs - storedMs >= timeIntervalMs;
    }

    /** Progress comes at all times, so silence is a dead connection; only what we don't ask for can't come. */
    private void requireSignOfLife(long timeoutMs) {
        if (held) {
            heardMs = nowMs();
        } else if (nowMs() - heardMs > timeoutMs) {
            throw new IllegalStateException("nothing from the gateway for " + timeoutMs + " ms");
        }
    }

    private boolean grant() {
        var credit = credits.grant(rate.getAsLong(), nowMs());
        held = credits.hold();
        call.hold(held);
        credit.ifPresent(c -> call.send(PullRequest.newBuilder().setCredit(c).build()));
        return credit.isPresent();
    }

    private static long nowMs() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }
}
