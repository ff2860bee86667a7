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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

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

    private static final int KEYS = 200;

    @TempDir
    Path folder;

    /** What a slide costs, in milliseconds. */
    private record Cost(double median, double processor) {}

    @Test
    @Timeout(value = 25, unit = TimeUnit.MINUTES)
    void compare() throws Exception {
        script();
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
                    KEYS,
                    ofLong.median,
                    ofShort.median,
                    ofLong.median / ofShort.median,
                    ofLong.processor,
                    ofShort.processor,
                    ofLong.processor / ofShort.processor);
        }
    }

    /** A reading of each device in each batch, on a walk of its own. */
    private static void script() {
        Random random = new Random(1);
        double[] values = new double[KEYS];
        Arrays.fill(values, 20);
        for (long batch = 1; batch <= BATCHES; batch++) {
            for (int key = 0; key < KEYS; key++) {
                values[key] += random.nextGaussian() / 4;
                Reading.Builder reading =
                        Reading.newBuilder().setDevice("d" + key).setMetric("m").setValue(values[key]);
                ScriptedGateway.write(
                        batch * JobHarness.BATCH_MS,
                        key % ScriptedGateway.KEY_GROUPS,
                        Event.newBuilder()
                                .setTimeUs(batch * 1_000_000)
                                .setReading(reading)
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
