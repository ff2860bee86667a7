package io.tidegate.simulator.load;

/** What {@code /metrics} of a program says. */
record MetricsPage(String text) {

    /** The sum over all labels of what has this name; 0 when nothing has. */
    double sum(String name) {
        return text.lines()
                .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
