package io.tidegate.processor.ops;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tidegate.processor.ops.http.HttpReply;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.DoubleSupplier;
import org.apache.spark.streaming.scheduler.BatchInfo;
import org.apache.spark.streaming.scheduler.StreamingListener;
import org.apache.spark.streaming.scheduler.StreamingListenerBatchCompleted;
import scala.Option;

/** The processor's metrics; Spark's listener thread and the job write them, a page shows them. */
public final class ProcessorMetrics implements StreamingListener {

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    /** The registry itself would let them go. */
    private final List<DoubleSupplier> counted = new CopyOnWriteArrayList<>();

    private final Timer batches = Timer.builder("tidegate.batch")
            .description("From the begin of a batch's processing to its end")
            .publishPercentileHistogram()
            .minimumExpectedValue(Duration.ofMillis(10))
            .maximumExpectedValue(Duration.ofMinutes(1))
            .register(registry);
    private final Timer delays = Timer.builder("tidegate.batch.scheduling.delay")
            .description("How long batches waited for the ones before them")
            .register(registry);
    private final Counter events = Counter.builder("tidegate.events")
            .description("Events that came in batches that were completed since this start")
            .register(registry);

    /** Shows the memory of this JVM from the beginning. */
    public ProcessorMetrics() {
        new JvmMemoryMetrics().bindTo(registry);
    }

    /** Results of a query were published. */
    public void published(String query, long count) {
        Counter.builder("tidegate.results.published")
                .description("Results that the sinks have acknowledged")
                .tag("query", query)
                .register(registry)
                .increment((double) count);
    }

    /** Shows a value that goes up and down. */
    public void gauge(String name, String description, DoubleSupplier value) {
        Gauge.builder(name, value, DoubleSupplier::getAsDouble)
                .description(description)
                .strongReference(true)
                .register(registry);
    }

    /** Shows a value of a query that goes up and down. */
    public void gauge(String name, String description, String query, DoubleSupplier value) {
        Gauge.builder(name, value, DoubleSupplier::getAsDouble)
                .description(description)
                .tag("query", query)
                .strongReference(true)
                .register(registry);
    }

    /** Shows a number of a query that somebody else counts and that only grows. */
    public void count(String name, String description, String query, DoubleSupplier value) {
        counted.add(value);
        FunctionCounter.builder(name, value, DoubleSupplier::getAsDouble)
                .description(description)
                .tag("query", query)
                .register(registry);
    }

    @Override
    public void onBatchCompleted(StreamingListenerBatchCompleted completed) {
        BatchInfo batch = completed.batchInfo();
        events.increment((double) batch.numRecords());
        record(batches, batch.processingDelay());
        record(delays, batch.schedulingDelay());
    }

    private static void record(Timer timer, Option<Object> ms) {
        if (ms.isDefined()) {
            timer.record(Duration.ofMillis((Long) ms.get()));
        }
    }

    /** The page {@code /metrics}. */
    public HttpReply reply() {
        return HttpReply.text("text/plain; version=0.0.4; charset=utf-8", registry.scrape());
    }
}
