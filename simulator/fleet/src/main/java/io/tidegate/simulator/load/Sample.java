package io.tidegate.simulator.load;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How far everybody is at a time.
 *
 * @param nanos of {@link System#nanoTime}
 * @param taken messages
 * @param cpu used since its start, by process; in steps of 10 ms on Linux
 */
record Sample(long nanos, long taken, Map<String, Duration> cpu) {

    static Sample of(long taken, Map<String, ProcessHandle> programs) {
        Map<String, Duration> cpu = new LinkedHashMap<>();
        programs.forEach((name, process) ->
                cpu.put(name, process.info().totalCpuDuration().orElse(Duration.ZERO)));
        return new Sample(System.nanoTime(), taken, cpu);
    }

    double secondsSince(Sample earlier) {
        return (nanos - earlier.nanos) / 1e9;
    }

    /** Messages a second. */
    double rateSince(Sample earlier) {
        return (taken - earlier.taken) / secondsSince(earlier);
    }

    /** Microseconds of each process for each of so many messages. */
    Map<String, Double> cpuMicrosSince(Sample earlier, double messages) {
        Map<String, Double> micros = new LinkedHashMap<>();
        cpu.forEach((name, used) -> micros.put(
                name,
                messages == 0
                        ? 0
                        : used.minus(earlier.cpu.getOrDefault(name, Duration.ZERO))
                                        .toNanos()
                                / 1e3
                                / messages));
        return micros;
    }
}
