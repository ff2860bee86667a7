package io.tidegate.simulator.local;

import java.util.stream.Stream;

/** What {@code /metrics} of a program says. */
public record PrometheusText(String text) {

    /** The sum over all that has this name and this label, {@code name="value"}. */
    public double sum(String name, String label) {
        return sum(text.lines().filter(line -> line.startsWith(name + "{") && line.contains(label)));
    }

    /** The sum over all labels of what has this name; 0 when nothing has. */
    public double sum(String name) {
        return sum(text.lines().filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{")));
    }

    private static double sum(Stream<String> lines) {
        return lines.mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
