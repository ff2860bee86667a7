package io.tidegate.simulator.scenario;

import io.tidegate.simulator.fleet.CsvRows;
import io.tidegate.simulator.fleet.MetricReader;
import io.tidegate.simulator.fleet.Reading;
import io.tidegate.simulator.fleet.ReplayClock;
import io.tidegate.simulator.json.Json;
import io.tidegate.simulator.scenario.Step.Publish;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sensor data from a CSV file, played again with its own timing: a row is a message on {@code sensors/{device}} with its
 * time, a number in the device's sequence, and the metrics. The order is the file's; a clock that stepped back is in the
 * times, not in the pace. A row that can't be read is told, counted and left out. Not thread-safe.
 */
public final class CsvReplay implements Iterator<Step> {

    private static final Logger LOG = LoggerFactory.getLogger(CsvReplay.class);
    private static final int MOST_TOLD = 10;

    private final CsvRows rows;
    private final String device;
    private final int deviceColumn;
    private final int timeColumn;
    private final Map<Integer, String> metrics = new TreeMap<>();
    private final Function<String, Instant> times;
    private final ReplayClock pace;
    private final Map<String, Long> sequences = new HashMap<>();
    private long skipped;
    private @Nullable Publish next;

    /**
     * Reads as it is asked.
     *
     * @param speed how many times faster than it was; 0: without any waiting
     * @throws CsvMapping.Mistake when the mapping doesn't fit the file
     */
    public CsvReplay(CsvRows rows, CsvMapping mapping, double speed) throws CsvMapping.Mistake {
        List<String> columns = rows.columns();
        if (columns.isEmpty()) {
            throw new CsvMapping.Mistake("the file is empty (expected: a line with the names of the columns)");
        }
        this.rows = rows;
        this.pace = new ReplayClock(speed);
        this.times = mapping.times();
        this.timeColumn =
                mapping.time().isPresent() ? column("--time", mapping.time().get(), columns) : 0;
        this.deviceColumn = mapping.deviceColumn().isPresent()
                ? column("--device-column", mapping.deviceColumn().get(), columns)
                : -1;
        this.device = topicLevel(mapping.device(), "--device");
        for (Map.Entry<String, String> metric : mapping.metrics().entrySet()) {
            metrics.put(column("--metric", metric.getKey(), columns), metric.getValue());
        }
        if (metrics.isEmpty()) {
            for (int column = 0; column < columns.size(); column++) {
                if (column != timeColumn && column != deviceColumn) {
                    metrics.put(column, columns.get(column));
                }
            }
        }
        for (String metric : metrics.values()) {
            topicLevel(metric, "--metric");
        }
        advance();
    }

    private static int column(String option, String name, List<String> columns) throws CsvMapping.Mistake {
        int column = columns.indexOf(name);
        if (column < 0) {
            throw new CsvMapping.Mistake(
                    option + " " + name + " (expected: one of the columns " + String.join(", ", columns) + ")");
        }
        return column;
    }

    private static String topicLevel(String name, String option) throws CsvMapping.Mistake {
        if (!MetricReader.isName(name)) {
            throw new CsvMapping.Mistake(option + " " + name + " (expected: letters, digits and _ . ~ - only)");
        }
        return name;
    }

    /** How many rows could not be read so far. */
    public long skipped() {
        return skipped;
    }

    @Override
    public boolean hasNext() {
        return next != null;
    }

    @Override
    public Step next() {
        Publish row = next;
        if (row == null) {
            throw new NoSuchElementException("the file is over");
        }
        advance();
        return row;
    }

    private void advance() {
        next = null;
        while (next == null && rows.hasNext()) {
            CsvRows.Row row = rows.next();
            try {
                next = message(row);
            } catch (DateTimeException | NumberFormatException e) {
                skipped++;
                if (skipped <= MOST_TOLD) {
                    LOG.warn("line {} is left out: {}", row.line(), e.getMessage());
                }
            }
        }
    }

    /** @throws NumberFormatException also when the row has no value at all */
    private Publish message(CsvRows.Row row) {
        Instant time = times.apply(row.cell(timeColumn));
        String sender = deviceColumn < 0 ? device : row.cell(deviceColumn);
        if (!MetricReader.isName(sender)) {
            throw new NumberFormatException(
                    "\"" + sender + "\" names no device (expected: letters, digits and _ . ~ - only)");
        }
        Map<String, BigDecimal> values = new TreeMap<>();
        metrics.forEach((column, metric) -> {
            if (!row.cell(column).isEmpty()) {
                values.put(metric, number(row.cell(column)));
            }
        });
        if (values.isEmpty()) {
            throw new NumberFormatException("no column of a metric has a value");
        }
        long seq = sequences.merge(sender, 1L, Long::sum);
        Map<String, Object> payload = new LinkedHashMap<>();
        payload.put("time", time.toString());
        payload.put("seq", seq);
        payload.putAll(values);
        List<Observation> content = new ArrayList<>();
        values.forEach((metric, value) -> content.add(new Observation.Measured(
                new Reading(sender, metric, seq, time.toEpochMilli(), value.doubleValue()), "")));
        return new Publish(
                pace.moveTo(time.toEpochMilli()), sender, "sensors/" + sender, Json.write(payload), false, content);
    }

    private static BigDecimal number(String cell) {
        try {
            return new BigDecimal(cell);
        } catch (NumberFormatException e) {
            throw new NumberFormatException("\"" + cell + "\" is no number");
        }
    }
}
