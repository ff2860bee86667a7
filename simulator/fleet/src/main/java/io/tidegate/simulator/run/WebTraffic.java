package io.tidegate.simulator.run;

import io.tidegate.simulator.fleet.MqttPublisher;
import io.tidegate.simulator.fleet.VirtualClock;
import io.tidegate.simulator.web.FileSink;
import io.tidegate.simulator.web.HttpSink;
import io.tidegate.simulator.web.LineSink;
import io.tidegate.simulator.web.MqttSink;
import io.tidegate.simulator.web.SpoolSink;
import io.tidegate.simulator.web.WebPlan;
import io.tidegate.simulator.web.WebRun;
import io.tidegate.simulator.web.WebSettings;
import io.tidegate.simulator.web.WebSummary;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The web traffic beside a fleet, on a thread of its own. */
final class WebTraffic implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(WebTraffic.class);

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final @Nullable Thread thread;
    private volatile @Nullable WebSummary summary;

    private WebTraffic(SimulatorSettings settings, Instant start, CountDownLatch stop) {
        if (settings.web().shape().rate() == 0) {
            thread = null;
            return;
        }
        thread = new Thread(() -> run(settings, start, stop), "web-traffic");
        thread.start();
    }

    /** Sends as long as the fleet does; nothing when its rate is 0. */
    static WebTraffic start(SimulatorSettings settings, Instant start, CountDownLatch stop) {
        return new WebTraffic(settings, start, stop);
    }

    /**
     * Says what it did. It ends when the fleet does; what then waits for a receiver that is away is given up.
     *
     * @return whether every line was taken
     */
    boolean report() throws InterruptedException {
        if (thread == null) {
            return true;
        }
        thread.join(PATIENCE.toMillis());
        close();
        WebSummary done = summary;
        System.out.println(done == null ? "log lines: not all were taken within " + PATIENCE.toSeconds() + " s" : done);
        return done != null && done.failed() == 0;
    }

    /** What it did; absent when nothing was to be sent, or it did not come to its end. */
    Optional<WebSummary> summary() {
        return Optional.ofNullable(summary);
    }

    /** Ends it, if it has not ended by itself. */
    @Override
    public void close() throws InterruptedException {
        if (thread != null) {
            thread.interrupt();
            thread.join();
        }
    }

    private void run(SimulatorSettings settings, Instant start, CountDownLatch stop) {
        try {
            WebPlan plan = WebPlan.of(
                    settings.web().shape(),
                    settings.fleet().seed(),
                    start,
                    settings.fleet().length());
            summary = new WebRun(open(settings)).send(plan, VirtualClock.realTime(stop));
        } catch (IOException e) {
            LOG.error("web traffic can't be sent", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Opens the sink that the settings name; the run that sends to it closes it.
     *
     * @throws IOException when a file can't be opened
     */
    static LineSink open(SimulatorSettings settings) throws IOException {
        WebSettings web = settings.web();
        return switch (web.to()) {
            case MQTT ->
                new MqttSink(MqttPublisher.open(settings.mqtt(), "tidegate-weblog-" + UUID.randomUUID()), web.host());
            case HTTP -> new HttpSink(web.url());
            case SPOOL -> new SpoolSink(web.spoolDir(), web.linesPerFile(), System.currentTimeMillis());
            case FILE -> new FileSink(web.file());
        };
    }
}
