package io.tidegate.simulator.load;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidegate.simulator.local.Endpoint;
import io.tidegate.simulator.local.PrometheusText;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** A processor with the queries of one run; a message is taken when its readings are applied in all of them. */
final class GrowthTarget implements Target {
    /** Results come once a batch interval: what a second brings has to fit in several times. */
    private static final long MORE_OUTSTANDING = 10;

    private static final double MIB = 1 << 20;
    private static final long EVERY_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final LoadSystem system;
    private final GrowthQuery query;
    private final int readingsAMessage;
    private final Endpoint processor;
    private final BatchTimes batches;
    private final MicroBatchTimes microBatches = new MicroBatchTimes();
    private final MemoryUsage memory;
    private long applied;
    private boolean measured;
    private long sizedNanos = System.nanoTime();
    private long checkpointBytes;
    private PrometheusText atEnd = new PrometheusText("");
    private BatchTimes.Figures times = BatchTimes.Figures.NONE;

    /** The processor runs. */
    GrowthTarget(LoadSystem system, GrowthQuery query, int readingsAMessage) {
        this.system = system;
        this.query = query;
        this.readingsAMessage = readingsAMessage;
        this.processor = system.folder().processorPages();
        this.batches = new BatchTimes(processor);
        this.memory = new MemoryUsage(
                processor, Objects.requireNonNull(system.handles().get("processor")));
    }

    @Override
    public long taken() throws IOException, InterruptedException {
        system.check();
        applied = Math.max(applied, query == GrowthQuery.STRUCTURED ? structured() : inLedger());
        batches.poll();
        if (measured) {
            memory.poll();
            sizeCheckpoint();
        }
        return applied / readingsAMessage;
    }

    /** Readings that are applied in the query that has applied least; 0 when the ledger does not answer. */
    private long inLedger() throws InterruptedException {
        long least = Long.MAX_VALUE;
        for (JsonNode account : processor.json("/ledger").path("queries")) {
            least = Math.min(least, account.path("applied").longValue());
        }
        return least == Long.MAX_VALUE ? 0 : least;
    }

    /** Readings that are in sessions: there is no ledger of them. */
    private long structured() throws InterruptedException {
        JsonNode progress = processor.json("/queries").at("/queries/0/progress");
        microBatches.add(progress);
        return progress.path("rowsSinceStart").longValue()
                - progress.path("lateSinceStart").longValue()
                - progress.path("failedSinceStart").longValue();
    }

    private void sizeCheckpoint() throws IOException {
        if (System.nanoTime() - sizedNanos > EVERY_NANOS) {
            sizedNanos = System.nanoTime();
            checkpointBytes = Math.max(
                    checkpointBytes, FolderSize.of(system.folder().path().resolve("processor")));
        }
    }

    @Override
    public long outstanding() {
        return MORE_OUTSTANDING * OUTSTANDING / readingsAMessage;
    }

    @Override
    public void measuring(long nowNanos) throws InterruptedException {
        batches.measure();
        microBatches.measure();
        measured = true;
    }

    @Override
    public void measured() throws InterruptedException {
        measured = false;
        times = query == GrowthQuery.STRUCTURED ? microBatches.figures() : batches.figures();
        atEnd = new PrometheusText(processor.text("/metrics").orElse(""));
    }

    /** Readings that are applied. */
    long applied() {
        return applied;
    }

    /** Of the batches, or micro-batches, that ended in the measured time. */
    BatchTimes.Figures times() {
        return times;
    }

    /** What the processor held in the measured time. */
    GrowthFigures.Held held() {
        return new GrowthFigures.Held(
                checkpointBytes / MIB,
                memory.leastHeap().orElse(null),
                memory.figures().map(MemoryUsage.Figures::residentLast).orElse(null),
                (long) atEnd.sum("tidegate_state_keys", "query=\"" + query.query() + "\""),
                atEnd.sum("tidegate_state_bytes") / MIB);
    }
}
