package io.tidegate.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class MainTest {
    @ParameterizedTest
    @CsvSource({
        "run, tidegate simulator run",
        "replay, tidegate simulator replay",
        "verify, tidegate simulator verify",
        "load, tidegate simulator load",
        "watch, tidegate watch",
        "demo, tidegate demo"
    })
    void usage_says_what_is_typed(String command, String typed) {
        StringWriter out = new StringWriter();
        CommandLine line = Main.commandLine(new CountDownLatch(1)).setOut(new PrintWriter(out));

        assertThat(line.execute(command, "--help")).isZero();

        assertThat(out.toString()).startsWith("Usage: " + typed + " ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gateway", "chain,recovery"})
    void a_system_command_is_wrong_usage_without_the_phase_that_it_is_for_and_with_one_that_kills(String phases) {
        CommandLine line = Main.commandLine(new CountDownLatch(1));

        assertThat(line.execute("load", "--phase", phases, "--system-command", "true"))
                .isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({"demo, --for", "load, --for", "load, --warm-up"})
    void a_duration_that_is_none_is_wrong_usage(String command, String option) {
        StringWriter err = new StringWriter();
        CommandLine line = Main.commandLine(new CountDownLatch(1)).setErr(new PrintWriter(err));

        assertThat(line.execute(command, option, "soon")).isEqualTo(2);

        assertThat(err.toString()).contains("'soon' is no duration (expected: 500ms, 20s, 5m, 1h)");
    }
}
