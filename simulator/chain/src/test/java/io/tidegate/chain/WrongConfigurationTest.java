package io.tidegate.chain;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.harness.Program;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the launcher answers to configurations, right and wrong. */
final class WrongConfigurationTest {

    private static final int PATIENCE_S = 180;

    /** The others are read in tests of those who read them; nobody else looks at the queries of the scenarios. */
    @Test
    void a_configuration_that_comes_with_tidegate_is_right(@TempDir Path folder) {
        String path = Program.ROOT.resolve("config/scenarios/processor.conf").toString();

        try (Program check = Program.tidegate(folder, "check", List.of("check-config", path))) {
            assertThat(check.await(PATIENCE_S)).as(check.output()).isZero();
        }
    }

    @Test
    void every_mistake_is_told_at_once_with_file_line_key_and_expectation(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("wrong.conf");
        Files.writeString(file, """
                tidegate.processor {
                  gateways = ["a:9470", "b:9470"]
                  batch-interval = 1s
                  queries = [
                    { name = w, kind = window, from = readings, window = 10s, slide = 1500ms, compute = [count] }
                    { name = w, kind = totals, from = readings, where = "colour = 1" }
                  ]
                  bach-interval = 2s
                }
                """);

        try (Program check = Program.tidegate(folder, "check", List.of("check-config", file.toString()))) {
            assertThat(check.await(PATIENCE_S)).as(check.output()).isEqualTo(78);
            assertThat(check.output())
                    .contains("wrong.conf:2", "gateways")
                    .contains("wrong.conf:5", "queries[0].slide", "1500ms", "1s", "2s")
                    .contains("wrong.conf:6", "queries[1].name")
                    .contains("queries[1].where", "colour")
                    .contains("wrong.conf:8", "bach-interval", "batch-interval");
        }
    }

    @Test
    void a_command_that_nobody_knows_is_wrong_usage(@TempDir Path folder) {
        try (Program unknown = Program.tidegate(folder, "unknown", List.of("dance"))) {
            assertThat(unknown.await(PATIENCE_S)).isEqualTo(2);
            assertThat(unknown.output()).contains("unknown command 'dance'", "usage:");
        }
    }
}
