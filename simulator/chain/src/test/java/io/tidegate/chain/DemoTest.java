package io.tidegate.chain;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.harness.Program;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a newcomer sees first. */
final class DemoTest {

    @Test
    void the_demo_shows_every_kind_of_result_and_ends_with_ledgers_that_balance(@TempDir Path folder) {
        try (Program demo = Program.tidegate(folder, "demo", List.of("demo", "--for", "20s"))) {
            int exit = demo.await(300);

            assertThat(exit).as(demo.output()).isZero();
            assertThat(demo.output())
                    .contains("session", "closed")
                    .contains("total")
                    .contains("window")
                    .contains("top")
                    .containsPattern("row +actions-per-hour +hour .* action [A-Z]+ +n \\d+")
                    .containsPattern(
                            "sql +actions-per-hour: [1-9][\\d,]* rows read, 0 behind the watermark; into mqtt and jdbc")
                    .containsPattern("residual\\D+0")
                    .containsPattern("oracle +reading-totals +[1-9][\\d,]* totals right, 0 wrong")
                    .containsPattern("oracle +as they came: [1-9][\\d,]* totals right, 0 wrong; at the end:")
                    .containsPattern(right("device-sessions", "sessions"))
                    .containsPattern(right("reading-totals", "totals"))
                    .containsPattern(right("temperature", "window"))
                    .containsPattern(right("busiest", "top"))
                    .containsPattern(right("visitors", "sessions"))
                    .containsPattern(right("hot-urls", "top"))
                    .containsPattern("actions-per-hour .* not judged: ")
                    .containsPattern(right("\\(gateway\\)", "ledger"))
                    .containsPattern(right("\\(gateway\\)", "letters"))
                    .containsPattern(right("\\(gateway\\)", "presence"))
                    .contains("demo: right");
        }
    }

    /** A line of the table in which something was expected, all of it came, and nothing else. */
    private static String right(String query, String kind) {
        return "\n" + query + " +" + kind + " +([1-9]\\d*) +\\1 +0 +0 +0 ";
    }
}
