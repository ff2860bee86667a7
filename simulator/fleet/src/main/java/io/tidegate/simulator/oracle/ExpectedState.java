package io.tidegate.simulator.oracle;

import io.tidegate.simulator.fleet.Reading;
import io.tidegate.simulator.scenario.Observation;
import io.tidegate.simulator.scenario.Step;
import io.tidegate.simulator.web.LogEntry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What becomes of everything that a scenario or a fleet sends, by the rules of the contract: duplicates, impossible times,
 * dead letters, and which devices are online at the end.
 */
public final class ExpectedState {
    private static final long YEAR_2000_MS = 946_684_800_000L;
    private static final long AHEAD_MS = 300_000;

    private final long latestMs;
    private final List<Row> readings = new ArrayList<>();
    private final List<Row> requests = new ArrayList<>();
    private final Map<String, Long> deadLetters = new TreeMap<>();
    private final Map<String, Boolean> online = new TreeMap<>();
    private final DuplicateFilter remembered = new DuplicateFilter();
    private long received;
    private long duplicates;
    private long statuses;
    private int phase;

    private ExpectedState(Instant sent) {
        this.latestMs = sent.toEpochMilli() + AHEAD_MS;
    }

    /**
     * What becomes of these steps.
     *
     * @param sent when they are taken: times far ahead of that are impossible
     */
    public static ExpectedState of(Iterator<? extends Step> steps, Instant sent) {
        ExpectedState state = new ExpectedState(sent);
        while (steps.hasNext()) {
            Step step = steps.next();
            if (step instanceof Step.Barrier) {
                state.phase++;
            } else if (step instanceof Step.Publish message) {
                message.content().forEach(state::receive);
            }
        }
        return state;
    }

    /** What the gateway's ledger must say. */
    public Map<String, Object> ledger() {
        return Map.of(
                "received",
                received,
                "logged",
                (long) readings.size() + requests.size(),
                "duplicate",
                duplicates,
                "deadLettered",
                deadLetters.values().stream().mapToLong(Long::longValue).sum(),
                "presence",
                statuses,
                "residual",
                0L);
    }

    /** How often each dead letter is there, by topic and bytes. */
    public Map<String, Long> deadLetters() {
        return Map.copyOf(deadLetters);
    }

    /** Whether each device is there at the end. */
    public Map<String, Boolean> online() {
        return Map.copyOf(online);
    }

    /** The events of a table, in the order in which they are sent. */
    List<Row> table(String name) {
        return name.equals("readings") ? readings : requests;
    }

    /** How many events are logged in all. */
    long logged() {
        return (long) readings.size() + requests.size();
    }

    private void receive(Observation said) {
        received++;
        if (said instanceof Observation.Measured measured) {
            receive(measured);
        } else if (said instanceof Observation.Requested requested) {
            requests.add(row(requested));
        } else if (said instanceof Observation.Status status) {
            statuses++;
            online.put(status.device(), status.online());
        } else if (said instanceof Observation.Unreadable letter) {
            deadLetters.merge(letter.topic() + " " + letter.raw(), 1L, Long::sum);
        }
    }

    private void receive(Observation.Measured measured) {
        Reading reading = measured.reading();
        boolean clamped = reading.timeMs() < YEAR_2000_MS || reading.timeMs() > latestMs;
        if (!remembered.isNew(reading, clamped)) {
            duplicates++;
            return;
        }
        online.put(reading.device(), true);
        Map<String, Object> columns = new HashMap<>(Map.of(
                "device",
                reading.device(),
                "metric",
                reading.metric(),
                "value",
                reading.value(),
                "seq",
                reading.seq()));
        if (!measured.unit().isEmpty()) {
            columns.put("unit", measured.unit());
        }
        readings.add(new Row(
                received, reading.device(), reading.timeMs(), clamped, phase, measured.faults(), Map.copyOf(columns)));
    }

    private Row row(Observation.Requested requested) {
        LogEntry entry = requested.entry();
        Map<String, Object> columns = new HashMap<>(Map.of(
                "client", entry.client(),
                "host", requested.host(),
                "method", entry.method(),
                "path", entry.path(),
                "protocol", "HTTP/1.1",
                "status", (long) entry.status(),
                "agent", entry.agent()));
        if (entry.bytes() > 0) {
            columns.put("bytes", entry.bytes()); // a log says - for nothing
        }
        return new Row(received, entry.client(), entry.timeMs(), false, phase, List.of(), Map.copyOf(columns));
    }
}
