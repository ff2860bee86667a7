package io.tidegate.processor;

import io.tidegate.processor.checkpoint.CheckpointFolder;
import io.tidegate.processor.checkpoint.Fingerprint;
import io.tidegate.processor.checkpoint.RefusedCheckpointException;
import io.tidegate.processor.dstream.JobPlan;
import io.tidegate.processor.dstream.StreamingJob;
import io.tidegate.processor.ledger.Ledger;
import io.tidegate.processor.ops.GatewayMonitor;
import io.tidegate.processor.ops.LedgerMonitor;
import io.tidegate.processor.ops.OpsPages;
import io.tidegate.processor.ops.ProcessorMetrics;
import io.tidegate.processor.ops.RetainedTopics;
import io.tidegate.processor.ops.http.HttpServer;
import io.tidegate.processor.query.Durations;
import io.tidegate.processor.query.Query;
import io.tidegate.processor.settings.ProcessorSettings;
import io.tidegate.processor.settings.SparkSettings;
import io.tidegate.processor.settings.Version;
import io.tidegate.processor.structured.StructuredQueries;
import io.tidegate.processor.structured.StructuredQuery;
import io.tidegate.protocol.v1.OffsetsResponse;
import io.tidegate.spark.sink.jdbc.JdbcResults;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.spark.SparkConf;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run of the processor.
 *
 * <pre>
 *  start: HTTP ─▶ folder ─▶ the gateway answers ─▶ fingerprint ─▶ Spark ─▶ batches
 *  await: until stop() has drained (0) or a batch has failed (1)
 *  close: Spark, retained topics, HTTP, folder; in this order
 * </pre>
 */
final class Processor implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Processor.class);

    private final ProcessorSettings settings;
    private final GatewayMonitor gateway;
    private final RetainedTopics status;
    private final OpsPages pages;
    private final HttpServer http;
    private final CheckpointFolder folder;
    private final AtomicBoolean stopping = new AtomicBoolean();
    private volatile @Nullable StreamingJob job;
    private volatile @Nullable StructuredQueries sql;

    private Processor(ProcessorSettings settings, CheckpointFolder folder) throws IOException {
        this.settings = settings;
        this.folder = folder;
        gateway = GatewayMonitor.start(settings.gateway(), settings.group());
        LedgerMonitor monitor = new LedgerMonitor(this::ledger, System::nanoTime);
        status = RetainedTopics.start(settings, Clock.systemUTC(), monitor);
        pages = new OpsPages(settings, gateway, status, new ProcessorMetrics(), monitor);
        http = HttpServer.start(settings.http(), pages.all());
        LOG.info(
                "http://{}:{}/", settings.http().getHostString(), http.address().getPort());
    }

    /**
     * Opens the folder and begins to answer over HTTP; nothing is processed before {@link #run}.
     *
     * @param fresh sets an old state aside
     * @throws RefusedCheckpointException when somebody else works in the folder
     */
    static Processor start(ProcessorSettings settings, boolean fresh, Clock clock)
            throws IOException, RefusedCheckpointException {
        CheckpointFolder folder = CheckpointFolder.open(settings.checkpointDir());
        try {
            if (fresh) {
                folder.setAside(clock);
            }
            return new Processor(settings, folder);
        } catch (IOException | RuntimeException e) {
            folder.close();
            throw e;
        }
    }

    /**
     * Waits for the gateway and processes until the end.
     *
     * @return whether it ended well: stopped, not failed
     * @throws RefusedCheckpointException when the state in the folder was made with other settings
     */
    boolean run(SparkConf given)
            throws IOException, RefusedCheckpointException, InterruptedException, TimeoutException {
        OffsetsResponse log = gateway.answer();
        JobPlan plan = JobPlan.of(settings.queries(), log.getKeyGroupCount(), settings.partitions(), log.getGateway());
        for (StructuredQuery query : settings.structured()) {
            folder.admit(query.name(), fingerprint(query));
        }
        if (!plan.queries().isEmpty()) {
            folder.admit(fingerprint(plan));
        }
        boolean continued = folder.hasCheckpoint();
        SparkConf conf = SparkSettings.complete(
                given, settings, continued ? settings.batchInterval() : plan.alignment(settings.batchInterval()));
        if (!plan.queries().isEmpty()) {
            start(conf, plan, continued);
        }
        startSql(conf);
        pages.started();
        return await();
    }

    private void start(SparkConf conf, JobPlan plan, boolean continued) throws RefusedCheckpointException {
        StreamingJob started = StreamingJob.start(
                conf, plan, settings.jobSettings(), folder.spark(), pages.metrics()::published, pages.metrics());
        job = started;
        pages.running(started);
        LOG.info(
                "{} with {} queries on gateway {}, {}; longest window {}, so the gateway must keep at least the last {}",
                continued ? "continues" : "a new state",
                plan.queries().size(),
                plan.gateway(),
                conf.get("spark.master"),
                Durations.text(plan.longestWindow()),
                Durations.text(started.retention()));
    }

    /** In the Spark of the DStream queries, if there are any. */
    private void startSql(SparkConf conf) throws TimeoutException {
        if (settings.structured().isEmpty()) {
            return;
        }
        StructuredQueries started = StructuredQueries.start(
                conf,
                settings.structured(),
                new StructuredQueries.Environment(
                        settings.gateway(),
                        settings.group(),
                        folder.sql(),
                        settings.sinks(),
                        pages.metrics()::published));
        sql = started;
        pages.running(started);
        LOG.info("{} queries on Structured Streaming", settings.structured().size());
    }

    /** Whichever fails first ends the other. */
    private boolean await() throws InterruptedException {
        StreamingJob streams = job;
        StructuredQueries queries = sql;
        if (queries == null) {
            return streams == null || streams.await();
        }
        if (streams == null) {
            return queries.ended().join();
        }
        var unused = queries.ended().thenAccept(stopped -> {
            if (!stopped) {
                queries.close();
                streams.close();
            }
        });
        return streams.await() && queries.ended().getNow(true);
    }

    private static Fingerprint fingerprint(StructuredQuery query) {
        Map<String, String> frozen = new TreeMap<>();
        query.frozen().forEach((name, value) -> frozen.put(name, value.toString()));
        return Fingerprint.of(frozen);
    }

    private Fingerprint fingerprint(JobPlan plan) {
        Map<String, String> frozen = new TreeMap<>();
        frozen.put("version", Version.TEXT);
        frozen.put("batch-interval", Durations.text(settings.batchInterval()));
        frozen.put("partitions", String.valueOf(settings.partitions()));
        frozen.put("group", settings.group());
        frozen.put("gateways", plan.gateway());
        frozen.put("key groups of the gateway", String.valueOf(plan.stateGroups()));
        for (Query query : plan.queries()) {
            frozen.put("queries." + query.name(), query.frozen().toString());
        }
        return Fingerprint.of(frozen);
    }

    private Ledger ledger() {
        StreamingJob running = job;
        return running == null ? Ledger.NONE : running.ledger();
    }

    /** Where HTTP is answered. */
    InetSocketAddress http() {
        return http.address();
    }

    /**
     * Drains and stops, in a thread of its own; {@link #run} returns when that is done.
     *
     * @param undrained ends the process; called when all of it takes longer than {@code stop-timeout}
     * @return whether there is anything to wait for: false before the first batch, and when called once more
     */
    boolean stop(Runnable undrained) {
        if (stopping.getAndSet(true)) {
            return false;
        }
        StreamingJob streams = job;
        StructuredQueries queries = sql;
        if (streams == null && queries == null) {
            return false;
        }
        LOG.info("stopping: what was received is processed first");
        pages.stopping();
        StopDeadline.begin(settings.stopTimeout(), undrained);
        if (streams != null) {
            streams.stop();
        }
        if (queries != null) {
            Thread thread = new Thread(queries::close, "stopping");
            thread.setDaemon(true);
            thread.start();
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        StructuredQueries queries = sql;
        if (queries != null) {
            queries.close();
        }
        StreamingJob running = job;
        if (running != null) {
            running.close();
        }
        JdbcResults.closeAll();
        gateway.close();
        status.close();
        http.close();
        folder.close();
    }
}
