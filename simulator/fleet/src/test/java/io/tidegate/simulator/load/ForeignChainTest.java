package io.tidegate.simulator.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands are those of a shell and speak no MQTT. */
class ForeignChainTest {
    private static final URI BROKER = URI.create("tcp://127.0.0.1:1");

    private final CountDownLatch stop = new CountDownLatch(1);

    @TempDir
    private Path folder;

    @Test
    void it_is_told_where_to_read_and_to_write_and_is_ready_when_it_says_so() throws Exception {
        Path told = folder.resolve("told");
        String command = "echo $TIDEGATE_BROKER $TIDEGATE_FILTER $TIDEGATE_TOTALS $TIDEGATE_WINDOWS > " + told
                + "; echo not ready; echo ready; while :; do sleep 0.05; done";

        try (ForeignChain chain = new ForeignChain(command, BROKER)) {
            chain.awaitReady(stop);
            chain.check();
            chain.keep(false);
        }

        assertThat(told)
                .content()
                .isEqualTo("tcp://127.0.0.1:1 sensors/# tidegate/totals/load-totals tidegate/windows/load-minute\n");
    }

    @Test
    void a_command_that_ends_says_how_and_what_it_printed_last() throws Exception {
        try (ForeignChain chain = new ForeignChain("echo ready; echo no licence >&2; exit 3", BROKER)) {
            Awaitility.await().until(() -> !chain.handle().isAlive());

            assertThatThrownBy(() -> chain.awaitReady(stop))
                    .isInstanceOf(IOException.class)
                    .hasMessage("system ended with exit code 3; the last it said:\n  ready\n  no licence");
            chain.keep(false);
        }
    }

    @Test
    void what_it_has_started_ends_with_it() throws Exception {
        List<ProcessHandle> started;
        try (ForeignChain chain = new ForeignChain("(while :; do sleep 0.05; done) & echo ready; wait", BROKER)) {
            chain.awaitReady(stop);
            started = chain.handle().children().toList();
            chain.keep(false);
        }

        assertThat(started).isNotEmpty().noneMatch(ProcessHandle::isAlive);
    }

    @Test
    void the_cpu_of_what_it_has_started_is_its_own() throws Exception {
        try (ForeignChain chain = new ForeignChain("(while :; do :; done) & wait", BROKER)) {
            Map<String, ProcessHandle> programs = Map.of("system", chain.handle());

            Awaitility.await()
                    .until(
                            () -> Sample.of(0, programs).cpu().get("system"),
                            used -> used.compareTo(Duration.ofMillis(200)) > 0);
            chain.keep(false);
        }
    }
}
