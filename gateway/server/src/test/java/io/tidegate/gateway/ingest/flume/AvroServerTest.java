package io.tidegate.gateway.ingest.flume;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.tidegate.gateway.decode.LineDecoder;
import io.tidegate.gateway.decode.accesslog.LinePrefix;
import io.tidegate.harness.Certificate;
import io.tidegate.junit.Patience;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongPredicate;
import java.util.stream.IntStream;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server alone, with somebody behind it who takes what the test says. */
class AvroServerTest {

    private static final Map<String, String> WEB_1 = Map.of("host", "web-1");

    private final List<List<FlumeEvent>> taken = new CopyOnWriteArrayList<>();

    @Test
    void an_event_and_a_batch_are_ok_when_they_are_durable() throws Exception {
        CompletableFuture<Boolean> durable = new CompletableFuture<>();
        try (AvroServer server = start(settings(), batch -> durable);
                FlumeClient agent = FlumeClient.connect(server.port())) {
            CompletableFuture<String> answer = agent.startBatch(WEB_1, List.of("one"));
            await().until(() -> taken.size() == 1);
            assertThat(answer).isNotCompleted();
            durable.complete(true);

            assertThat(answer.join()).isEqualTo("OK");
            assertThat(agent.appendBatch(WEB_1, lines(3))).isEqualTo("OK");
            assertThat(agent.append("alone")).isEqualTo("OK");
            assertThat(agent.appendBatch(WEB_1, List.of())).isEqualTo("OK");
        }
        assertThat(taken)
                .containsExactly(
                        List.of(event("one")),
                        List.of(event("line 0"), event("line 1"), event("line 2")),
                        List.of(new FlumeEvent(Map.of(), ByteString.copyFromUtf8("alone"))));
    }

    @Test
    void what_is_refused_is_failed_and_the_agent_may_send_it_again() throws Exception {
        List<Boolean> answers = new CopyOnWriteArrayList<>(List.of(false, true));
        try (AvroServer server = start(settings(), batch -> done(answers.remove(0)));
                FlumeClient agent = FlumeClient.connect(server.port())) {
            assertThat(agent.appendBatch(WEB_1, lines(2))).isEqualTo("FAILED");
            assertThat(agent.appendBatch(WEB_1, lines(2))).isEqualTo("OK");
        }
    }

    @Test
    void the_next_batch_of_an_agent_waits_for_the_answer_to_the_one_before() throws Exception {
        List<CompletableFuture<Boolean>> answers =
                List.of(new CompletableFuture<>(), new CompletableFuture<>(), new CompletableFuture<>());
        try (AvroServer server = start(settings(), batch -> answers.get(taken.size() - 1));
                FlumeClient agent = FlumeClient.connect(server.port());
                FlumeClient other = FlumeClient.connect(server.port())) {
            CompletableFuture<String> first = agent.startBatch(WEB_1, List.of("first"));
            CompletableFuture<String> second = agent.startBatch(WEB_1, List.of("second"));
            await().until(() -> taken.size() == 1);
            CompletableFuture<String> another = other.startBatch(WEB_1, List.of("of another agent"));
            await().until(() -> taken.size() == 2);
            assertThat(taken).last().isEqualTo(List.of(event("of another agent")));

            answers.get(0).complete(true);
            assertThat(first.join()).isEqualTo("OK");
            await().until(() -> taken.size() == 3);
            assertThat(second).isNotCompleted();
            answers.get(1).complete(false);
            answers.get(2).complete(true);
            assertThat(List.of(another.join(), second.join())).containsExactly("FAILED", "OK");
        }
    }

    @Test
    void an_agent_may_compress() throws Exception {
        FlumeSettings deflate = settings(0, FlumeSettings.Compression.DEFLATE, Optional.empty(), 8, 1 << 20);
        try (AvroServer server = start(deflate, batch -> done(true));
                FlumeClient agent = FlumeClient.deflating(server.port());
                FlumeClient bomb = FlumeClient.deflating(server.port())) {
            assertThat(agent.appendBatch(WEB_1, lines(1_000))).isEqualTo("OK");
            assertThat(taken.get(0)).hasSize(1_000).contains(event("line 999"));

            CompletableFuture<String> answer = bomb.startBatch(WEB_1, List.of("0".repeat(2 << 20)));
            assertThatThrownBy(answer::join).hasCauseInstanceOf(IOException.class);
            assertThat(agent.appendBatch(WEB_1, lines(1))).isEqualTo("OK");
            assertThat(taken).hasSize(2);
        }
    }

    @Test
    void with_a_certificate_only_an_agent_that_trusts_it_gets_through(@TempDir Path folder) throws Exception {
        Certificate own = Certificate.selfSigned(folder, "own");
        Certificate wrong = Certificate.selfSigned(folder, "wrong");
        FlumeSettings tls = settings(0, FlumeSettings.Compression.NONE, Optional.of(own.pem()), 8, 1 << 20);
        try (AvroServer server = start(tls, batch -> done(true))) {
            assertThatThrownBy(() -> send(FlumeClient.trusting(wrong.pem(), server.port())))
                    .hasStackTraceContaining("Exception");
            assertThatThrownBy(() -> send(FlumeClient.connect(server.port()))).hasStackTraceContaining("Exception");
            assertThat(taken).isEmpty();

            assertThat(send(FlumeClient.trusting(own.pem(), server.port()))).isEqualTo("OK");
            assertThat(taken).hasSize(1);
        }
    }

    @Test
    void a_certificate_that_is_none_is_told(@TempDir Path folder) throws Exception {
        Path pem = Files.writeString(folder.resolve("empty.pem"), "nothing\n");
        FlumeSettings tls = settings(0, FlumeSettings.Compression.NONE, Optional.of(pem), 8, 1 << 20);

        assertThatThrownBy(() -> start(tls, batch -> done(true)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("tls.pem " + pem)
                .hasMessageContaining("PKCS#8");
    }

    @Test
    void who_is_no_agent_or_sends_too_much_is_hung_up_on_and_the_others_go_on() throws Exception {
        try (AvroServer server = start(settings(), batch -> done(true));
                FlumeClient agent = FlumeClient.connect(server.port())) {
            assertThat(agent.append("before")).isEqualTo("OK");
            byte[] manyBuffers =
                    ByteBuffer.allocate(8).putInt(1).putInt(Integer.MAX_VALUE).array();
            byte[] negative =
                    ByteBuffer.allocate(12).putInt(1).putInt(1).putInt(-1).array();
            byte[] large =
                    ByteBuffer.allocate(12).putInt(1).putInt(1).putInt(1 << 20).array();

            byte[] none = ByteBuffer.allocate(8).putInt(1).putInt(0).array();

            for (byte[] sent : List.of("GET / HTTP/1.1\r\n\r\n".getBytes(UTF_8), manyBuffers, negative, large, none)) {
                try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
                    socket.setSoTimeout((int) Patience.LIMIT.toMillis());
                    socket.getOutputStream().write(sent);
                    assertThat(socket.getInputStream().read()).isEqualTo(-1);
                }
            }
            assertThat(agent.append("behind")).isEqualTo("OK");
            await().until(() -> server.connections() == 1);
        }
    }

    @Test
    void a_length_that_is_not_there_takes_no_memory_and_the_others_go_on() throws Exception {
        try (AvroServer server = start(settings(), batch -> done(true));
                FlumeClient agent = FlumeClient.connect(server.port())) {
            byte[] ours = AvroResponder.PROTOCOL.getMD5();
            ByteArrayOutputStream handshake = new ByteArrayOutputStream();
            BinaryEncoder words = EncoderFactory.get().directBinaryEncoder(handshake, null);
            words.writeFixed(new byte[16]);
            words.writeIndex(1);
            words.writeLong(2_000_000_000);
            ByteArrayOutputStream events = call(ours);
            EncoderFactory.get().directBinaryEncoder(events, null).writeLong(1_000_000_000);
            ByteArrayOutputStream body = call(ours);
            words = EncoderFactory.get().directBinaryEncoder(body, null);
            words.writeLong(1);
            words.writeLong(0);
            words.writeLong(2_000_000_000);

            for (ByteArrayOutputStream sent : List.of(handshake, events, body)) {
                try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
                    socket.setSoTimeout((int) Patience.LIMIT.toMillis());
                    DataOutputStream out = new DataOutputStream(socket.getOutputStream());
                    out.writeInt(1);
                    out.writeInt(1);
                    out.writeInt(sent.size());
                    out.write(sent.toByteArray());
                    socket.shutdownOutput();
                    assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
                            .as("hung up on, or told why")
                            .satisfiesAnyOf(
                                    answer -> assertThat(answer).isEmpty(),
                                    answer -> assertThat(answer).contains("maximum allowed"));
                }
            }
            assertThat(agent.append("behind")).isEqualTo("OK");
        }
    }

    /** An agent's request up to its parameters: handshake, no metadata, the message. */
    private static ByteArrayOutputStream call(byte[] protocol) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BinaryEncoder words = EncoderFactory.get().directBinaryEncoder(bytes, null);
        words.writeFixed(protocol);
        words.writeIndex(0);
        words.writeFixed(protocol);
        words.writeIndex(0);
        words.writeLong(0);
        words.writeString("appendBatch");
        return bytes;
    }

    @Test
    void there_are_so_many_connections_and_no_more() throws Exception {
        FlumeSettings two = settings(0, FlumeSettings.Compression.NONE, Optional.empty(), 2, 1 << 20);
        try (AvroServer server = start(two, batch -> done(true));
                FlumeClient first = FlumeClient.connect(server.port())) {
            assertThat(first.append("a")).isEqualTo("OK");
            try (FlumeClient second = FlumeClient.connect(server.port())) {
                assertThat(second.append("b")).isEqualTo("OK");
                assertThatThrownBy(() -> send(FlumeClient.connect(server.port())))
                        .hasStackTraceContaining("Exception");
            }
            await().until(() -> server.connections() == 1);
            assertThat(send(FlumeClient.connect(server.port()))).isEqualTo("OK");
        }
    }

    @Test
    void what_became_durable_is_still_answered_while_it_stops() throws Exception {
        CompletableFuture<Boolean> durable = new CompletableFuture<>();
        AvroServer server = start(settings(), batch -> durable);
        try (FlumeClient agent = FlumeClient.connect(server.port())) {
            CompletableFuture<String> answer = agent.startBatch(WEB_1, List.of("the last one"));
            await().until(() -> taken.size() == 1);
            CompletableFuture<Void> closed = CompletableFuture.runAsync(server::close);
            await().until(() -> !accepts(server.port()));
            durable.complete(true);

            assertThat(answer.get(Patience.LIMIT.toSeconds(), SECONDS)).isEqualTo("OK");
            closed.get(Patience.LIMIT.toSeconds(), SECONDS);
            assertThat(server.connections()).isZero();
        }
    }

    @Test
    void an_address_that_is_taken_is_told() throws Exception {
        try (AvroServer server = start(settings(), batch -> done(true))) {
            FlumeSettings taken = settings(server.port(), FlumeSettings.Compression.NONE, Optional.empty(), 8, 1 << 20);

            assertThatThrownBy(() -> start(taken, batch -> done(true)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("in use");
        }
    }

    @Test
    void an_agent_that_sends_nothing_is_hung_up_on() throws Exception {
        FlumeSettings impatient = new FlumeSettings(
                true,
                "127.0.0.1",
                0,
                LineDecoder.Kind.WEBLOG,
                LinePrefix.NONE,
                FlumeSettings.Compression.NONE,
                Optional.empty(),
                8,
                1 << 20,
                16 << 20,
                Duration.ofMillis(200),
                100,
                Patience.LIMIT);
        CompletableFuture<Boolean> durable = new CompletableFuture<>();
        try (AvroServer server = start(impatient, batch -> durable);
                Socket silent = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            silent.setSoTimeout((int) Patience.LIMIT.toMillis());
            assertThat(silent.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void requests_that_are_not_answered_are_bounded_for_a_connection_and_in_bytes_for_all() throws Exception {
        CompletableFuture<Boolean> durable = new CompletableFuture<>();
        FlumeSettings twoMegabytes = new FlumeSettings(
                true,
                "127.0.0.1",
                0,
                LineDecoder.Kind.WEBLOG,
                LinePrefix.NONE,
                FlumeSettings.Compression.NONE,
                Optional.empty(),
                8,
                1 << 20,
                2 << 20,
                Duration.ofHours(1),
                100,
                Patience.LIMIT);
        String large = "x".repeat(300_000);
        try (AvroServer server = start(twoMegabytes, batch -> durable);
                FlumeClient first = FlumeClient.connect(server.port());
                FlumeClient second = FlumeClient.connect(server.port())) {
            CompletableFuture<String> answer = first.startBatch(WEB_1, List.of(large));
            await().until(() -> taken.size() == 1);
            // Four times 300,000 bytes are more than half of it.
            assertThatThrownBy(() -> second.startBatch(WEB_1, List.of(large)).join())
                    .hasCauseInstanceOf(IOException.class);

            durable.complete(true);
            assertThat(answer.join()).isEqualTo("OK");
            try (FlumeClient third = FlumeClient.connect(server.port())) {
                assertThat(third.appendBatch(WEB_1, List.of(large))).isEqualTo("OK");
            }
            ByteBuffer many = ByteBuffer.allocate(10 * 12);
            for (int i = 0; i < 10; i++) {
                many.putInt(i).putInt(1).putInt(0);
            }
            assertHungUpOn(server, many.array());
        }
    }

    private static void assertHungUpOn(AvroServer server, byte[] sent) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout((int) Patience.LIMIT.toMillis());
            socket.getOutputStream().write(sent);
            socket.shutdownOutput();
            assertThat(socket.getInputStream().readAllBytes()).isEmpty();
        }
    }

    private interface Answers {
        CompletableFuture<Boolean> to(List<FlumeEvent> batch);
    }

    private AvroServer start(FlumeSettings settings, Answers answers) throws IOException {
        return AvroServer.start(settings, (InetSocketAddress peer, List<FlumeEvent> batch, LongPredicate room) -> {
            assertThat(peer.getAddress().isLoopbackAddress()).isTrue();
            synchronized (taken) {
                taken.add(batch);
                return answers.to(batch);
            }
        });
    }

    private static CompletableFuture<Boolean> done(boolean durable) {
        return CompletableFuture.completedFuture(durable);
    }

    private static FlumeSettings settings() {
        return settings(0, FlumeSettings.Compression.NONE, Optional.empty(), 8, 1 << 20);
    }

    private static FlumeSettings settings(
            int port, FlumeSettings.Compression compression, Optional<Path> pem, int connections, int bytes) {
        return new FlumeSettings(
                true,
                "127.0.0.1",
                port,
                LineDecoder.Kind.WEBLOG,
                LinePrefix.NONE,
                compression,
                pem,
                connections,
                bytes,
                16 << 20,
                Duration.ofHours(1),
                100,
                Patience.LIMIT);
    }

    private static String send(FlumeClient agent) throws Exception {
        try (agent) {
            return agent.startBatch(WEB_1, List.of("x")).get(Patience.LIMIT.toSeconds(), SECONDS);
        }
    }

    private static boolean accepts(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private static List<String> lines(int count) {
        return IntStream.range(0, count).mapToObj(i -> "line " + i).toList();
    }

    private static FlumeEvent event(String body) {
        return new FlumeEvent(WEB_1, ByteString.copyFromUtf8(body));
    }
}
