package io.tidegate.simulator.load;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.tidegate.simulator.local.Endpoint;
import io.tidegate.simulator.local.PrometheusText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How much memory a program holds at the beginning and at the end of the measured time. A heap grows until it is collected:
 * the least that is seen in a while is what is held. One thread.
 */
final class MemoryUsage {
    private static final double MIB = 1 << 20;
    private static final double KIB_A_MIB = 1 << 10;
    /** The beginning is this part of the time, and so is the end. */
    private static final int PART = 5;

    private static final long EVERY_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Endpoint program;
    private final ProcessHandle process;
    private final List<Double> heap = new ArrayList<>();
    private final List<Double> resident = new ArrayList<>();
    private long polledNanos = System.nanoTime();

    MemoryUsage(Endpoint program, ProcessHandle process) {
        this.program = program;
        this.process = process;
    }

    /**
     * In MiB, the least of the first and of the last fifth of the measured time.
     *
     * @param heapFirst used Java heap
     * @param residentFirst memory that the operating system gave to the process; null where it does not say
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Figures(
            double heapFirst,
            double heapLast,
            @Nullable Double residentFirst,
            @Nullable Double residentLast) {}

    /** To be called in the measured time; it looks once a second. */
    void poll() throws InterruptedException {
        if (System.nanoTime() - polledNanos < EVERY_NANOS) {
            return;
        }
        polledNanos = System.nanoTime();
        Optional<String> page = program.text("/metrics");
        if (page.isPresent()) {
            add(new PrometheusText(page.get()), residentMib());
        }
    }

    void add(PrometheusText page, @Nullable Double residentMib) {
        heap.add(page.sum("jvm_memory_used_bytes", "area=\"heap\"") / MIB);
        if (residentMib != null) {
            resident.add(residentMib);
        }
    }

    /** Empty when nothing was seen. */
    Optional<Figures> figures() {
        if (heap.isEmpty()) {
            return Optional.empty();
        }
        boolean told = !resident.isEmpty();
        return Optional.of(
                new Figures(first(heap), last(heap), told ? first(resident) : null, told ? last(resident) : null));
    }

    /** The least heap of the measured time, in MiB; empty when nothing was seen. */
    Optional<Double> leastHeap() {
        return heap.stream().min(Comparator.naturalOrder());
    }

    private static double first(List<Double> seen) {
        return Collections.min(seen.subList(0, part(seen)));
    }

    private static double last(List<Double> seen) {
        return Collections.min(seen.subList(seen.size() - part(seen), seen.size()));
    }

    private static int part(List<Double> seen) {
        return (seen.size() + PART - 1) / PART;
    }

    private @Nullable Double residentMib() {
        try {
            return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .map(line -> Double.parseDouble(line.replaceAll("\\D", "")) / KIB_A_MIB)
                    .findFirst()
                    .orElse(null);
        } catch (IOException e) {
            return null; // not Linux, or it has ended
        }
    }
}
