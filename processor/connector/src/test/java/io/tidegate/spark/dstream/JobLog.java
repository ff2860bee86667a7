package io.tidegate.spark.dstream;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.CharMatcher;
import com.google.common.base.Splitter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Reads what a {@link CountingJob} has written and checks it against the law: every event exactly once. */
final class JobLog {

    /** A batch: where each key group begins and ends in it, and its seenThrough. */
    record Batch(long time, Map<Integer, long[]> ranges, double sum, long ticks, long seenThrough, long tickBatch) {

        long events() {
            return ranges.values().stream().mapToLong(r -> r[1] - r[0]).sum();
        }
    }

    private final Path folder;

    JobLog(Path folder) {
        this.folder = folder;
    }

    /** The batches in the order of their time; a batch that ran again must have said the same. */
    List<Batch> batches() {
        List<Batch> batches = new ArrayList<>();
        once("batches").forEach((time, content) -> batches.add(parse(time, content)));
        return batches;
    }

    long events() {
        return batches().stream().mapToLong(Batch::events).sum();
    }

    /** How many batches ran more than once. */
    long rerun() {
        return (long) lines("batches").size() - once("batches").size();
    }

    /** Each batch begins where the one before it ended, none is missing, ticks come one a batch and never step back. */
    void assertContiguous(int keyGroups) {
        long[] next = new long[keyGroups];
        long time = 0;
        long seenThrough = 0;
        for (Batch batch : batches()) {
            assertThat(time == 0 ? batch.time() : time + CountingJob.BATCH_MS).isEqualTo(batch.time());
            batch.ranges().forEach((kg, range) -> {
                assertThat(range[0]).as("batch %s, key group %s", batch, kg).isEqualTo(next[kg]);
                next[kg] = range[1];
            });
            assertThat(batch.ticks()).isEqualTo(1);
            assertThat(batch.tickBatch()).isEqualTo(batch.time());
            assertThat(batch.seenThrough()).isGreaterThanOrEqualTo(seenThrough);
            time = batch.time();
            seenThrough = batch.seenThrough();
        }
    }

    /** The newest totals of the state; empty before the first. */
    String totals() {
        NavigableMap<Long, String> totals = once("totals");
        return totals.isEmpty() ? "" : totals.lastEntry().getValue();
    }

    /** The sum of a window's counts by device, by batch time. */
    Map<Long, Long> windowCounts() {
        Map<Long, Long> counts = new TreeMap<>();
        once("windows").forEach((time, text) -> counts.put(time, sum(text)));
        return counts;
    }

    Map<Long, Long> totalCounts() {
        Map<Long, Long> counts = new TreeMap<>();
        once("totals").forEach((time, text) -> counts.put(time, sum(text)));
        return counts;
    }

    /** Every window is the sum of its batches, every total the sum of all batches so far: recomputed from the ranges. */
    void assertStateFollowsBatches() {
        Map<Long, Long> events = new TreeMap<>();
        batches().forEach(batch -> events.put(batch.time(), batch.events()));
        windowCounts().forEach((time, count) -> {
            long expected = 0;
            for (int i = 0; i < CountingJob.WINDOW; i++) {
                expected += events.getOrDefault(time - (long) i * CountingJob.BATCH_MS, 0L);
            }
            assertThat(count).as("window of %s", time).isEqualTo(expected);
        });
        totalCounts().forEach((time, count) -> {
            long expected = events.entrySet().stream()
                    .filter(e -> e.getKey() <= time)
                    .mapToLong(Map.Entry::getValue)
                    .sum();
            assertThat(count).as("totals of %s", time).isEqualTo(expected);
        });
    }

    private static long sum(String map) {
        long sum = 0;
        for (String entry : Splitter.on(", ").split(map.substring(1, map.length() - 1))) {
            sum += entry.isEmpty() ? 0 : Long.parseLong(entry.substring(entry.indexOf('=') + 1));
        }
        return sum;
    }

    private static Batch parse(long time, String content) {
        List<String> parts = Splitter.on('|').splitToList(content);
        Map<Integer, long[]> ranges = new TreeMap<>();
        for (String range : Splitter.on(' ').omitEmptyStrings().split(parts.get(0))) {
            List<String> r = Splitter.on(CharMatcher.anyOf(":-")).splitToList(range);
            long[] before = ranges.put(
                    Integer.parseInt(r.get(0)), new long[] {Long.parseLong(r.get(1)), Long.parseLong(r.get(2))});
            assertThat(before).as("one range a key group in %s", content).isNull();
        }
        return new Batch(
                time,
                ranges,
                Double.parseDouble(parts.get(1)),
                Long.parseLong(parts.get(2)),
                Long.parseLong(parts.get(3)),
                Long.parseLong(parts.get(4)));
    }

    private NavigableMap<Long, String> once(String file) {
        NavigableMap<Long, String> byTime = new TreeMap<>();
        for (String line : lines(file)) {
            int bar = line.indexOf('|');
            long time = Long.parseLong(line.substring(0, bar));
            String before = byTime.put(time, line.substring(bar + 1));
            assertThat(before == null ? line.substring(bar + 1) : before)
                    .as("%s of batch %s, run again", file, time)
                    .isEqualTo(line.substring(bar + 1));
        }
        return byTime;
    }

    private List<String> lines(String file) {
        try {
            Path path = folder.resolve(file);
            String text = Files.exists(path) ? Files.readString(path) : "";
            return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
