package io.tidegate.simulator.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidegate.simulator.fleet.FleetSummary;
import io.tidegate.simulator.web.WebSummary;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunSummaryTest {

    @TempDir
    Path folder;

    @Test
    void a_program_reads_what_was_sent_as_json() throws Exception {
        Path file = folder.resolve("summary.json");
        FleetSummary messages = new FleetSummary(1_234, 1_230, 4, 5, 6, Duration.ofSeconds(2));

        new RunSummary(messages, Optional.of(new WebSummary(70, 1, 2, Duration.ofSeconds(3)))).write(file);

        assertThat(new ObjectMapper().readTree(file.toFile())).isEqualTo(new ObjectMapper().readTree("""
                {"messages":{"sent":1234,"acknowledged":1230,"failed":4,"duplicates":5,"outOfOrder":6,"tookMs":2000},
                 "lines":{"sent":70,"failed":1,"damaged":2,"tookMs":3000}}
                """));
        assertThat(folder).isDirectoryNotContaining("glob:**.tmp");
    }

    @Test
    void without_web_traffic_there_are_no_lines() throws Exception {
        Path file = folder.resolve("summary.json");

        new RunSummary(new FleetSummary(1, 1, 0, 0, 0, Duration.ZERO), Optional.empty()).write(file);

        assertThat(new ObjectMapper().readTree(file.toFile()).has("lines")).isFalse();
    }
}
