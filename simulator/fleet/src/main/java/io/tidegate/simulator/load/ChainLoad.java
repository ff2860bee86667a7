package io.tidegate.simulator.load;

import io.tidegate.simulator.load.Measurement.Measured;
import io.tidegate.simulator.load.PhaseResult.LatencyFigures;
import java.io.IOException;
import java.net.URI;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SynchronizedHistogram;

/** What is published to a chain, and what is heard of its results. */
final class ChainLoad implements AutoCloseable {
    /** Percentiles are at most 0.1 % above the exact ones. */
    private static final int LATENCY_DIGITS = 3;

    private final Histogram latencies = new SynchronizedHistogram(LATENCY_DIGITS);
    private final int readingsAMessage;
    private final LatencyTracker tracker;
    private final ResultSubscriber results;
    private final LoadPublisher publisher;

    /**
     * Connects.
     *
     * @param run the devices are {@code run-0}, {@code run-1}, …
     */
    ChainLoad(URI broker, String run, LoadShape shape) throws IOException {
        this.readingsAMessage = shape.readingsAMessage();
        this.tracker = new LatencyTracker(shape.devices(), readingsAMessage, latencies);
        this.results = new ResultSubscriber(broker, run, tracker);
        try {
            this.publisher = new LoadPublisher(broker, run, shape);
        } catch (IOException e) {
            results.close();
            throw e;
        }
    }

    ResultSubscriber results() {
        return results;
    }

    LatencyTracker tracker() {
        return tracker;
    }

    LoadPublisher publisher() {
        return publisher;
    }

    /** Of the results that have arrived by now. */
    LatencyFigures latency() {
        return LatencyFigures.of(latencies);
    }

    /** Messages a second that became results in the measured time. */
    double messagesPerSecond(Measured measured) {
        return tracker.readingsPerSecond(
                        measured.first().nanos(), measured.last().nanos())
                / readingsAMessage;
    }

    /** The same with what the totals say. */
    PhaseResult counted(PhaseResult figures) {
        return figures.withTaken(tracker.counted(), tracker.lost(), tracker.duplicates());
    }

    @Override
    public void close() {
        publisher.close();
        results.close();
    }
}
