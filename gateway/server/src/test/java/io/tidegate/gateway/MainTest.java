package io.tidegate.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    @Test
    void help_names_the_exit_codes() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString()).contains("--config=FILE").contains("78 wrong configuration");
    }

    @Test
    void the_version_is_the_one_that_was_built() {
        assertThat(run("--version")).isZero();
        assertThat(out.toString()).startsWith("tidegate gateway 0.").doesNotContain("$");
    }

    @Test
    void wrong_usage_is_2() {
        assertThat(run("--confg", "x")).isEqualTo(2);
        assertThat(err.toString()).contains("--confg");
    }

    @Test
    void wrong_configuration_is_78_with_every_mistake_by_file_and_line() throws Exception {
        Path file = Files.writeString(folder.resolve("wrong.conf"), """
                tidegate.gateway {
                  key-groups = 0
                  http.prot = 1
                }
                """);

        assertThat(run("--check", "--config", file.toString())).isEqualTo(78);
        assertThat(err.toString())
                .contains("wrong.conf:2: tidegate.gateway.key-groups: given 0")
                .contains("wrong.conf:3: tidegate.gateway.http.prot");
    }

    @Test
    void a_file_that_is_not_there_is_wrong_configuration() {
        assertThat(run("--config", folder.resolve("none.conf").toString())).isEqualTo(78);
        assertThat(err.toString()).contains("none.conf");
    }

    @Test
    void settings_in_order_are_0_without_a_start() {
        assertThat(run("--check")).isZero();
        assertThat(out.toString()).contains("in order");
    }

    private int run(String... arguments) {
        return Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }
}
