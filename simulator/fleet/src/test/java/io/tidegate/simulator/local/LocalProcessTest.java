package io.tidegate.simulator.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.simulator.local.LocalSystem.Stopped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs shell scripts in place of the launcher. */
class LocalProcessTest {
    private static final Ports PORTS = new Ports(1, 2, 3, 4, 5);

    @TempDir
    private Path folder;

    @Test
    void a_program_gets_its_arguments_and_leaves_ctrl_c_to_the_demo() throws Exception {
        LocalProcess program = start("echo \"$TIDEGATE_CHILD: $*\"", "gateway", "--config", "x.conf");

        Awaitility.await().until(() -> !program.isAlive());

        assertThat(program.lastLines(5)).containsExactly("1: gateway --config x.conf");
    }

    @Test
    void a_program_that_ends_on_sigterm_ended_cleanly() throws Exception {
        LocalProcess program = start("trap 'echo bye; exit 0' TERM; echo up; while :; do sleep 0.05; done");
        awaitOutput(program);

        assertThat(program.stop(Duration.ofSeconds(60))).isTrue();
        assertThat(program.lastLines(1)).containsExactly("bye");
    }

    @Test
    void a_program_that_does_not_end_is_killed_and_that_is_not_clean() throws Exception {
        LocalProcess program = start("trap '' TERM; echo up; while :; do sleep 0.05; done");
        awaitOutput(program);

        assertThat(program.stop(Duration.ofMillis(300))).isFalse();
        assertThat(program.isAlive()).isFalse();
    }

    @Test
    void a_program_that_is_killed_and_restarted_has_its_arguments_and_its_log_again() throws Exception {
        LocalProcess program = start("echo \"$*\"; while :; do sleep 0.05; done", "--config", "x.conf");
        awaitOutput(program);
        ProcessHandle before = program.handle();

        program.killAndRestart();
        Awaitility.await().until(() -> program.lastLines(5).size() == 2);

        assertThat(before.isAlive()).isFalse();
        assertThat(program.isAlive()).isTrue();
        assertThat(program.lastLines(5)).containsExactly("--config x.conf", "--config x.conf");
        program.stop(Duration.ofSeconds(60));
    }

    @Test
    void a_program_that_failed_says_how() throws Exception {
        LocalProcess program = start("echo why; exit 3");
        Awaitility.await().until(() -> !program.isAlive());

        assertThat(program.ending()).isEqualTo("test ended with exit code 3");
        assertThat(program.stop(Duration.ofSeconds(1))).isFalse();
    }

    @Test
    void a_system_notices_what_has_ended_and_stops_in_the_opposite_order() throws Exception {
        Path launcher = launcher("trap 'exit 0' TERM; [ \"$1\" = gateway ] && exit 4; while :; do sleep 0.05; done");
        LocalSystem system = LocalSystem.quick(launcher, new SystemFolder(folder, PORTS));
        system.startAll(List.of("processor"));

        Awaitility.await()
                .untilAsserted(() -> assertThatThrownBy(system::check)
                        .isInstanceOf(IOException.class)
                        .hasMessageStartingWith("gateway ended with exit code 4; the last it said:\n"));

        assertThat(system.stopLast().name()).isEqualTo("processor");
        assertThat(system.stopAll()).extracting(Stopped::ending).containsExactly("gateway ended with exit code 4");
    }

    @Test
    void a_folder_fills_in_addresses_and_is_gone_when_deleted() throws Exception {
        SystemFolder folder = SystemFolder.prepare(new Ports(11, 22, 33, 44, 55), 5, 6.5);

        assertThat(folder.settings("gateway")).content().contains("port = 33", "tcp://127.0.0.1:11");
        assertThat(folder.settings("processor")).content().contains("127.0.0.1:22", "port = 44");
        assertThat(folder.settings("simulator")).content().contains("devices = 5", "rate = 6.5");
        assertThat(List.of("gateway", "processor", "simulator"))
                .allSatisfy(name -> assertThat(folder.settings(name)).content().doesNotContain("@"));
        folder.delete();
        assertThat(folder.path()).doesNotExist();
    }

    @Test
    void ports_differ_from_each_other_and_from_those_of_a_system_that_starts_at_the_same_time() throws Exception {
        Ports one = Ports.choose();
        Ports another = Ports.choose(); // nobody listens at the first one's yet

        assertThat(List.of(
                        one.mqtt(),
                        one.pull(),
                        one.gatewayHttp(),
                        one.processorHttp(),
                        one.flume(),
                        another.mqtt(),
                        another.pull(),
                        another.gatewayHttp(),
                        another.processorHttp(),
                        another.flume()))
                .doesNotHaveDuplicates()
                .allMatch(port -> port > 0);
    }

    private LocalProcess start(String script, String... arguments) throws IOException {
        return LocalSystem.quick(launcher(script), new SystemFolder(folder, PORTS))
                .start("test", List.of(arguments));
    }

    private Path launcher(String script) throws IOException {
        Path launcher = folder.resolve("launcher");
        Files.writeString(launcher, "#!/usr/bin/env bash\n" + script + "\n");
        return Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwx------"));
    }

    private static void awaitOutput(LocalProcess program) {
        Awaitility.await().until(() -> !program.lastLines(1).isEmpty());
    }
}
