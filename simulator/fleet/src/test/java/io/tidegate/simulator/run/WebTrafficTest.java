package io.tidegate.simulator.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WebTrafficTest {

    @TempDir
    private Path folder;

    @Test
    void a_receiver_that_is_away_does_not_keep_a_run_alive_that_has_failed() throws Exception {
        // Nobody listens there, so the first line is tried again for much longer than this test may take.
        try (WebTraffic web = start("http", "1h", new CountDownLatch(1))) {
            assertThat(web).isNotNull();
        }
    }

    @Test
    void it_ends_when_its_time_is_over_and_says_that_every_line_was_taken() throws Exception {
        try (WebTraffic web = start("file", "300ms", new CountDownLatch(1))) {
            assertThat(web.report()).isTrue();
        }
        assertThat(folder.resolve("access.log")).content().hasLineCount(30);
    }

    @Test
    void without_a_rate_there_is_none() throws Exception {
        SimulatorSettings none = SimulatorSettings.load(null, Map.of("web.rate", "0"));
        try (WebTraffic web = WebTraffic.start(none, Instant.EPOCH, new CountDownLatch(1))) {
            assertThat(web.report()).isTrue();
        }
    }

    private WebTraffic start(String to, String length, CountDownLatch stop) throws Exception {
        SimulatorSettings settings = SimulatorSettings.load(
                null,
                Map.of(
                        "for",
                        length,
                        "web.rate",
                        "100",
                        "web.to",
                        to,
                        "web.url",
                        "http://127.0.0.1:1/ingest/logs",
                        "web.file",
                        folder.resolve("access.log").toString()));
        return WebTraffic.start(settings, Instant.parse("2026-11-22T10:00:00Z"), stop);
    }
}
