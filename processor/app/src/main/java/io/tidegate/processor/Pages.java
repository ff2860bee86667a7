package io.tidegate.processor;

import io.tidegate.processor.http.Metrics;
import io.tidegate.processor.http.Readiness;
import io.tidegate.processor.http.Reply;
import io.tidegate.processor.job.Job;
import io.tidegate.processor.job.Ledger;
import io.tidegate.processor.query.Kind;
import io.tidegate.processor.query.Query;
import io.tidegate.processor.sql.SessionsQuery;
import io.tidegate.processor.sql.SqlProgress;
import io.tidegate.processor.sql.SqlQueries;
import io.tidegate.processor.sql.StructuredQuery;
import io.tidegate.processor.state.StateSize;
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
final class Pages {

    /** More waiting batches than this are told about. */
    private static final int MOST_WAITING = 3;

    private final ProcessorSettings settings;
    private final GatewayWatch gateway;
    private final RetainedTopics status;
    private final Metrics metrics;
    private final Books books;
    private final Instant since = Instant.now();
    private volatile @Nullable Job job;
    private volatile @Nullable SqlQueries sql;
    private volatile boolean started;
    private volatile boolean stopping;

    Pages(ProcessorSettings settings, GatewayWatch gateway, RetainedTopics status, Metrics metrics, Books books) {
        this.settings = settings;
        this.gateway = gateway;
        this.status = status;
        this.metrics = metrics;
        this.books = books;
        metrics.gauge(
                "tidegate.gateway.backlog.events",
                "Events in the gateway's log that no receiver has",
                gateway::backlog);
        metrics.gauge("tidegate.gateway.connected", "1 while the gateway answers", () -> gateway.connected() ? 1 : 0);
        metrics.gauge("tidegate.broker.connected", "1 while the broker is there", () -> status.connected() ? 1 : 0);
    }

    Metrics metrics() {
        return metrics;
    }

    /** From now on there is a job to tell about. */
    void running(Job running) {
        BackpressureController backpressure = running.backpressure();
        metrics.gauge("tidegate.batches.waiting", "Batches that have not begun", backpressure::batchesWaiting);
        metrics.gauge(
                "tidegate.receiver.held",
                "1 while nothing is taken from the gateway, as batches wait",
                () -> backpressure.isHeld() ? 1 : 0);
        metrics.gauge(
                "tidegate.ledger.residual",
                "0 while the ledger adds up",
                () -> books.look().residual());
        for (Query query : settings.queries()) {
            count("tidegate.events.pulled", "Events that came through the door", query, Ledger.QueryAccount::pulled);
            count(
                    "tidegate.events.applied",
                    "Events in results since the state began",
                    query,
                    Ledger.QueryAccount::applied);
            count("tidegate.events.late", "Events too late for their session", query, Ledger.QueryAccount::late);
            count("tidegate.events.filtered", "Events in no result", query, Ledger.QueryAccount::filtered);
            count("tidegate.events.failed", "Events that could not be evaluated", query, Ledger.QueryAccount::failed);
        }
        for (Query query : settings.queries()) {
            if (!(query.kind() instanceof Kind.Counts)) {
                size(query.name(), () -> running.held(query.name()));
            }
            if (query.kind() instanceof Kind.Sessions || query.kind() instanceof Kind.Totals) {
                forgotten(query.name(), () -> running.held(query.name()));
            }
        }
        job = running;
    }

    private void size(String query, Supplier<StateSize> held) {
        metrics.gauge(
                "tidegate.state.keys",
                "Keys in the state",
                query,
                () -> held.get().keys());
        metrics.gauge(
                "tidegate.state.bytes",
                "About how much memory they take",
                query,
                () -> held.get().bytes());
        metrics.count(
                "tidegate.state.keys.dropped",
                "Keys beyond max-keys",
                query,
                () -> held.get().dropped());
    }

    private void forgotten(String query, Supplier<StateSize> held) {
        metrics.count(
                "tidegate.state.keys.forgotten",
                "Keys without events for long",
                query,
                () -> held.get().forgotten());
    }

    /** From now on there are queries in SQL to tell about. */
    void running(SqlQueries running) {
        for (StructuredQuery query : settings.structured()) {
            SqlProgress progress = running.progress(query.name());
            metrics.count("tidegate.sql.rows", "Rows read", query.name(), progress::rows);
            metrics.count("tidegate.sql.late.rows", "Rows behind the watermark", query.name(), progress::late);
            metrics.count("tidegate.sql.failed.rows", "Rows not evaluated", query.name(), progress::failed);
            size(query.name(), progress::held);
            metrics.count("tidegate.sql.batches", "Micro-batches", query.name(), progress::batches);
        }
        sql = running;
    }

    /** Everything runs. */
    void started() {
        started = true;
    }

    private void count(String name, String description, Query query, ToLongFunction<Ledger.QueryAccount> number) {
        metrics.count(
                name,
                description,
                query.name(),
                () -> books.look().queries().stream()
                        .filter(account -> account.query().equals(query.name()))
                        .mapToLong(number)
                        .sum());
    }

    void stopping() {
        stopping = true;
    }

    /** By path. */
    Map<String, Supplier<Reply>> all() {
        return Map.of(
                "/livez",
                () -> Reply.json(200, Map.of("status", "alive")),
                "/readyz",
                () -> readiness().reply(),
                "/metrics",
                metrics::reply,
                "/info",
                this::info,
                "/ledger",
                () -> Reply.json(200, books.look()),
                "/queries",
                this::queries);
    }

    private Readiness readiness() {
        List<String> blocked = new ArrayList<>();
        List<String> degraded = new ArrayList<>();
        Job running = job;
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
            judge(running, degraded);
        }
        SqlQueries structured = sql;
        if (structured != null) {
            judge(structured, degraded);
        }
        return new Readiness(blocked, degraded);
    }

    private void judge(Job running, List<String> degraded) {
        int waiting = running.backpressure().batchesWaiting();
        if (waiting > MOST_WAITING) {
            degraded.add("batches waiting: " + waiting + ", so results come late");
        }
        books.imbalance().ifPresent(degraded::add);
        for (Query query : settings.queries()) {
            FullState.reason(query, running.held(query.name()), running.ledger().batch())
                    .ifPresent(degraded::add);
        }
    }

    private void judge(SqlQueries running, List<String> degraded) {
        for (StructuredQuery query : settings.structured()) {
            if (query instanceof SessionsQuery sessions) {
                SqlProgress progress = running.progress(query.name());
                FullState.reason(sessions.query(), progress.held(), progress.batchMs())
                        .ifPresent(degraded::add);
            }
        }
    }

    private Reply info() {
        Map<String, Object> info = new LinkedHashMap<>();
        info.put("component", "processor");
        info.put("id", settings.id());
        info.put("version", Version.TEXT);
        info.put("since", since.toString());
        info.put("gateway", gateway.address());
        info.put("broker", settings.mqtt().broker().toString());
        info.put("batchIntervalMs", settings.batchInterval().toMillis());
        info.put("checkpointDir", settings.checkpointDir().toString());
        Job running = job;
        if (running != null) {
            info.put("retentionMs", running.retention().toMillis());
        }
        return Reply.json(200, info);
    }

    private Reply queries() {
        List<Map<String, Object>> all = new ArrayList<>();
        for (Query query : settings.queries()) {
            Map<String, Object> described = new LinkedHashMap<>();
            described.put("name", query.name());
            described.putAll(query.describe());
            Job streams = job;
            if (streams != null) {
                described.put("state", streams.held(query.name()));
            }
            all.add(described);
        }
        SqlQueries running = sql;
        for (StructuredQuery query : settings.structured()) {
            Map<String, Object> described = new LinkedHashMap<>();
            described.put("name", query.name());
            described.putAll(query.describe());
            if (running != null) {
                described.put("state", running.progress(query.name()).held());
                described.put("progress", running.progress(query.name()).shown());
            }
            all.add(described);
        }
        return Reply.json(200, Map.of("queries", all));
    }
}
