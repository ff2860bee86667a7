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
    void the_demo_shows_every_kind_of_result_and_ends_with_books_that_balance(@TempDir Path folder) {
        try (Program demo = Program.tidegate(folder, "demo", List.of("demo", "--for", "35s"))) {
            int exit = demo.await(180);

            assertThat(exit).as(demo.output()).isZero();
            assertThat(demo.output())
                    .contains("session", "closed")
                    .contains("total")
                    .contains("window")
                    .contains("top")
                    .containsPattern("row +actions-per-hour +hour .* action GET +n \\d+")
                    .containsPattern(
                            "sql +actions-per-hour: [1-9][\\d,]* rows read, 0 behind the watermark; into mqtt and jdbc")
                    .containsPattern("residual\\D+0");
        }
    }
}
