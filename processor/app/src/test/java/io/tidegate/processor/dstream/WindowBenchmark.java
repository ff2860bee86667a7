package io.tidegate.processor.dstream;

import com.sun.management.OperatingSystemMXBean;
import io.tidegate.processor.query.AggregateFunction;
import io.tidegate.processor.query.QueryKind;
import io.tidegate.protocol.v1.Event;
import io.tidegate.protocol.v1.Reading;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a slide of a long window costs beside one of a short window: a program to be run by hand, which no build runs and
 * which asserts nothing. The whole graph on Spark, a slide each second of a clock that runs as fast as the batches are done;
 * slides count when the window is full. Prints the median time of a slide and the processor time of
 * the whole process for each, and their ratios.
 *
 * <pre>./mvnw test -pl processor/app -am -Dtest=WindowBenchmark -Dsurefire.failIfNoSpecifiedTests=false
 * cat processor/app/target/surefire-reports/*Benchmark-output.txt</pre>
 */
class WindowBenchmark {

    private static final int SHORT_S = 60;
    private static final int LONG_S = 3600;
    private static final int COUNTED = 200;
    /** Before slides are counted, the window is full and has slid so often. */
    private static final int SLID = 40;

    private static final int BATCHES = LONG_S + SLID + COUNTED;
    /** A window is filled with so many batches due at once: that is faster. */
    private static final int AT_ONCE = 20;

    /** With more keys than these, each has a reading every few batches: 10,000 keys every 40 s, so all are in a minute. */
    private static final int MOST_READINGS_A_BATCH = 250;

    @TempDir
    Path folder;

    /** What a slide costs, in milliseconds. */
    private record Cost(double median, double processor) {}

    @ParameterizedTest
    @ValueSource(ints = {200, 10_000})
    @Timeout(value = 40, unit = TimeUnit.MINUTES)
    void compare(int keys) throws Exception {
        ScriptedGateway.forget();
        script(keys);
        measure(
                5 * SHORT_S,
                List.of(AggregateFunction.SUM, AggregateFunction.MAX, AggregateFunction.P50)); // the JVM warms up
        for (List<AggregateFunction> compute : List.of(
                List.of(AggregateFunction.P50, AggregateFunction.P95, AggregateFunction.P99),
                List.of(AggregateFunction.MAX),
                List.of(AggregateFunction.SUM))) {
            Cost ofLong = measure(LONG_S, compute);
            Cost ofShort = measure(SHORT_S, compute);
            System.out.printf(
                    Locale.ROOT,
                    "%s, %d keys: %.1f ms a slide of 1 h, %.1f of 1 min, ratio %.2f;"
                            + " of processor %.1f and %.1f, ratio %.2f%n",
                    compute,
                    keys,
                    ofLong.median,
                    ofShort.median,
                    ofLong.median / ofShort.median,
                    ofLong.processor,
                    ofShort.processor,
                    ofLong.processor / ofShort.processor);
        }
    }

    /** Readings of the devices in turn, each on a walk of its own. */
    private static void script(int keys) {
        Random random = new Random(1);
        double[] values = new double[keys];
        Arrays.fill(values, 20);
        int key = 0;
        for (long batch = 1; batch <= BATCHES; batch++) {
            for (int reading = 0; reading < Math.min(keys, MOST_READINGS_A_BATCH); reading++) {
                key = (key + 1) % keys;
                values[key] += random.nextGaussian() / 4;
                Reading.Builder measured =
                        Reading.newBuilder().setDevice("d" + key).setMetric("m").setValue(values[key]);
                ScriptedGateway.write(
                        batch * JobHarness.BATCH_MS,
                        key % ScriptedGateway.KEY_GROUPS,
                        Event.newBuilder()
                                .setTimeUs(batch * 1_000_000)
                                .setReading(measured)
                                .build());
            }
        }
    }

    private Cost measure(int windowS, List<AggregateFunction> compute) throws Exception {
        QueryKind kind = new QueryKind.Window(windowS * 1000L, JobHarness.BATCH_MS, compute);
        JobPlan plan = new JobPlan(
                List.of(StreamGraphTest.query("w", "", List.of("device"), kind)), ScriptedGateway.KEY_GROUPS, 2, "gw");
        Path checkpoint = Files.createTempDirectory(folder, "checkpoint");
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        List<Double> slides = new ArrayList<>();
        try (JobHarness job = JobHarness.start(plan, checkpoint, "here:1")) {
            long batch = 0;
            while (batch < windowS) {
                batch += AT_ONCE;
                job.runThrough(batch * JobHarness.BATCH_MS, AT_ONCE).published().clear();
            }
            while (batch < windowS + SLID) {
                job.runThrough(++batch * JobHarness.BATCH_MS).published().clear();
            }
            long cpu = system.getProcessCpuTime();
            while (batch < windowS + SLID + COUNTED) {
                long begin = System.nanoTime();
                job.runThrough(++batch * JobHarness.BATCH_MS).published().clear();
                slides.add((System.nanoTime() - begin) / 1e6);
            }
            slides.sort(null);
            return new Cost(slides.get(COUNTED / 2), (system.getProcessCpuTime() - cpu) / 1e6 / COUNTED);
        }
    }
}
