package io.tidegate.gateway.ingest.flume;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tidegate.gateway.decode.Decoded;
import io.tidegate.gateway.ingest.BodyDecoder;
import io.tidegate.gateway.ingest.PushIngest;
import io.tidegate.gateway.ingest.PushRequest;
import io.tidegate.gateway.ingest.Source;
import io.tidegate.gateway.ingest.flume.BatchDecoder.Part;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongPredicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The source to which Flume's agents push. A batch is OK when all its events, and its bad ones as dead letters, are on disk.
 * It is FAILED when the log takes nothing, when too much is under way, and when it is not on disk within {@code max-wait}:
 * that one may get there later all the same, and twice, since its agent sends it again. While such a batch is still under
 * way, nothing more is taken, so that a disk that stands still does not multiply it.
 *
 * <p>A batch of which more events become than of a request's body goes to the log in parts, one after the other: it is OK when
 * the last one is on disk. If one is not taken, the batch is FAILED, and its agent brings the parts before once more.
 * Thread-safe.
 */
public final class FlumeSource implements Source, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(FlumeSource.class);
    /** What an event takes that is made of a body beside others, roughly. */
    private static final long EVENT_BYTES = 400;

    private static final String STANDS_STILL = "a batch is still not on disk after flume.max-wait";

    private final FlumeSettings settings;
    private final PushIngest ingest;
    private final Supplier<Optional<String>> holdsBack;
    private final BatchDecoder bodies;
    private final Counter ok;
    private final Counter failed;
    private final Executor blocking;
    private final AtomicBoolean refusing = new AtomicBoolean();
    // What was not on disk in time, and may get there yet: batches get there in their order, so the last one stands for
    // all.
    private volatile CompletableFuture<?> late = CompletableFuture.completedFuture(null);
    private volatile @Nullable AvroServer server;

    /**
     * A source that does not listen yet.
     *
     * @param ingest the way to the log
     * @param holdsBack why the log takes nothing, if it does not
     * @param blocking runs what waits for the last answers
     */
    public FlumeSource(
            FlumeSettings settings,
            PushIngest ingest,
            Supplier<Optional<String>> holdsBack,
            BodyDecoder bodies,
            MeterRegistry metrics,
            Executor blocking) {
        this.settings = settings;
        this.ingest = ingest;
        this.holdsBack = holdsBack;
        this.bodies = new BatchDecoder(settings.body(), settings.strip(), bodies);
        this.ok = batches(metrics, "ok");
        this.failed = batches(metrics, "failed");
        this.blocking = blocking;
        Gauge.builder("tidegate.flume.connections", this, FlumeSource::connections)
                .description("Flume agents that are connected.")
                .register(metrics);
    }

    private static Counter batches(MeterRegistry metrics, String answer) {
        return Counter.builder("tidegate.flume.batches")
                .description("Batches that were answered; a failed one is sent again by its agent.")
                .tag("answer", answer)
                .register(metrics);
    }

    @Override
    public String name() {
        return FlumeSettings.SOURCE;
    }

    /** @throws IOException when the address is taken, or the certificate can't be used */
    @Override
    public void start() throws IOException {
        try {
            server = AvroServer.start(settings, this::take);
        } catch (IOException e) {
            throw new IOException("flume " + settings.host() + ":" + settings.port() + ": " + e.getMessage(), e);
        }
    }

    /** Gives the last answers and hangs up, when what they are about is on disk or the patience is over. */
    @Override
    public CompletionStage<Void> drain(Duration patience) {
        return ingest.drain(patience).whenCompleteAsync((drained, failure) -> close(), blocking);
    }

    /** Where it listens; empty: it has not started. */
    public OptionalInt port() {
        AvroServer listening = server;
        return listening == null ? OptionalInt.empty() : OptionalInt.of(listening.port());
    }

    private double connections() {
        AvroServer listening = server;
        return listening == null ? 0 : listening.connections();
    }

    /** Gives the last answers and hangs up. Blocks. */
    @Override
    public void close() {
        AvroServer listening = server;
        if (listening != null) {
            listening.close();
        }
    }

    private CompletableFuture<Boolean> take(InetSocketAddress peer, List<FlumeEvent> batch, LongPredicate room) {
        List<Part> parts = bodies.parts(batch);
        long most = parts.stream()
                .mapToLong(part -> Math.max(0, part.most() - part.events().size()))
                .max()
                .orElse(0);
        if (!room.test(EVENT_BYTES * most)) {
            return CompletableFuture.completedFuture(failed("no room for what becomes of it (flume.max-in-flight)"));
        }
        long until = System.nanoTime() + settings.maxWait().toNanos();
        return take(peer.getAddress().getHostAddress(), parts.iterator(), until);
    }

    /** One part after the other, so that no more than one is in memory as events. */
    private CompletableFuture<Boolean> take(String peer, Iterator<Part> parts, long untilNanos) {
        Part part = parts.next();
        PushRequest piece = new PushRequest(peer, receivedMs -> bodies.read(part, receivedMs));
        Optional<String> full = holdsBack.get().or(this::standsStill);
        Optional<CompletableFuture<Decoded.Events>> durable = full.isPresent() ? Optional.empty() : ingest.push(piece);
        if (durable.isEmpty()) {
            return CompletableFuture.completedFuture(
                    failed(full.orElse("too much is under way to the log, or the gateway is stopping")));
        }
        return durable.get()
                .thenApply(events -> true)
                .completeOnTimeout(false, Math.max(0, untilNanos - System.nanoTime()), TimeUnit.NANOSECONDS)
                .thenCompose(inTime -> inTime && parts.hasNext()
                        ? take(peer, parts, untilNanos)
                        : CompletableFuture.completedFuture(inTime ? ok() : late(durable.get())));
    }

    private Optional<String> standsStill() {
        return late.isDone() ? Optional.empty() : Optional.of(STANDS_STILL);
    }

    private boolean late(CompletableFuture<?> durable) {
        late = durable;
        return failed(STANDS_STILL);
    }

    private boolean ok() {
        ok.increment();
        if (refusing.compareAndSet(true, false)) {
            log.info("batches of Flume agents are taken again");
        }
        return true;
    }

    private boolean failed(String why) {
        failed.increment();
        if (refusing.compareAndSet(false, true)) {
            log.warn("batches of Flume agents are refused, they will be sent again: {}", why);
        }
        return false;
    }
}
