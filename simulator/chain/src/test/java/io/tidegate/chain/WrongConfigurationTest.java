package io.tidegate.chain;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.harness.Program;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the launcher answers to configurations, right and wrong. */
final class WrongConfigurationTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gateway.conf",
                "processor.conf",
                "simulator.conf",
                "scenarios/processor.conf",
                "scenarios/faulty.conf"
            })
    void the_configurations_that_come_with_tidegate_are_right(String file, @TempDir Path folder) {
        String path = Program.ROOT.resolve("config").resolve(file).toString();

        try (Program check = Program.tidegate(folder, "check", List.of("check-config", path))) {
            assertThat(check.await(60)).as(check.output()).isZero();
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
            assertThat(check.await(60)).as(check.output()).isEqualTo(78);
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
            assertThat(unknown.await(20)).isEqualTo(2);
            assertThat(unknown.output()).contains("unknown command 'dance'", "usage:");
        }
    }
}
