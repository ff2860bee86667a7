package io.tidegate.spark.sink.mqtt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tidegate.harness.FreePort;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a real mosquitto, where there is one. */
class MqttResultsTest {

    @TempDir
    Path folder;

    private final ExecutorService tasks = Executors.newCachedThreadPool();
    private MqttTarget target;
    private int port;
    private @Nullable Process broker;

    @BeforeEach
    void findMosquitto() {
        assumeTrue(program("mosquitto").isPresent() && program("mosquitto_sub").isPresent(), "mosquitto is not here");
        port = FreePort.next();
        target = new MqttTarget(URI.create("tcp://127.0.0.1:" + port), "results", null, null, 5);
    }

    @AfterEach
    void stop() throws InterruptedException {
        tasks.shutdownNow();
        MqttResults.closeAll();
        if (broker != null) {
            broker.destroyForcibly();
            assertThat(broker.waitFor(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void every_message_of_a_task_arrives_in_order_when_the_call_returns() throws Exception {
        startBroker();

        MqttResults.publish(target, messages("ok/a", 100));

        assertThat(MqttResults.connected(target)).isTrue();
        assertThat(retained("ok/#", 100)).isEqualTo(expected("ok/a", 100));
    }

    @Test
    void tasks_share_one_connection() throws Exception {
        startBroker();
        List<CompletableFuture<Void>> publishing = new ArrayList<>();
        for (int task = 0; task < 4; task++) {
            Iterator<MqttMessage> messages = messages("ok/" + task, 50);
            publishing.add(CompletableFuture.runAsync(() -> publish(messages), tasks));
        }

        publishing.forEach(CompletableFuture::join);

        assertThat(retained("ok/#", 200)).hasSize(200);
        assertThat(Files.readString(folder.resolve("log"))).containsOnlyOnce(" as results-none ");
    }

    @Test
    void a_broker_that_is_away_only_delays() throws Exception {
        CompletableFuture<Void> publishing = CompletableFuture.runAsync(() -> publish(messages("ok/a", 20)), tasks);
        await().during(Duration.ofMillis(500)).until(() -> !publishing.isDone());

        startBroker();

        await().until(publishing::isDone);
        publishing.join();
        assertThat(retained("ok/#", 20)).isEqualTo(expected("ok/a", 20));
    }

    @Test
    void a_message_that_the_broker_refuses_fails_the_task() throws Exception {
        startBroker();

        assertThatThrownBy(() -> MqttResults.publish(target, messages("forbidden", 1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("forbidden");
        MqttResults.publish(target, messages("ok/a", 1));
    }

    @Test
    void a_task_that_is_killed_does_not_wait_for_a_broker_that_is_away() {
        CompletableFuture<Throwable> end = new CompletableFuture<>();
        Future<?> task = tasks.submit(() -> {
            try {
                MqttResults.publish(target, messages("ok/a", 20));
            } catch (InterruptedException e) {
                end.complete(e);
            }
        });
        await().during(Duration.ofMillis(200)).until(() -> !end.isDone());

        task.cancel(true);

        await().until(end::isDone);
    }

    @Test
    void a_target_does_not_show_its_password() {
        MqttTarget secret = target.withCredentials(Optional.of("me"), Optional.of("s3cret"));

        assertThat(secret.toString()).doesNotContain("s3cret").contains("results");
    }

    private void publish(Iterator<MqttMessage> messages) {
        try {
            MqttResults.publish(target, messages);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Retained, each on a topic of its own, so that whoever comes later sees all. */
    private static Iterator<MqttMessage> messages(String topic, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new MqttMessage(topic + "/" + i, ("value " + i).getBytes(UTF_8), true))
                .iterator();
    }

    private static List<String> expected(String topic, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> topic + "/" + i + " value " + i)
                .sorted()
                .toList();
    }

    private List<String> retained(String filter, int count) throws IOException, InterruptedException {
        Path seen = folder.resolve("seen");
        Process subscriber = new ProcessBuilder(
                        program("mosquitto_sub").orElseThrow(),
                        "-p",
                        String.valueOf(port),
                        "-t",
                        filter,
                        "-v",
                        "-W",
                        "60",
                        "-C",
                        String.valueOf(count))
                .redirectOutput(seen.toFile())
                .start();
        assertThat(subscriber.waitFor(90, TimeUnit.SECONDS)).isTrue();
        return Files.readAllLines(seen).stream().sorted().toList();
    }

    private void startBroker() throws IOException {
        Path acl = Files.writeString(folder.resolve("acl"), "topic readwrite ok/#\n");
        Path conf = Files.writeString(
                folder.resolve("conf"),
                "listener " + port + " 127.0.0.1\nallow_anonymous true\nuser root\nlog_dest file " + folder
                        + "/log\nacl_file " + acl + "\nmax_queued_messages 0\n");
        broker = new ProcessBuilder(program("mosquitto").orElseThrow(), "-c", conf.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("out").toFile())
                .start();
        await().until(() -> {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return socket.isConnected();
            } catch (IOException notYet) {
                return false;
            }
        });
    }

    private static Optional<String> program(String name) {
        List<String> folders = new ArrayList<>(List.of(System.getenv("PATH").split(File.pathSeparator, -1)));
        folders.addAll(List.of("/usr/sbin", "/usr/local/sbin"));
        return folders.stream()
                .map(f -> Path.of(f, name))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst();
    }
}
