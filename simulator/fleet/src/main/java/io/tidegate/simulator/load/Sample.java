package io.tidegate.simulator.load;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * How far everybody is at a time.
 *
 * @param nanos of {@link System#nanoTime}
 * @param taken messages
 * @param cpu used since its start, by process, with those that it has started and that run; in steps of 10 ms on Linux
 */
record Sample(long nanos, long taken, Map<String, Duration> cpu) {

    static Sample of(long taken, Map<String, ProcessHandle> programs) {
        Map<String, Duration> cpu = new LinkedHashMap<>();
        programs.forEach((name, process) -> cpu.put(
                name,
                running(process)
                        .map(one -> one.info().totalCpuDuration().orElse(Duration.ZERO))
                        .reduce(Duration.ZERO, Duration::plus)));
        return new Sample(System.nanoTime(), taken, cpu);
    }

    /** This process, which has started all the others, is alone. */
    private static Stream<ProcessHandle> running(ProcessHandle process) {
        return process.equals(ProcessHandle.current())
                ? Stream.of(process)
                : Stream.concat(Stream.of(process), process.descendants());
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
