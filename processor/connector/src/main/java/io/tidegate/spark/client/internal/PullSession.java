package io.tidegate.spark.client.internal;

import io.tidegate.protocol.v1.Ack;
import io.tidegate.protocol.v1.Frame;
import io.tidegate.protocol.v1.Heartbeat;
import io.tidegate.protocol.v1.Hello;
import io.tidegate.protocol.v1.Position;
import io.tidegate.protocol.v1.PullRequest;
import io.tidegate.protocol.v1.PullResponse;
import io.tidegate.protocol.v1.Welcome;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * One pull stream from its Hello to its end, on one thread: frames become blocks, and are acknowledged once the block is
 * stored. A generation of the receiver has exactly one, so an acknowledgement can't reach a later stream.
 *
 * <pre>
 * Hello -> Welcome -> ( Credit | Heartbeat | Frame.. -> store -> Ack | Progress.. -> store )* -> the stream ends
 * </pre>
 */
public final class PullSession {

    /**
     * How much and how often.
     *
     * @param maxEvents the most events granted ahead
     * @param maxBytes the most bytes granted ahead
     * @param blockInterval how long events are gathered before they become a block
     * @param timeIntervalMs blocks that carry nothing but time come at most that often
     */
    public record Limits(long maxEvents, long maxBytes, Duration blockInterval, long timeIntervalMs) {}

    private static final int MAX_BLOCK_BYTES = 8 << 20;
    private static final long WELCOME_MS = 10_000;
    private static final long POLL_MS = 20;

    private final PullStream call;
    private final Limits limits;
    private final Consumer<BlockBuilder> store;
    private final LongSupplier rate;
    private final Credits credits;
    private boolean held;
    private long heardMs;

    // of the block that is being built
    private BlockBuilder block = new BlockBuilder();
    private long eventsSinceMs;
    private long storedMs;

    /**
     * A session that has not begun.
     *
     * @param store takes blocks: returns when Spark's driver knows the block, throws when it may not
     * @param rate Spark's rate limit, events per second
     */
    public PullSession(PullStream call, Limits limits, Consumer<BlockBuilder> store, LongSupplier rate) {
        this.call = call;
        this.limits = limits;
        this.store = store;
        this.rate = rate;
        credits = new Credits(limits.maxEvents(), limits.maxBytes(), nowMs());
    }

    /**
     * Pulls until the stream ends or the thread is interrupted.
     *
     * @throws io.grpc.StatusRuntimeException how the stream ended
     * @throws IllegalStateException when the gateway fell silent
     */
    public void run(Hello hello) throws InterruptedException {
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
                if (!block.hasEvents()) {
                    eventsSinceMs = nowMs();
                }
                block.add(frame);
                credits.received(frame.getNext() - frame.getFrom(), BlockBuilder.bytes(frame));
            }
            case PROGRESS -> response.getProgress().getKeyGroupsList().forEach(block::add);
            case WELCOME, MESSAGE_NOT_SET -> {
                // nothing that this version knows
            }
        }
    }

    private void storeIfDue() {
        if (block.isEmpty() || !due(nowMs())) {
            return;
        }
        store.accept(block);
        storedMs = nowMs();
        List<Position> stored = block.acknowledgeable();
        block = new BlockBuilder();
        if (!stored.isEmpty()) {
            call.send(PullRequest.newBuilder()
                    .setAck(Ack.newBuilder().addAllPositions(stored))
                    .build());
        }
    }

    private boolean due(long nowMs) {
        return block.hasEvents()
                ? nowMs - eventsSinceMs >= limits.blockInterval().toMillis() || block.bytes() >= MAX_BLOCK_BYTES
                : nowMs - storedMs >= limits.timeIntervalMs();
    }

    /** The gateway sends progress at all times, so silence means a dead connection, unless nothing is requested. */
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
