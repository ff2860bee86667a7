package io.tidegate.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.gateway.log.LogFixture;
import io.tidegate.gateway.log.LogStore;
import io.tidegate.harness.Program;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** R6 of the fault catalogue: one process at a time has a log. */
class SecondProcessTest {

    @Test
    void a_second_process_on_the_same_log_ends_with_78_and_says_why(@TempDir Path folder) throws Exception {
        Path log = folder.resolve("data");
        Path settings = Files.writeString(folder.resolve("g.conf"), """
                tidegate.gateway { log.dir = "%s", http.port = 0, pull.port = 0, flume.port = 0, sources = [] }
                """.formatted(log));
        try (LogStore first = LogFixture.open(log);
                Program second = Program.start(
                        folder,
                        "second",
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                Main.class.getName(),
                                "--config",
                                settings.toString()))) {
            assertThat(second.await(60)).as(second.output()).isEqualTo(78);
            assertThat(second.output()).contains("log folder " + log + ": in use by another gateway");
            LogFixture.write(first, LogFixture.chunk(0, 0, 5, LogFixture.NOW_MS));
            assertThat(LogFixture.values(first, 0))
                    .as("the first one is not disturbed")
                    .hasSize(5);
        }
    }
}
