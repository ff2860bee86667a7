package io.tidegate.processor.ops;

import io.tidegate.processor.aggregate.StateSize;
import io.tidegate.processor.dstream.StreamingJob;
import io.tidegate.processor.ledger.Ledger;
import io.tidegate.processor.ops.http.HttpReply;
import io.tidegate.processor.query.Query;
import io.tidegate.processor.query.QueryKind;
import io.tidegate.processor.settings.ProcessorSettings;
import io.tidegate.processor.settings.Version;
import io.tidegate.processor.structured.KeyedQuery;
import io.tidegate.processor.structured.StructuredProgress;
import io.tidegate.processor.structured.StructuredQueries;
import io.tidegate.processor.structured.StructuredQuery;
import io.tidegate.spark.dstream.BackpressureController;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** What the pages say, from wherever it is known. */
public final class OpsPages {

    /** More waiting batches than this are told about. */
    private static final int MAX_WAITING_BATCHES = 3;

    private final ProcessorSettings settings;
    private final GatewayMonitor gateway;
    private final RetainedTopics status;
    private final ProcessorMetrics metrics;
    private final LedgerMonitor monitor;
    private final Instant since = Instant.now();
    private volatile @Nullable StreamingJob job;
    private volatile @Nullable StructuredQueries sql;
    private volatile boolean started;
    private volatile boolean stopping;

    /** Of a processor that starts. */
    public OpsPages(
            ProcessorSettings settings,
            GatewayMonitor gateway,
            RetainedTopics status,
            ProcessorMetrics metrics,
            LedgerMonitor monitor) {
        this.settings = settings;
        this.gateway = gateway;
        this.status = status;
        this.metrics = metrics;
        this.monitor = monitor;
        metrics.gauge(
                "tidegate.gateway.backlog.events",
                "Events in the gateway's log that no receiver has",
                gateway::backlog);
        metrics.gauge("tidegate.gateway.connected", "1 while the gateway answers", () -> gateway.connected() ? 1 : 0);
        metrics.gauge("tidegate.broker.connected", "1 while the broker is there", () -> status.connected() ? 1 : 0);
    }

    /** What the page {@code /metrics} shows. */
    public ProcessorMetrics metrics() {
        return metrics;
    }

    /** From now on there is a job to tell about. */
    public void running(StreamingJob running) {
        BackpressureController backpressure = running.backpressure();
        metrics.gauge("tidegate.batches.waiting", "Batches that have not begun", backpressure::batchesWaiting);
        metrics.gauge(
                "tidegate.receiver.held",
                "1 while nothing is taken from the gateway, as batches wait",
                () -> backpressure.isHeld() ? 1 : 0);
        metrics.gauge(
                "tidegate.ledger.residual",
                "0 while the ledger adds up",
                () -> monitor.look().residual());
        for (Query query : settings.queries()) {
            count("tidegate.events.pulled", "Events that came through the door", query, Ledger.QueryAccount::pulled);
            count(
                    "tidegate.events.applied",
                    "Events in results since the state began",
                    query,
                    Ledger.QueryAccount::applied);
            count(
                    "tidegate.events.late",
                    "Events too late for a session, or to be scored",
                    query,
                    Ledger.QueryAccount::late);
            count("tidegate.events.filtered", "Events in no result", query, Ledger.QueryAccount::filtered);
            count("tidegate.events.failed", "Events that could not be evaluated", query, Ledger.QueryAccount::failed);
        }
        for (Query query : settings.queries()) {
            if (!(query.kind() instanceof QueryKind.Counts)) {
                size(query.name(), () -> running.stateSize(query.name()));
            }
            if (query.kind() instanceof QueryKind.Bounded) {
                forgotten(query.name(), () -> running.stateSize(query.name()));
            }
        }
        job = running;
    }

    private void size(String query, Supplier<StateSize> stateSize) {
        metrics.gauge(
                "tidegate.state.keys",
                "Keys in the state",
                query,
                () -> stateSize.get().keys());
        metrics.gauge(
                "tidegate.state.bytes",
                "About how much memory they take",
                query,
                () -> stateSize.get().bytes());
        metrics.count(
                "tidegate.state.keys.dropped",
                "Keys beyond max-keys",
                query,
                () -> stateSize.get().dropped());
    }

    private void forgotten(String query, Supplier<StateSize> stateSize) {
        metrics.count(
                "tidegate.state.keys.forgotten",
                "Keys without events for long",
                query,
                () -> stateSize.get().forgotten());
    }

    /** From now on there are queries in SQL to tell about. */
    public void running(StructuredQueries running) {
        for (StructuredQuery query : settings.structured()) {
            StructuredProgress progress = running.progress(query.name());
            metrics.count("tidegate.sql.rows", "Rows read", query.name(), progress::rows);
            metrics.count("tidegate.sql.late.rows", "Rows behind the watermark", query.name(), progress::late);
            metrics.count("tidegate.sql.failed.rows", "Rows not evaluated", query.name(), progress::failed);
            size(query.name(), progress::stateSize);
            metrics.count("tidegate.sql.batches", "Micro-batches", query.name(), progress::batches);
        }
        sql = running;
    }

    /** Everything runs. */
    public void started() {
        started = true;
    }

    private void count(String name, String description, Query query, ToLongFunction<Ledger.QueryAccount> number) {
        metrics.count(
                name,
                description,
                query.name(),
                () -> monitor.look().queries().stream()
                        .filter(account -> account.query().equals(query.name()))
                        .mapToLong(number)
                        .sum());
    }

    /** From now on it is not ready. */
    public void stopping() {
        stopping = true;
    }

    /** By path. */
    public Map<String, Supplier<HttpReply>> all() {
        return Map.of(
                "/livez",
                () -> HttpReply.json(200, Map.of("status", "alive")),
                "/readyz",
                () -> readiness().reply(),
                "/metrics",
                metrics::reply,
                "/info",
                this::info,
                "/ledger",
                () -> HttpReply.json(200, monitor.look()),
                "/queries",
                this::queries);
    }

    private Readiness readiness() {
        List<String> blocked = new ArrayList<>();
        List<String> degraded = new ArrayList<>();
        StreamingJob running = job;
        if (stopping) {
            blocked.add("stopping");
        } else if (!started) {
            blocked.add("starting");
        }
        if (!gateway.connected()) {
            blocked.add("gateway away: " + gateway.address());
        }
        if (!status.connected()) {
            blocked.add("broker away: " + settings.mqtt().broker());
        }
        if (running != null) {
            addWarnings(running, degraded);
        }
        StructuredQueries structured = sql;
        if (structured != null) {
            addWarnings(structured, degraded);
        }
        return new Readiness(blocked, degraded);
    }

    private void addWarnings(StreamingJob running, List<String> degraded) {
        int waiting = running.backpressure().batchesWaiting();
        if (waiting > MAX_WAITING_BATCHES) {
            degraded.add("batches waiting: " + waiting + ", so results come late");
        }
        monitor.imbalance().ifPresent(degraded::add);
        for (Query query : settings.queries()) {
            FullStateWarning.reason(
                            query,
                            running.stateSize(query.name()),
                            running.ledger().batch())
                    .ifPresent(degraded::add);
        }
    }

    private void addWarnings(StructuredQueries running, List<String> degraded) {
        for (StructuredQuery query : settings.structured()) {
            if (query instanceof KeyedQuery keyed) {
                StructuredProgress progress = running.progress(query.name());
                FullStateWarning.reason(keyed.query(), progress.stateSize(), progress.batchMs())
                        .ifPresent(degraded::add);
            }
        }
    }

    private HttpReply info() {
        Map<String, Object> info = new LinkedHashMap<>();
        info.put("component", "processor");
        info.put("id", settings.id());
        info.put("version", Version.TEXT);
        info.put("since", since.toString());
        info.put("gateway", gateway.address());
        info.put("broker", settings.mqtt().broker().toString());
        info.put("batchIntervalMs", settings.batchInterval().toMillis());
        info.put("checkpointDir", settings.checkpointDir().toString());
        StreamingJob running = job;
        if (running != null) {
            info.put("retentionMs", running.retention().toMillis());
        }
        return HttpReply.json(200, info);
    }

    private HttpReply queries() {
        List<Map<String, Object>> all = new ArrayList<>();
        for (Query query : settings.queries()) {
            Map<String, Object> described = new LinkedHashMap<>();
            described.put("name", query.name());
            described.putAll(query.describe());
            StreamingJob streams = job;
            if (streams != null) {
                described.put("state", streams.stateSize(query.name()));
            }
            all.add(described);
        }
        StructuredQueries running = sql;
        for (StructuredQuery query : settings.structured()) {
            Map<String, Object> described = new LinkedHashMap<>();
            described.put("name", query.name());
            described.putAll(query.describe());
            if (running != null) {
                described.put("state", running.progress(query.name()).stateSize());
                described.put("progress", running.progress(query.name()).shown());
            }
            all.add(described);
        }
        return HttpReply.json(200, Map.of("queries", all));
    }
}
