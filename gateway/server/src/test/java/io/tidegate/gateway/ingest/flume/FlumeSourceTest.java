package io.tidegate.gateway.ingest.flume;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidegate.gateway.admission.Admission;
import io.tidegate.gateway.admission.KeyGroup;
import io.tidegate.gateway.admission.SeenThrough;
import io.tidegate.gateway.decode.Limits;
import io.tidegate.gateway.decode.Limits.Pieces;
import io.tidegate.gateway.decode.LineDecoder;
import io.tidegate.gateway.decode.accesslog.LinePrefix;
import io.tidegate.gateway.ingest.BodyDecoder;
import io.tidegate.gateway.ingest.PushIngest;
import io.tidegate.gateway.ingest.mqtt.Weblogs;
import io.tidegate.gateway.log.EventLog;
import io.tidegate.gateway.log.EventLog.Durable;
import io.tidegate.junit.Patience;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The source over a log that does what the test says. */
class FlumeSourceTest {

    private final ActorTestKit kit = ActorTestKit.create();
    private final TestProbe<KeyGroup.Command> keyGroup = kit.createTestProbe();
    private final TestProbe<EventLog.Command> log = kit.createTestProbe();
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();

    @SuppressWarnings("NullAway.Init") // start sets it
    private PushIngest ingest;

    private LineDecoder.Kind body = LineDecoder.Kind.WEBLOG;
    private int bodyEvents = 100_000;
    private volatile Optional<String> full = Optional.empty();

    @AfterEach
    void everythingEnds() {
        kit.shutdownTestKit();
    }

    @Test
    void a_batch_is_ok_when_the_log_says_so_and_not_before() throws Exception {
        try (FlumeSource source = start(Patience.LIMIT);
                FlumeClient agent = FlumeClient.connect(source.port().getAsInt())) {
            CompletableFuture<String> answer = agent.startBatch(Map.of(), List.of(line("/a"), line("/b")));
            KeyGroup.Admit admitted = admitted();

            assertThat(admitted.source()).isEqualTo("flume");
            assertThat(admitted.events())
                    .extracting(event -> event.getRequest().getPath())
                    .containsExactly("/a", "/b");
            assertThat(answer).isNotCompleted();
            admitted.replyTo().tell(new Durable());
            assertThat(answer.get(Patience.LIMIT.toSeconds(), SECONDS)).isEqualTo("OK");
            assertThat(batches("ok")).isEqualTo(1);
        }
    }

    @Test
    void while_the_log_is_full_batches_are_failed_and_none_of_them_gets_there() throws Exception {
        try (FlumeSource source = start(Patience.LIMIT);
                FlumeClient agent = FlumeClient.connect(source.port().getAsInt())) {
            full = Optional.of("log.max-bytes is reached");
            assertThat(agent.appendBatch(Map.of(), List.of(line("/a")))).isEqualTo("FAILED");
            assertThat(agent.appendBatch(Map.of(), List.of(line("/a")))).isEqualTo("FAILED");
            full = Optional.empty();
            CompletableFuture<String> answer = agent.startBatch(Map.of(), List.of(line("/a")));
            KeyGroup.Admit admitted = admitted();
            admitted.replyTo().tell(new Durable());

            assertThat(answer.get(Patience.LIMIT.toSeconds(), SECONDS)).isEqualTo("OK");
            assertThat(admitted.events()).hasSize(1);
            keyGroup.expectNoMessage();
            assertThat(batches("failed")).isEqualTo(2);
        }
    }

    @Test
    void a_disk_that_stands_still_gets_a_batch_once_however_often_its_agent_tries() throws Exception {
        try (FlumeSource source = start(Duration.ofSeconds(1));
                FlumeClient agent = FlumeClient.connect(source.port().getAsInt())) {
            assertThat(agent.appendBatch(Map.of(), List.of(line("/a")))).isEqualTo("FAILED");
            KeyGroup.Admit late = admitted();
            for (int i = 0; i < 5; i++) {
                assertThat(agent.appendBatch(Map.of(), List.of(line("/a")))).isEqualTo("FAILED");
            }
            keyGroup.expectNoMessage();
            late.replyTo().tell(new Durable());
            await().until(() -> ingest.inFlight() == 0);

            // An agent tries until it is told so: a second may be too short even for a disk that is fast.
            String answer = "FAILED";
            for (int attempt = 0; attempt < 10 && answer.equals("FAILED"); attempt++) {
                CompletableFuture<String> again = agent.startBatch(Map.of(), List.of(line("/a")));
                admitted().replyTo().tell(new Durable());
                answer = again.get(Patience.LIMIT.toSeconds(), SECONDS);
                await().until(() -> ingest.inFlight() == 0);
            }
            assertThat(answer).isEqualTo("OK");
        }
    }

    @Test
    void after_a_stop_has_begun_what_was_taken_is_answered_and_nothing_more_is_taken() throws Exception {
        try (FlumeSource source = start(Patience.LIMIT);
                FlumeClient agent = FlumeClient.connect(source.port().getAsInt());
                FlumeClient other = FlumeClient.connect(source.port().getAsInt())) {
            CompletableFuture<String> answer = agent.startBatch(Map.of(), List.of(line("/a")));
            KeyGroup.Admit admitted = admitted();
            ingest.complete();

            assertThat(other.appendBatch(Map.of(), List.of(line("/b")))).isEqualTo("FAILED");
            admitted.replyTo().tell(new Durable());
            assertThat(answer.get(Patience.LIMIT.toSeconds(), SECONDS)).isEqualTo("OK");
            assertThat(ingest.done().toCompletableFuture()).succeedsWithin(Patience.LIMIT);
        }
    }

    @Test
    void a_batch_of_which_too_much_becomes_goes_to_the_log_in_parts_one_after_the_other_and_is_ok_behind_the_last()
            throws Exception {
        body = LineDecoder.Kind.READINGS;
        bodyEvents = 6;
        try (FlumeSource source = start(Patience.LIMIT);
                FlumeClient agent = FlumeClient.connect(source.port().getAsInt())) {
            // Each body has a comma behind its device, and is reckoned as three values.
            CompletableFuture<String> answer = agent.startBatch(
                    Map.of(), List.of(readings("d1", 1), readings("d2", 2), readings("d3", 3), "[", readings("d5", 5)));

            KeyGroup.Admit first = admitted();
            assertThat(first.events())
                    .extracting(event -> event.getReading().getValue())
                    .containsExactly(1.0, 1.0, 2.0, 2.0);
            keyGroup.expectNoMessage();
            first.replyTo().tell(new Durable());
            KeyGroup.Admit second = admitted();
            assertThat(second.events())
                    .extracting(event -> event.getReading().getValue())
                    .containsExactly(3.0, 3.0);
            EventLog.Append letters = log.expectMessageClass(EventLog.Append.class);
            assertThat(letters.write().deadLetters())
                    .singleElement()
                    .satisfies(letter -> assertThat(letter.detail()).contains("event 4 of the batch"));
            assertThat(answer).isNotCompleted();
            letters.replyTo().tell(new Durable());
            KeyGroup.Admit third = admitted();
            assertThat(third.events()).hasSize(2);
            third.replyTo().tell(new Durable());

            assertThat(answer.get(Patience.LIMIT.toSeconds(), SECONDS)).isEqualTo("OK");
            assertThat(batches("ok")).isEqualTo(1);
        }
    }

    @Test
    void when_the_log_gets_full_between_two_parts_the_batch_is_failed_and_comes_again() throws Exception {
        body = LineDecoder.Kind.READINGS;
        bodyEvents = 3;
        try (FlumeSource source = start(Patience.LIMIT);
                FlumeClient agent = FlumeClient.connect(source.port().getAsInt())) {
            CompletableFuture<String> answer =
                    agent.startBatch(Map.of(), List.of(readings("d1", 1), readings("d2", 2)));
            KeyGroup.Admit first = admitted();
            full = Optional.of("log.max-bytes is reached");
            first.replyTo().tell(new Durable());

            assertThat(answer.get(Patience.LIMIT.toSeconds(), SECONDS)).isEqualTo("FAILED");
            keyGroup.expectNoMessage();
            assertThat(batches("failed")).isEqualTo(1);
        }
    }

    @Test
    void what_becomes_of_a_batch_counts_in_the_memory_that_all_agents_share() throws Exception {
        body = LineDecoder.Kind.READINGS;
        // 25,000 values are reckoned as 10 MB of the 16 MiB that there are; the bytes of the batch as 300 kB.
        String many = "[" + "{},".repeat(24_999) + "{}]";
        try (FlumeSource source = start(Patience.LIMIT);
                FlumeClient first = FlumeClient.connect(source.port().getAsInt());
                FlumeClient second = FlumeClient.connect(source.port().getAsInt());
                FlumeClient third = FlumeClient.connect(source.port().getAsInt())) {
            CompletableFuture<String> one = first.startBatch(Map.of(), List.of(many));
            EventLog.Append letters = log.expectMessageClass(EventLog.Append.class);
            CompletableFuture<String> other = second.startBatch(Map.of(), List.of(many));
            assertThat(other.get(Patience.LIMIT.toSeconds(), SECONDS)).isEqualTo("FAILED");
            CompletableFuture<String> small = third.startBatch(Map.of(), List.of(readings("d1", 1)));

            letters.replyTo().tell(new Durable());
            assertThat(one.get(Patience.LIMIT.toSeconds(), SECONDS)).isEqualTo("OK");
            admitted().replyTo().tell(new Durable());
            assertThat(small.get(Patience.LIMIT.toSeconds(), SECONDS)).isEqualTo("OK");
        }
    }

    private static String readings(String device, int value) {
        return "{\"device\":\"" + device + "\",\"a\":" + value + ",\"b\":" + value + "}";
    }

    private FlumeSource start(Duration maxWait) throws Exception {
        FlumeSettings settings = new FlumeSettings(
                true,
                "127.0.0.1",
                0,
                body,
                LinePrefix.NONE,
                FlumeSettings.Compression.NONE,
                Optional.empty(),
                8,
                1 << 20,
                16 << 20,
                Duration.ofHours(1),
                100,
                maxWait);
        ingest = new PushIngest(
                kit.system(),
                FlumeSettings.SOURCE,
                new Admission(kit.system(), List.of(keyGroup.ref()), log.ref()),
                new SeenThrough(Clock.systemUTC(), Duration.ZERO, 0),
                settings.maxConnections(),
                settings.maxBatch());
        BodyDecoder bodies = new BodyDecoder(
                Weblogs.reader(), new Limits(1 << 16, 100, 8, 64, new Pieces(bodyEvents, 100, 1 << 20)));
        FlumeSource source = new FlumeSource(settings, ingest, () -> full, bodies, metrics, Runnable::run);
        source.start();
        return source;
    }

    private KeyGroup.Admit admitted() {
        return keyGroup.expectMessageClass(KeyGroup.Admit.class);
    }

    private double batches(String answer) {
        return metrics.get("tidegate.flume.batches")
                .tag("answer", answer)
                .counter()
                .count();
    }

    private static String line(String path) {
        return "192.0.2.1 - - [17/May/2015:10:05:03 +0000] \"GET " + path + " HTTP/1.1\" 200 5";
    }
}
