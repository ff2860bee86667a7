package io.tidegate.simulator.web;

import io.tidegate.simulator.fleet.Pace;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends a plan of lines at its pace. What is due within the same {@value #TICK_MS} ms leaves together. */
public final class WebRun {

    private static final Logger LOG = LoggerFactory.getLogger(WebRun.class);
    private static final int TICK_MS = 50;
    private static final int MOST_LINES = 500;

    private final LineSink sink;
    private long sent;
    private long failed;
    private long damaged;

    /** Closes the sink at the end of the run. */
    public WebRun(LineSink sink) {
        this.sink = sink;
    }

    /** Runs until the plan is over or the pace says stop. */
    public WebSummary send(Iterator<LogLine> plan, Pace pace) throws InterruptedException, IOException {
        long began = System.nanoTime();
        try (sink) {
            List<String> due = new ArrayList<>();
            long tick = 0;
            while (plan.hasNext()) {
                LogLine next = plan.next();
                if (next.offsetMs() / TICK_MS != tick || due.size() == MOST_LINES) {
                    flush(due);
                    due.clear();
                    tick = next.offsetMs() / TICK_MS;
                    if (!pace.await(tick * TICK_MS)) {
                        break;
                    }
                }
                due.add(next.text());
                damaged += next.damaged() ? 1 : 0;
            }
            flush(due);
        }
        return new WebSummary(sent, failed, damaged, Duration.ofNanos(System.nanoTime() - began));
    }

    private void flush(List<String> lines) throws InterruptedException {
        if (lines.isEmpty()) {
            return;
        }
        sent += lines.size();
        try {
            sink.send(lines);
        } catch (IOException e) {
            failed += lines.size();
            LOG.warn("{} lines were refused by {}: {}", lines.size(), sink.target(), e.getMessage());
        }
    }
}
